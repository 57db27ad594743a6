/** Histories of the Responses API. */
import { openaiResponses } from "../../wire/openai-responses/wire.ts";
import type { SessionReader } from "../reader.ts";
import { textIn } from "./json-fields.ts";
import { looksLike, wireReader } from "./wire-reader.ts";

const OWN = /^(function_call|custom_tool_call|reasoning|item_reference|[a-z_]+_call)(_output)?$/;

/** Reads lists of items and requests of the Responses API. */
export const openaiResponsesReader: SessionReader = wireReader(openaiResponses, {
  describes: "OpenAI Responses items",
  key: "input",
  isHistory: (list) =>
    looksLike(list, ({ type, role, tool_calls: calls }) => {
      if (typeof type === "string" && OWN.test(type)) return "own";
      if (typeof role !== "string" || role === "tool" || role === "model" || calls !== undefined)
        return "foreign";
      return type === "message" ? "own" : type === undefined ? "possible" : "foreign";
    }),
  systemOf: ({ instructions }) => textIn(instructions),
  isResponse: ({ output }) => Array.isArray(output),
});
