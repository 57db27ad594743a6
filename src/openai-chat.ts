/** `tutti/openai-chat`: the Chat Completions API, for the loop of `tutti/agent` or for one of one's own. */
export {
  openaiChatModel,
  type OpenAIChatClient,
  type OpenAIChatModelOptions,
} from "./model/openai-chat-model.ts";
export {
  answerCalls,
  openaiChatTools,
  repair,
  runTurn,
  type OpenAIChatRepairOptions,
  type OpenAIChatTurnOptions,
} from "./model/openai-chat-turn.ts";
export type { Answers, AnsweredTurn, RunTurnOptions } from "./model/answered-turn.ts";
export { chatServer, type ChatServer, type ChatServerName } from "./wire/openai-chat/servers.ts";
export { openaiChat, openaiChatWire } from "./wire/openai-chat/wire.ts";
export type { RepairOptions } from "./wire/repair.ts";
