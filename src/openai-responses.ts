/** `tutti/openai-responses`: the Responses API, for the loop of `tutti/agent` or for one of one's own. */
export {
  openaiResponsesModel,
  type OpenAIResponsesClient,
  type OpenAIResponsesModelOptions,
} from "./model/openai-responses-model.ts";
export { answerCalls, openaiResponsesTools, repair, runTurn } from "./model/openai-responses-turn.ts";
export type { Answers, AnsweredTurn, RunTurnOptions } from "./model/answered-turn.ts";
export { openaiResponses } from "./wire/openai-responses/wire.ts";
export type { RepairOptions } from "./wire/repair.ts";
