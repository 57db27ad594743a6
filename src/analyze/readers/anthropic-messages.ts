/** Histories of Anthropic's Messages API. */
import { isObject } from "../../core/is-object.ts";
import { anthropicMessages } from "../../wire/anthropic-messages/wire.ts";
import type { SessionReader } from "../reader.ts";
import { stringOf, textIn } from "./json-fields.ts";
import { looksLike, wireReader } from "./wire-reader.ts";

/** Blocks that no other protocol's content has. */
const OWN = new Set(["tool_use", "tool_result", "thinking", "redacted_thinking", "server_tool_use"]);
/** Parts of Chat Completions, and items of the Responses API. */
const FOREIGN = new Set(["image_url", "input_text", "output_text", "input_image", "refusal", "input_audio"]);

/** Reads message lists and requests of the Messages API. */
export const anthropicMessagesReader: SessionReader = wireReader(anthropicMessages, {
  describes: "Anthropic messages",
  key: "messages",
  isHistory: (list) =>
    looksLike(list, ({ role, content, tool_calls: calls, type }) => {
      if (role !== "user" && role !== "assistant") return "foreign";
      if (calls !== undefined || (type !== undefined && type !== "message")) return "foreign";
      if (typeof content === "string") return "possible";
      if (!Array.isArray(content)) return "foreign";
      const types = content.map((block: unknown) => (isObject(block) ? stringOf(block["type"]) : ""));
      if (types.some((one) => FOREIGN.has(one))) return "foreign";
      return types.some((one) => OWN.has(one)) ? "own" : "possible";
    }),
  systemOf: ({ system }) => textIn(system),
  isResponse: ({ role, content }) => role === "assistant" && Array.isArray(content),
});
