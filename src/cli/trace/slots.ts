/** The limits in use: for each a line that says, from moment to moment, how much of it was taken. Pure. */
import { slotUse, type SlotUse } from "../../trace/slot-use.ts";
import type { Trace } from "../../trace/trace.ts";
import type { Colours } from "../colours.ts";
import { formatCount } from "../../trace/format.ts";
import { clip, oneLine, padEnd } from "../format.ts";
import { INDENT, type Layout } from "../waterfall/layout.ts";

/** From none to all of a limit. */
const LEVELS = " ▁▂▃▄▅▆▇█";

/** A trace may have a pool for each host it talks to. */
const MAX_LINES = 6;

/** A line per limit that was used; of very many, those that were used most. */
export function renderSlots(trace: Trace, layout: Layout, colours: Colours): string[] {
  const used = slotUse(trace).filter(({ most }) => most > 0);
  const shown = new Set(used.toSorted((a, b) => rankOf(b) - rankOf(a)).slice(0, MAX_LINES));
  return used.filter((use) => shown.has(use)).map((use) => renderUse(use, layout, colours));
}

/** The executor is always among them; how near a limit came that is not known, nobody can say. */
function rankOf({ pool, most, limit }: SlotUse): number {
  if (pool === "executor") return Infinity;
  return limit === undefined ? 0 : most / limit;
}

function renderUse(use: SlotUse, layout: Layout, colours: Colours): string {
  const { pool, limit, most } = use;
  const bar = mostByColumn(use, layout)
    .map((inUse) => LEVELS[Math.min(8, Math.ceil((inUse / (limit ?? most)) * 8))])
    .join("")
    .trimEnd();
  const name = padEnd(
    clip(pool === "executor" ? "slots in use" : oneLine(pool), layout.labelWidth),
    layout.labelWidth,
  );
  const note =
    limit === undefined ? `at most ${formatCount(most)}` : `${formatCount(most)} of ${formatCount(limit)}`;
  return `${INDENT}${name} ${colours.magenta(bar)} ${colours.dim(clip(note, layout.room - bar.length - 1))}`;
}

/** The most slots that were taken at once in the time of each column. */
function mostByColumn({ steps }: SlotUse, { barWidth, column }: Layout): number[] {
  const columns = Array.from({ length: barWidth }, () => 0);
  for (const [i, { atMs, inUse }] of steps.entries()) {
    const from = column(atMs);
    // A use that is shorter than a column is one column wide.
    const to = Math.max(from + 1, column(steps[i + 1]?.atMs ?? atMs));
    for (let at = from; at < to && at < barWidth; at++) columns[at] = Math.max(columns[at] ?? 0, inUse);
  }
  return columns;
}
