/** What is drawn of limits: slots in use, and for pools whose rate had calls wait, starts per second. */
import type { SlotStep, SlotUse } from "../../../src/trace/slot-use.ts";
import type { TracedCall } from "../../../src/trace/trace.ts";

/** A lane of the strip. */
export interface Lane {
  readonly id: string;
  readonly kind: "slots" | "rate";
  readonly pool: string;
  /** Slots, or starts per second; undefined if it is not known. */
  readonly limit: number | undefined;
  readonly most: number;
  readonly steps: readonly SlotStep[];
}

const SECOND_MS = 1_000;

/** The lanes of a trace. */
export function lanesOf(limits: readonly SlotUse[], calls: readonly TracedCall[]): Lane[] {
  const slots = limits.map((use): Lane => ({ ...use, id: use.pool, kind: "slots" }));
  const rates = [...ratesOf(calls)].map((pool): Lane => {
    const rate = limits.find((use) => use.pool === pool)?.rate;
    return { ...rateLane(pool, calls), limit: rate && (rate.count * SECOND_MS) / rate.perMs };
  });
  return [...slots, ...rates];
}

/** What a limit is called by people. */
export function nameOfLimit(pool: string): string {
  return pool.startsWith("tool:") ? `${pool.slice("tool:".length)} (tool)` : pool;
}

/** Pools whose rate somebody waited for. */
function ratesOf(calls: readonly TracedCall[]): Set<string> {
  const pools = new Set<string>();
  for (const { stretches } of calls)
    for (const stretch of stretches)
      if (stretch.kind === "wait" && stretch.wait.for === "rate") pools.add(stretch.wait.pool);
  return pools;
}

/** At each moment the starts within the second before it. */
function rateLane(pool: string, calls: readonly TracedCall[]): Omit<Lane, "limit"> {
  const starts = calls
    .filter(({ pools }) => pools.includes(pool))
    .flatMap(({ attempts }) => attempts.map(({ fromMs }) => fromMs));
  const changes = starts
    .flatMap((atMs) => [
      { atMs, by: 1 },
      { atMs: atMs + SECOND_MS, by: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  const steps: SlotStep[] = [];
  let inUse = 0;
  let most = 0;
  for (const { atMs, by } of changes) {
    inUse += by;
    most = Math.max(most, inUse);
    if (steps.at(-1)?.atMs === atMs) steps.pop();
    steps.push({ atMs, inUse });
  }
  return { id: `rate/${pool}`, kind: "rate", pool, most, steps };
}
