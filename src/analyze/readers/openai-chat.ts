/** Histories of Chat Completions. */
import { openaiChat } from "../../wire/openai-chat/wire.ts";
import type { SessionReader } from "../reader.ts";
import { looksLike, wireReader } from "./wire-reader.ts";

const ROLES = new Set<unknown>(["system", "developer", "user", "assistant", "tool"]);

/** Reads message lists and requests of Chat Completions. A dialogue without a call, which is any provider's, is taken for one. */
export const openaiChatReader: SessionReader = wireReader(openaiChat, {
  describes: "OpenAI Chat Completions messages",
  key: "messages",
  isHistory: (list) =>
    looksLike(list, ({ role, parts, type }) => {
      if (!ROLES.has(role) || parts !== undefined || type !== undefined) return "foreign";
      return "own";
    }),
  systemOf: () => "",
  isResponse: ({ choices }) => Array.isArray(choices),
});
