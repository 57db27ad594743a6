/** The critical path as rows: which row a step is of, and for how long each row is part of it. */
import type { PathStep } from "../../../src/trace/critical-path.ts";

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
