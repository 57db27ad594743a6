/** A file's text as the JSON values in it: one, or one per line. */

/** What a file holds. */
export interface Content {
  /** The file, for the names of its sessions. */
  readonly name: string;
  /** The values of its lines, or the one value of the file. */
  readonly values: readonly unknown[];
  /** Whether each value is a line of its own. */
  readonly isLines: boolean;
  /** Lines, counted from 1, that are no JSON: the last one was being written, or a line is something else. */
  readonly badLines: readonly number[];
}

/** Parses a file: undefined if there is no JSON in it. */
export function parseContent(name: string, text: string): Content | undefined {
  const whole = text.replace(/^\uFEFF/, "").trim();
  const value = parse(whole);
  if (value !== undefined) return { name, values: [value.json], isLines: false, badLines: [] };
  const values: unknown[] = [];
  const badLines: number[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parse(line.replace(/^\uFEFF/, ""));
    if (parsed === undefined) badLines.push(i + 1);
    else values.push(parsed.json);
  }
  // A text that happens to have a number in a line is no JSONL.
  const isJson = values.some((one) => typeof one === "object" && one !== null);
  return isJson && badLines.length <= values.length ? { name, values, isLines: true, badLines } : undefined;
}

function parse(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
