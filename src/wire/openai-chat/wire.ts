/** OpenAI's Chat Completions API, `POST /v1/chat/completions`, and the servers that imitate it. */
import type { EncodedResult } from "../../core/result.ts";
import type { Tool } from "../../core/tool.ts";
import { mustAnswerAll } from "../must-answer-all.ts";
import type { PlainMessage } from "../plain-history.ts";
import { repairHistory, type RepairOptions } from "../repair.ts";
import type { ReadOptions, Turn, Wire } from "../wire.ts";
import { ChatAssembler } from "./assembler.ts";
import { chatHistory } from "./history.ts";
import type { ChatChunk, ChatMessage, ChatResponse, ChatTool, ChatUserMessage } from "./protocol.ts";
import { fromPlain, toPlain } from "./plain.ts";
import { resultMessages } from "./results.ts";
import { UNKNOWN_SERVER, type ChatServer } from "./servers.ts";

/** The wire of a server: what is read is the same for all, what goes back is what the server takes. */
export function openaiChatWire(server: ChatServer): Wire<ChatMessage, ChatResponse, ChatChunk, ChatTool> {
  const shape = chatHistory(server.ids);
  return Object.freeze({
    name: "openai-chat",
    dialect: server.name,
    tools: (tools: readonly Tool[]) => tools.map(definition),
    user: (text: string): ChatUserMessage => ({ role: "user", content: text }),
    read: (response: ChatResponse, options: ReadOptions<ChatMessage> = {}) => {
      const assembler = new ChatAssembler(server, options.history);
      assembler.pushWhole(response);
      return assembler.finish();
    },
    assemble: (options: ReadOptions<ChatMessage> = {}) => new ChatAssembler(server, options.history),
    results,
    repair: (messages: readonly ChatMessage[], options?: RepairOptions) =>
      repairHistory(shape, messages, options),
    toPlain,
    fromPlain: (history: readonly PlainMessage[]) => fromPlain(history, server.ids),
  });
}

/** The wire of OpenAI's own API, and of any server of which nothing else is known. */
export const openaiChat: Wire<ChatMessage, ChatResponse, ChatChunk, ChatTool> =
  openaiChatWire(UNKNOWN_SERVER);

/** A tool whose input is a string is described as one that takes free text. */
function definition({ name, description, inputSchema }: Tool): ChatTool {
  return inputSchema["type"] === "string"
    ? { type: "custom", custom: { name, description } }
    : { type: "function", function: { name, description, parameters: { ...inputSchema, type: "object" } } };
}

function results(turn: Turn<ChatMessage>, encoded: readonly EncodedResult[]): ChatMessage[] {
  const calls = turn.messages.flatMap((message) =>
    message.role === "assistant" ? (message.tool_calls ?? []) : [],
  );
  mustAnswerAll(calls, encoded);
  return resultMessages(calls, encoded);
}
