/** A file's text as the JSON values in it: one, or one per line. */
import { isObject } from "../core/is-object.ts";

/** What a file holds. */
export interface Content {
  /** The file, for the names of its sessions. */
  readonly name: string;
  /** The values of its lines, or the one value of the file. */
  readonly values: readonly unknown[];
  /** Whether each value is a line of its own. */
  readonly isLines: boolean;
  /** Lines, counted from 1, that are no JSON: a line is something else, such as a log's. */
  readonly badLines: readonly number[];
  /** The last line, if it was being written: it begins as JSON does. */
  readonly cutLine?: number | undefined;
  /** Which line each value was, where each is one. */
  readonly lines?: readonly number[] | undefined;
}

/** Parses a file: undefined if there is no JSON in it. */
export function parseContent(name: string, text: string): Content | undefined {
  const whole = text.replace(/^\uFEFF/, "").trim();
  const value = parse(whole);
  if (value !== undefined) return { name, values: [value.json], isLines: false, badLines: [] };
  const values: unknown[] = [];
  const badLines: number[] = [];
  const lines: number[] = [];
  let last = "";
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    last = line;
    const parsed = parse(line.replace(/^\uFEFF/, ""));
    if (parsed === undefined) badLines.push(i + 1);
    else {
      values.push(parsed.json);
      lines.push(i + 1);
    }
  }
  const isCut = (badLines.at(-1) ?? 0) > (lines.at(-1) ?? 0) && /^\s*[[{]/.test(last);
  const cutLine = isCut ? badLines.pop() : undefined;
  // A text that happens to have a number in a line is no JSONL.
  const isJson = values.some((one) => typeof one === "object" && one !== null);
  return isJson && badLines.length <= values.length
    ? { name, values, isLines: true, badLines, cutLine, lines }
    : undefined;
}

function parse(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Lines without those that are of another kind than most of them, such as a header: undefined where there are none such. */
export function withoutStrangers(
  content: Content,
): { readonly content: Content; readonly left: readonly number[] } | undefined {
  const { values, lines, isLines } = content;
  if (!isLines || lines === undefined) return undefined;
  const isOne = values.map(isEntry);
  const left = lines.filter((_, i) => isOne[i] === false);
  if (left.length === 0 || left.length * 2 > values.length) return undefined;
  const kept = <T>(list: readonly T[]) => list.filter((_, i) => isOne[i] === true);
  return { content: { ...content, values: kept(values), lines: kept(lines) }, left };
}

/** Whether a value may be a message, an item, a request or a record. */
function isEntry(value: unknown): boolean {
  if (!isObject(value)) return false;
  return (
    ["role", "messages", "contents", "input", "request", "body", "message", "payload", "attributes"].some(
      (key) => value[key] !== undefined,
    ) || /^(message|reasoning|[a-z_]+_call(_output)?)$/.test(String(value["type"]))
  );
}
