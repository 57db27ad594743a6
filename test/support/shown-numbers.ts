/** Numbers read back from what people are shown. */
import assert from "node:assert/strict";

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000 };

/** A time that is shown, and by how much it may be off for being shown in so few digits. */
export interface ShownTime {
  readonly ms: number;
  readonly withinMs: number;
}

/** Reads a time: `0.42 ms`, `600 ms`, `1.40 s`, `2:05 min`, `1:02:05 h`. */
export function shownTime(text: string): ShownTime {
  const [, digits = "", decimals, unit = ""] = /^(\d+(?:\.(\d+))?) (ms|s)$/.exec(text.trim()) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs !== undefined)
    return { ms: Number(digits) * unitMs, withinMs: (unitMs / 10 ** (decimals?.length ?? 0)) * 0.501 };
  const [, clock = ""] = /^([\d:]+) (?:min|h)$/.exec(text.trim()) ?? [];
  assert.notEqual(clock, "", `no time: ${text}`);
  return { ms: clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1_000, withinMs: 501 };
}

/** Asserts that a time that is shown is this one; nothing is shown of none. */
export function assertShown(text: string | undefined, ms: number, what: string): void {
  const shown = shownTime(text ?? "0 ms");
  assert.ok(Math.abs(shown.ms - ms) <= shown.withinMs, `${what}: ${text ?? "nothing"} is shown for ${ms} ms`);
}

/** The lines of a section of `tutti trace summary`, by how they begin: `{ wall: "1.40 s", … }`. */
export function shownSection(lines: readonly string[], title: string): Readonly<Record<string, string>> {
  const start = lines.indexOf(`  ${title}`);
  const found: Record<string, string> = {};
  if (start < 0) return found;
  for (const line of lines.slice(start + 1)) {
    const [, name, value] = /^ {4}(\S.*?) {2,}(\S.*?)(?: {2,}.*)?$/.exec(line) ?? [];
    if (name === undefined || value === undefined) break;
    found[name] = value;
  }
  return found;
}
