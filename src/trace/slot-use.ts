/** How many slots were in use, from moment to moment: of the executor, of tools that have a limit, and of pools. */
import type { PoolFacts } from "../core/pools.ts";
import { addTo } from "./scope.ts";
import type { Span } from "./spans.ts";
import type { Trace, TracedCall } from "./trace.ts";

/** The use of one limit. */
export interface SlotUse {
  /** `executor`, `tool:name`, or a pool's own name. */
  readonly pool: string;
  /** Slots that there are at most; undefined if the trace does not say. */
  readonly limit: number | undefined;
  /** How many attempts may start; undefined if nothing says so. */
  readonly rate: PoolFacts["rate"];
  /** From each moment on, so many slots were in use; ordered, and no two of one moment. */
  readonly steps: readonly SlotStep[];
  readonly most: number;
}

/** From a moment on. */
export interface SlotStep {
  readonly atMs: number;
  readonly inUse: number;
}

type Change = { readonly atMs: number; readonly by: number };

/** The use of all limits that attempts have passed; the executor's first. */
export function slotUse(trace: Trace): SlotUse[] {
  const limits = limitsOf(trace);
  const changes = new Map<string, Change[]>([["executor", []]]);
  const inside = insideOf(trace.calls);
  for (const call of trace.calls) {
    for (const pool of poolsOf(call, limits)) {
      const list = changes.get(pool) ?? [];
      changes.set(pool, list);
      // Slots that are lent to the calls inside are counted there.
      const lent = merge(
        (inside.get(call.key) ?? []).flatMap((inner) => heldIn(inner, pool, { trace, limits })),
      );
      for (const [from, to] of heldIn(call, pool, { trace, limits })) {
        list.push({ atMs: from, by: 1 }, { atMs: to, by: -1 });
        for (const [lentFrom, lentTo] of lent) {
          const [begin, end] = [Math.max(from, lentFrom), Math.min(to, lentTo)];
          if (begin < end) list.push({ atMs: begin, by: -1 }, { atMs: end, by: 1 });
        }
      }
    }
  }
  return [...changes].map(([pool, list]) => {
    const steps = stepsOf(list);
    const most = steps.reduce((so, { inUse }) => Math.max(so, inUse), 0);
    const facts = factsOf(pool, trace);
    const limit = limits.get(pool) ?? facts?.limit;
    // In a file, what is endless is a text.
    return { pool, limit: Number.isFinite(limit) ? limit : undefined, rate: facts?.rate, steps, most };
  });
}

function poolsOf({ call, pools }: TracedCall, limits: ReadonlyMap<string, number>): readonly string[] {
  const tool = `tool:${call.name}`;
  return ["executor", ...(limits.has(tool) ? [tool] : []), ...pools];
}

/** When the attempts of a call held a slot of a pool. */
function heldIn(
  call: TracedCall,
  pool: string,
  { trace, limits }: { readonly trace: Trace; readonly limits: ReadonlyMap<string, number> },
): Span[] {
  if (!poolsOf(call, limits).includes(pool)) return [];
  return call.attempts.map(({ fromMs, toMs, abandonedMs }) => [fromMs, abandonedMs ?? toMs ?? trace.endMs]);
}

/** Spans that overlap, or meet, made one. */
function merge(spans: readonly Span[]): Span[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Those of the executor and of tools. */
function limitsOf({ executor }: Trace): Map<string, number> {
  const limits = new Map<string, number>();
  if (executor === undefined) return limits;
  limits.set("executor", executor.concurrency);
  for (const { name, concurrency } of executor.tools)
    if (concurrency !== undefined) limits.set(`tool:${name}`, concurrency);
  return limits;
}

/** What the executor's options say of a pool: by its name, or, of a computed one, by the longest beginning of it. */
function factsOf(pool: string, { executor }: Trace): PoolFacts | undefined {
  let found: PoolFacts | undefined;
  for (const facts of executor?.pools ?? []) {
    const { name } = facts;
    if (name === pool) return facts;
    if (!name.endsWith("*") || !pool.startsWith(name.slice(0, -1))) continue;
    if (found === undefined || name.length > found.name.length) found = facts;
  }
  return found;
}

/** The calls inside each call, however deep. */
function insideOf(calls: readonly TracedCall[]): ReadonlyMap<string, readonly TracedCall[]> {
  const byKey = new Map(calls.map((call) => [call.key, call]));
  const inside = new Map<string, TracedCall[]>();
  for (const call of calls) {
    for (let key = call.parent; key !== undefined; key = byKey.get(key)?.parent) addTo(inside, key, call);
  }
  return inside;
}

function stepsOf(changes: Change[]): SlotStep[] {
  const steps: SlotStep[] = [];
  let inUse = 0;
  for (const { atMs, by } of changes.sort((a, b) => a.atMs - b.atMs)) {
    inUse += by;
    if (steps.at(-1)?.atMs === atMs) steps.pop();
    if (steps.at(-1)?.inUse !== inUse) steps.push({ atMs, inUse });
  }
  return steps;
}
