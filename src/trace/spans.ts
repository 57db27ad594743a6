/** Spans of time, and how much of it they cover. */

/** From one moment to another. */
export type Span = readonly [fromMs: number, toMs: number];

/** How much time spans cover together. */
export function coveredMs(spans: readonly Span[]): number {
  let covered = 0;
  let reached = -Infinity;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return covered;
}
