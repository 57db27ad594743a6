/** `tutti/anthropic`: Anthropic's Messages API, for the loop of `tutti/agent` or for one of one's own. */
export { anthropicModel, type AnthropicClient, type AnthropicModelOptions } from "./model/anthropic-model.ts";
export { answerCalls, anthropicTools, repair, runTurn } from "./model/anthropic-turn.ts";
export type { Answers, AnsweredTurn, RunTurnOptions } from "./model/answered-turn.ts";
export { anthropicMessages } from "./wire/anthropic-messages/wire.ts";
export type { RepairOptions } from "./wire/repair.ts";
