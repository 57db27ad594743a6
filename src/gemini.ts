/** `tutti/gemini`: Gemini's generateContent, for the loop of `tutti/agent` or for one of one's own. */
export { geminiModel, type GeminiClient, type GeminiModelOptions } from "./model/gemini-model.ts";
export {
  answerCalls,
  geminiTools,
  repair,
  runTurn,
  type GeminiRepairOptions,
  type GeminiTurnOptions,
} from "./model/gemini-turn.ts";
export type { Answers, AnsweredTurn, RunTurnOptions } from "./model/answered-turn.ts";
export { gemini, geminiWire } from "./wire/gemini/wire.ts";
export type { RepairOptions } from "./wire/repair.ts";
