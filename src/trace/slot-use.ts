/** How many slots were in use, from moment to moment: of the executor, of tools that have a limit, and of pools. */
import type { Trace, TracedCall } from "./trace.ts";

/** The use of one limit. */
export interface SlotUse {
  /** `executor`, `tool:name`, or a pool's own name. */
  readonly pool: string;
  /** Slots there were at the start of the trace; undefined if it does not say. */
  readonly limit: number | undefined;
  /** From each moment on, so many slots were in use; ordered, and no two of one moment. */
  readonly steps: readonly SlotStep[];
  readonly most: number;
}

/** From a moment on. */
export interface SlotStep {
  readonly atMs: number;
  readonly inUse: number;
}

/** The use of all limits that attempts have passed; the executor's first. */
export function slotUse(trace: Trace): SlotUse[] {
  const changes = new Map<string, { atMs: number; by: number }[]>([["executor", []]]);
  const limits = limitsOf(trace);
  const innerRuns = insideOf(trace.calls);
  for (const call of trace.calls) {
    const pools = ["executor", ...call.pools];
    if (limits.has(`tool:${call.call.name}`)) pools.push(`tool:${call.call.name}`);
    for (const { fromMs, toMs = trace.endMs } of call.attempts) {
      // A call lends its slot of the executor to those that it runs inside itself.
      for (const pool of pools) {
        if (pool === "executor" && innerRuns.has(call.key)) continue;
        const list = changes.get(pool) ?? [];
        list.push({ atMs: fromMs, by: 1 }, { atMs: toMs, by: -1 });
        changes.set(pool, list);
      }
    }
  }
  return [...changes].map(([pool, list]) => {
    const steps = stepsOf(list);
    return { pool, limit: limits.get(pool), steps, most: Math.max(0, ...steps.map(({ inUse }) => inUse)) };
  });
}

function limitsOf({ executor }: Trace): Map<string, number> {
  const limits = new Map<string, number>();
  if (executor === undefined) return limits;
  limits.set("executor", executor.concurrency);
  for (const { name, concurrency } of executor.tools)
    if (concurrency !== undefined) limits.set(`tool:${name}`, concurrency);
  for (const { name, limit } of executor.pools) limits.set(name, limit);
  return limits;
}

/** The calls that run others inside themselves. */
function insideOf(calls: readonly TracedCall[]): ReadonlySet<string> {
  return new Set(calls.map(({ parent }) => parent).filter((parent) => parent !== undefined));
}

function stepsOf(changes: { readonly atMs: number; readonly by: number }[]): SlotStep[] {
  const steps: SlotStep[] = [];
  let inUse = 0;
  for (const { atMs, by } of changes.sort((a, b) => a.atMs - b.atMs)) {
    inUse += by;
    if (steps.at(-1)?.atMs === atMs) steps.pop();
    if (steps.at(-1)?.inUse !== inUse) steps.push({ atMs, inUse });
  }
  return steps;
}
