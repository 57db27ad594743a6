/** The calls of the evidence, read from its events, and what the guarantees need to know about them. */
import type { Call, Outcome, Wait } from "../../src/index.ts";
import { API, footprintOf, HOST, leavesOf, POOL, type CallPlan } from "./chaos-plan.ts";
import type { Evidence, Visit } from "./chaos.ts";

/** A call of the evidence, wherever it ran. */
export interface Known {
  readonly key: string;
  readonly batch: string;
  readonly plan: CallPlan;
  readonly parent: string | undefined;
  /** Its place among all calls as they came. */
  readonly order: number;
  readonly queuedAt: number;
  readonly settledAt: number;
  readonly abandoned: boolean;
  /** When an abandoned attempt stopped after all, and with it what ran inside it. */
  stoppedAt: number | undefined;
  readonly outcome: Outcome;
  /** One for each attempt, in the order in which they began. */
  readonly visits: readonly Visit[];
  /** When its attempts held slots. */
  readonly holds: readonly Hold[];
  readonly waits: readonly Wait[];
  readonly startedAt: number | undefined;
}

/** A stretch of time in which an attempt held its slots. */
export interface Hold {
  readonly from: number;
  readonly to: number;
}

type QueuedFacts = Pick<Known, "order" | "batch" | "plan"> & { readonly at: number };

/** The tools that others come after. */
export const AFTER: Readonly<Record<string, readonly string[]>> = { late: ["free"], later: ["late", "one"] };

/** Every call that settled, by key. */
export function readCalls({ events, visits }: Evidence): Map<string, Known> {
  const parents = new Map<string, string | undefined>();
  const calls = new Map<string, Known>();
  const waits = new Map<string, { waits: readonly Wait[]; at: number }>();
  const queued = new Map<string, QueuedFacts>();
  const abandoned = new Set<string>();
  const stopped = new Map<string, number>();
  const holds = readHolds(events);
  for (const event of events) {
    if (event.type === "batch.opened") parents.set(event.batch, event.parent);
    if (event.type === "attempt.abandoned") abandoned.add(event.call);
    if (event.type === "attempt.stopped") stopped.set(event.call, event.at);
    if (event.type === "call.started") waits.set(event.call, event);
    if (event.type === "call.queued") {
      queued.set(event.call.key, {
        order: queued.size,
        at: event.at,
        batch: event.batch,
        plan: planOf(event.call),
      });
    }
    if (event.type !== "call.settled") continue;
    const { order, at, batch, plan } = queued.get(event.call) as QueuedFacts;
    const started = waits.get(event.call);
    calls.set(event.call, {
      key: event.call,
      batch,
      plan,
      parent: parents.get(batch),
      order,
      queuedAt: at,
      settledAt: event.at,
      abandoned: abandoned.has(event.call),
      stoppedAt: undefined,
      outcome: event.outcome,
      visits: visits.get(event.call) ?? [],
      holds: holds.get(event.call) ?? [],
      waits: started?.waits ?? event.waits ?? [],
      startedAt: started?.at,
    });
  }
  for (const [key, at] of stopped) (calls.get(key) as Known).stoppedAt = at;
  return calls;
}

function readHolds(events: Evidence["events"]): Map<string, Hold[]> {
  const from = new Map<string, { readonly call: string; readonly at: number }>();
  const to = new Map<string, number>();
  const settled = new Map<string, number>();
  const end = (key: string, at: number) => to.set(key, Math.min(at, to.get(key) ?? Infinity));
  for (const event of events) {
    if (event.type === "call.started") from.set(`${event.call} 1`, { call: event.call, at: event.at });
    if (event.type === "attempt.started")
      from.set(`${event.call} ${event.attempt}`, { call: event.call, at: event.at });
    if (
      event.type === "attempt.failed" ||
      event.type === "attempt.abandoned" ||
      event.type === "attempt.stopped"
    )
      end(`${event.call} ${event.attempt}`, event.at);
    if (event.type === "call.settled") settled.set(event.call, event.at);
  }
  const holds = new Map<string, Hold[]>();
  for (const [key, { call, at }] of from) {
    const hold = { from: at, to: to.get(key) ?? (settled.get(call) as number) };
    holds.set(call, [...(holds.get(call) ?? []), hold]);
  }
  return holds;
}

/** What a call was asked to do; of one whose arguments are no JSON only the name is left. */
function planOf({ input, name }: Call): CallPlan {
  if (typeof input === "object") return input as CallPlan;
  return {
    tool: name,
    flaw: "bad-json",
    reads: [],
    writes: [],
    ms: 0,
    ending: "return",
    inner: [],
    awaitsInner: true,
    pauseMs: 0,
    decision: "allow",
    decideMs: 0,
  };
}

/** In a wrapper nothing says of a call that it was cut off. */
export function isWrapped(key: string): boolean {
  return key.split(".").length > 2;
}

/** The reference: Kahn's algorithm, the lowest index first, in the plainest form. */
export function serialOrder(batch: readonly Known[]): Known[] {
  const left = [...batch].sort((a, b) => a.order - b.order);
  const order: Known[] = [];
  while (left.length > 0) {
    const next = left.findIndex(
      ({ plan }) => !left.some((other) => (AFTER[plan.tool] ?? []).includes(other.plan.tool)),
    );
    order.push(...left.splice(next, 1));
  }
  return order;
}

/** Whether two calls conflict; of the first, perhaps only what it writes counts. */
export function conflict(a: Known, b: Known, counts: "all" | "writes" = "all"): boolean {
  const { reads, writes } = footprintOf(a.plan.tool, a.plan);
  const x = { reads: counts === "all" ? reads : [], writes };
  const y = footprintOf(b.plan.tool, b.plan);
  const meet = (left: readonly string[], right: readonly string[]) =>
    leavesOf(left).some((leaf) => leavesOf(right).includes(leaf));
  return meet(x.writes, y.writes) || meet(x.writes, y.reads) || meet(x.reads, y.writes);
}

/** Whether `inner` runs inside `outer`, however deep. */
export function isAncestor(outer: Known, inner: Known, calls: Map<string, Known>): boolean {
  for (let parent = inner.parent; parent !== undefined; parent = calls.get(parent)?.parent) {
    if (parent === outer.key) return true;
  }
  return false;
}

const POOLS: Readonly<Record<string, readonly string[]>> = {
  one: ["tool:one"],
  "pooled-a": ["db"],
  "pooled-b": ["db", "tool:pooled-b"],
  busy: ["api"],
  "hedged-api": ["api"],
  "gathered-api": ["api"],
  "outer-api": ["api"],
};

/** The gates that a call passes. */
export function gatesOf({ plan }: Known): readonly string[] {
  const host = ["adaptive", "busy"].includes(plan.tool) ? [`host:${plan.ms % 2}`] : [];
  return ["executor", ...(POOLS[plan.tool] ?? []), ...host];
}

/** Whether a call passes a gate whose slots come and go: its limit is adaptive, or its circuit has one call try. */
export function isElastic(call: Known): boolean {
  return gatesOf(call).some((gate) => gate === "api" || gate.startsWith("host:"));
}

/** The limit of a gate. */
export function limitOf(gate: string, { plan }: Evidence): number {
  if (gate === "executor") return plan.concurrency;
  if (gate.startsWith("host:")) return HOST;
  if (gate === "api") return API;
  return gate === "db" ? POOL : 1;
}

/** How many calls hold a slot of a gate at a moment. Slots are held from start to settlement. */
export function taken(gate: string, at: number, calls: Map<string, Known>): number {
  let count = 0;
  for (const call of calls.values()) {
    if (call.holds.length === 0 || !gatesOf(call).includes(gate)) continue;
    count += call.holds.filter(({ from, to }) => from <= at && at < to).length;
  }
  return count;
}

/** Whether any call ran inside another. */
export function nested(calls: Map<string, Known>): boolean {
  return [...calls.values()].some((call) => call.parent !== undefined);
}
