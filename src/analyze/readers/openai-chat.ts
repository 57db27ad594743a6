/** Histories of Chat Completions. */
import { isObject } from "../../core/is-object.ts";
import { openaiChat } from "../../wire/openai-chat/wire.ts";
import type { SessionReader } from "../reader.ts";
import { looksLike, wireReader } from "./wire-reader.ts";

const ROLES = new Set<unknown>(["system", "developer", "user", "assistant", "tool", "function"]);

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
  normalise: withToolCalls,
});

/** Older clients write one call as `function_call`, without an id, and its result under the role `function`. */
function withToolCalls(message: unknown): unknown {
  if (!isObject(message)) return message;
  const { role, name, content, function_call: call } = message;
  if (role === "function") return { role: "tool", tool_call_id: `function_${String(name)}`, content };
  if (!isObject(call) || message["tool_calls"] !== undefined) return message;
  const { function_call: _, ...rest } = message;
  const id = `function_${String(call["name"])}`;
  return { ...rest, tool_calls: [{ id, type: "function", function: call }] };
}
