/** Histories of Gemini's generateContent. */
import { isObject } from "../../core/is-object.ts";
import { gemini } from "../../wire/gemini/wire.ts";
import type { SessionReader } from "../reader.ts";
import { textIn } from "./json-fields.ts";
import { looksLike, wireReader } from "./wire-reader.ts";

/** Reads lists of contents and requests of generateContent. */
export const geminiReader: SessionReader = wireReader(gemini, {
  describes: "Gemini contents",
  key: "contents",
  isHistory: (list) =>
    looksLike(list, ({ parts, content }) =>
      Array.isArray(parts) && parts.every(isObject) && content === undefined ? "own" : "foreign",
    ),
  systemOf: ({ systemInstruction, system_instruction: snake, config }) =>
    textIn(systemInstruction ?? snake ?? (isObject(config) ? config["systemInstruction"] : undefined)),
  isResponse: ({ candidates }) => Array.isArray(candidates),
  normalise: (content) => {
    if (!isObject(content) || !Array.isArray(content["parts"])) return content;
    return {
      ...content,
      role: content["role"] === "model" ? "model" : "user",
      parts: content["parts"].map(camelKeys),
    };
  },
});

/** Clients in Python write `function_call`; all names of a part are known in both spellings. */
function camelKeys(part: unknown): unknown {
  if (!isObject(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
