/** The critical path as rows: which row a step is of, where that is, and for how long each row is part of the path. */
import type { ReadonlySignal } from "@preact/signals";
import type { PathStep } from "../../../src/trace/critical-path.ts";
import type { TracedCall } from "../../../src/trace/trace.ts";
import type { Row } from "../rows/row.ts";

/** What of a trace is shown as rows. */
export interface OpenedRows {
  readonly calls: ReadonlySignal<ReadonlyMap<string, TracedCall>>;
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly places: ReadonlySignal<ReadonlyMap<string, number>>;
}

/** The row that a step belongs to; undefined for time outside of what the trace knows. */
export function rowOfStep(step: PathStep): string | undefined {
  if (step.kind === "outside") return undefined;
  return step.kind === "model" ? `turn:${step.turn}` : `call:${step.call}`;
}

/** For how long each row is part of the path, waits included. */
export function pathShares(path: readonly PathStep[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const step of path) {
    const row = rowOfStep(step);
    if (row !== undefined) shares.set(row, (shares.get(row) ?? 0) + step.toMs - step.fromMs);
  }
  return shares;
}

/**
 * The place of the row that a step is drawn along: that of its turn or call, or of what this one is folded into. Undefined where it
 * is filtered out, and for time outside of what the trace knows.
 */
export function placeOfStep(step: PathStep, { calls, rows, places }: OpenedRows): number | undefined {
  const id = rowOfStep(step);
  if (id === undefined) return undefined;
  const own = places.value.get(id);
  if (own !== undefined || step.kind === "outside" || step.kind === "model") return own;
  let call = calls.value.get(step.call);
  while (call !== undefined) {
    const around = call.parent === undefined ? `turn:${call.turn ?? ""}` : `call:${call.parent}`;
    const place = places.value.get(around);
    if (place !== undefined) return rows.value[place]?.isCollapsed === true ? place : undefined;
    call = call.parent === undefined ? undefined : calls.value.get(call.parent);
  }
  return undefined;
}
