/** Histories of Gemini's generateContent. */
import { isObject } from "../../core/is-object.ts";
import { gemini } from "../../wire/gemini/wire.ts";
import type { SessionReader } from "../reader.ts";
import { textIn } from "./message-list.ts";
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
});
