/** The arguments of a call where a protocol carries them as text: what servers make of JSON, and what they take back. */
import { isObject } from "../core/is-object.ts";
import type { CallRequest } from "../core/call-request.ts";

/**
 * The input of a call out of its arguments' text. No text, and the text `null`, are an input without fields: servers send
 * both for tools that take none. JSON inside a JSON string is unwrapped once, if there is an object in it.
 */
export function readArguments(text: string): Pick<CallRequest, "input" | "inputText"> {
  const inner = unwrapped(text);
  return inner === "" ? { input: {} } : { inputText: inner };
}

/**
 * The arguments as they go back: always JSON, since templates of servers parse them. Text that is none goes inside an object,
 * under the key that Anthropic's guide to fine-grained tool streaming uses, so that the model reads what it wrote.
 */
export function replayArguments(text: string): string {
  const inner = unwrapped(text);
  if (inner === "") return "{}";
  return parse(inner) === undefined ? JSON.stringify({ INVALID_JSON: inner.toWellFormed() }) : inner;
}

/** Whether arguments were cut off, or never were JSON, when they went back: such a call has not run. */
export function wereInvalid(text: string): boolean {
  return text.startsWith('{"INVALID_JSON":');
}

/** Whether text is a JSON object to its end. */
export function isObjectText(text: string): boolean {
  // Most that are not whole yet are told without parsing.
  return text.trimEnd().endsWith("}") && isObject(parse(text));
}

/** Whether JSON breaks off: inside a string, or with something left open. Other mistakes are not taken for that. */
export function isUnterminated(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
  }
  return inString || depth > 0;
}

function unwrapped(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === "null") return "";
  if (!trimmed.startsWith('"')) return text;
  const inner = parse(trimmed);
  if (typeof inner !== "string") return text;
  return isObjectText(inner) ? inner : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
