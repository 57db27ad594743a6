/** Which calls of a long trace are shown: those on the critical path, those that failed, and the longest. Pure. */
import type { TracedCall } from "../../trace/trace.ts";
import type { Row } from "../waterfall/rows.ts";

/** The rows that are shown, in their order, and how many calls are not. */
export interface RowChoice {
  readonly rows: readonly Row[];
  readonly left: number;
}

/** Chooses `limit` calls, with the calls around them, which come on top of it; turns are shown all. */
export function chooseRows(rows: readonly Row[], limit: number, onPath: ReadonlySet<string>): RowChoice {
  const calls = rows.flatMap((row) => (row.kind === "call" ? [row.call] : []));
  if (calls.length <= limit) return { rows, left: 0 };
  const byKey = new Map(calls.map((call) => [call.key, call]));
  const ranked = calls.toSorted((a, b) => rankOf(b, onPath) - rankOf(a, onPath) || lengthOf(b) - lengthOf(a));
  const chosen = new Set<string>();
  for (const call of ranked.slice(0, limit))
    for (let at: TracedCall | undefined = call; at !== undefined; at = byKey.get(at.parent ?? ""))
      chosen.add(at.key);
  return {
    rows: rows.filter((row) => row.kind === "turn" || chosen.has(row.call.key)),
    left: calls.length - chosen.size,
  };
}

function rankOf({ key, status }: TracedCall, onPath: ReadonlySet<string>): number {
  if (onPath.has(key)) return 2;
  // Where one has failed, very many may be skipped.
  return status === "failed" || status === "timed-out" ? 1 : 0;
}

function lengthOf({ queuedMs, settledMs = Infinity }: TracedCall): number {
  return settledMs - queuedMs;
}
