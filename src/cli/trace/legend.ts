/** What the characters of a waterfall mean: of those that are in it. Pure. */
import type { Colours } from "../colours.ts";
import { widthOf, wrap } from "../format.ts";
import { sampleOf } from "../waterfall/bar.ts";
import { INDENT } from "../waterfall/layout.ts";
import { PATH_SIGN } from "../waterfall/render.ts";
import type { Row } from "../waterfall/rows.ts";
import { segmentsOf, type SegmentKind } from "../waterfall/segments.ts";

/** What a call waits for, where the reason may not fit into the bar. */
const LIMITED: readonly (readonly [SegmentKind, string])[] = [
  ["lock", "a lock"],
  ["call", "a call before it (in line)"],
  ["slot", "a slot"],
  ["rate", "a rate"],
  ["approval", "approval"],
  ["retry", "its next attempt"],
];

/** Of a sign, and the space behind it. */
const SIGN_WIDTH = 3;

/** The legend in lines of a terminal. */
export function legendOf(rows: readonly Row[], width: number, colours: Colours): string[] {
  const kinds = new Set(rows.flatMap(segmentsOf).map(({ kind }) => kind));
  const statuses = new Set(rows.flatMap((row) => (row.kind === "call" ? [row.call.status] : [])));
  const waits = LIMITED.filter(([kind]) => kinds.has(kind)).map(([, what]) => what);
  const hasShortWaits = (["close", "validation", "unknown"] as const).some((kind) => kinds.has(kind));
  const hasFailed =
    kinds.has("failed") || [...statuses].some((status) => status !== "ok" && status !== "going");
  const entries: (readonly [is: boolean, sign: string, meaning: string])[] = [
    [kinds.has("model"), sampleOf("model", "ok", colours), "the model writes"],
    [statuses.has("ok"), sampleOf("running", "ok", colours), "runs"],
    [statuses.has("going"), sampleOf("running", "going", colours), "still runs"],
    [hasFailed, sampleOf("failed", "ok", colours), "runs in vain"],
    [kinds.has("twice"), sampleOf("twice", "ok", colours), "runs twice at once"],
    [kinds.has("holds"), sampleOf("holds", "ok", colours), "holds calls"],
    [hasShortWaits, sampleOf("close", "ok", colours), kinds.has("close") ? "waits for the model" : "waits"],
    [waits.length > 0, sampleOf("lock", "ok", colours), `waits for ${waits.join(", ")}`],
    [true, colours.yellow(PATH_SIGN), "on the critical path"],
  ];
  const lines: { text: string; length: number }[] = [];
  for (const [is, sign, meaning] of entries) {
    if (!is) continue;
    const [first = "", ...rest] = wrap(meaning, width - 2 * INDENT.length - SIGN_WIDTH);
    const text = `${sign} ${colours.dim(first)}`;
    const length = widthOf(text);
    const last = lines.at(-1);
    if (last === undefined || last.length + 2 + length > width - 2 * INDENT.length)
      lines.push({ text, length });
    else Object.assign(last, { text: `${last.text}  ${text}`, length: last.length + 2 + length });
    for (const line of rest)
      lines.push({
        text: " ".repeat(SIGN_WIDTH) + colours.dim(line),
        length: SIGN_WIDTH + line.length,
      });
  }
  return lines.map(({ text }) => text);
}
