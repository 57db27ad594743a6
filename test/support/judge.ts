/** What the guarantees say about what happened: each function names the violations it finds. */
import { getEventListeners } from "node:events";
import type { Wait } from "../../src/index.ts";
import { footprintOf, GRACE_MS, LEAVES, leavesOf } from "./chaos-plan.ts";
import { written, type BatchRecord, type Evidence, type Visit } from "./chaos.ts";
import {
  AFTER,
  conflict,
  gatesOf,
  isAncestor,
  isWrapped,
  limitOf,
  nested,
  readCalls,
  serialOrder,
  taken,
  type Known,
} from "./known-call.ts";

/** Every violation of G1 to G10 that the evidence shows. */
export function judge(evidence: Evidence): string[] {
  const calls = readCalls(evidence);
  return [
    ...evidence.alarms,
    ...closed(evidence, calls),
    ...isolated(evidence, calls),
    ...ordered(evidence, calls),
    ...bounded(evidence, calls),
    ...prompt(evidence, calls),
    ...cancellable(evidence),
    ...honest(calls),
    ...neverTruncated(evidence, calls),
    ...clean(evidence),
  ];
}

function closed({ batches, events }: Evidence, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  for (const { plan, outcomes } of batches) {
    if (outcomes === undefined) continue;
    if (outcomes.length !== plan.calls.length)
      found.push(`G1: ${outcomes.length} outcomes for ${plan.calls.length} calls`);
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.call.index !== i) found.push(`G1: outcome ${i} is of call ${outcome.call.index}`);
      if ((outcome.status === "ok") !== (outcome.error === undefined))
        found.push(`G1: ${outcome.call.key} is half ok`);
    }
  }
  const settled = events.filter((event) => event.type === "call.settled").length;
  const queued = events.filter((event) => event.type === "call.queued").length;
  if (settled !== queued || calls.size !== queued) found.push(`G1: ${queued} calls came, ${settled} settled`);
  return found;
}

function isolated(_: Evidence, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  for (const call of calls.values()) {
    const { error } = call.outcome;
    if (
      error?.code === "tool-error" &&
      call.plan.ending !== "throw-undefined" &&
      error.message !== `${call.key} failed`
    ) {
      found.push(`G2: ${call.key} failed with the words of another: ${error.message}`);
    }
    if (
      call.outcome.status === "ok" &&
      call.plan.tool !== "parallel" &&
      call.outcome.output !== `${call.key} done`
    )
      found.push(`G2: wrong output of ${call.key}`);
    if (error?.code === "dependency-failed" && !hasFailedDependency(call, calls)) {
      found.push(`G2: ${call.key} was skipped although all it depends on went well`);
    }
    if (
      call.outcome.status === "ok" &&
      hasFailedWriteBefore(call, calls, "certain") &&
      call.plan.tool !== "later"
    ) {
      found.push(`G2: ${call.key} wrote behind a failed write`);
    }
  }
  return found;
}

function hasFailedDependency(call: Known, calls: Map<string, Known>): boolean {
  const after = AFTER[call.plan.tool] ?? [];
  const siblings = [...calls.values()].filter(
    (other) => other.batch === call.batch && other.outcome.status !== "ok",
  );
  return (
    siblings.some((other) => after.includes(other.plan.tool)) || hasFailedWriteBefore(call, calls, "possible")
  );
}

function hasFailedWriteBefore(call: Known, calls: Map<string, Known>, how: "certain" | "possible"): boolean {
  const mine = leavesOf(footprintOf(call.plan.tool, call.plan).writes);
  const order = serialOrder([...calls.values()].filter((other) => other.batch === call.batch));
  return order.slice(0, order.indexOf(call)).some((other) => {
    if (other.outcome.status === "ok") return false;
    // While its input was still being checked, nobody knew what it would write.
    if (how === "certain" && other.plan.tool === "checked" && other.visit === undefined) return false;
    return leavesOf(knownWrites(other)).some((leaf) => mine.includes(leaf));
  });
}

/** What is known to have been meant to be written: nothing, if the input never was valid. */
function knownWrites({ plan, outcome, key }: Known): readonly string[] {
  if (plan.tool === "unknown") return [];
  const { writes } = footprintOf(plan.tool, plan);
  if (plan.tool === "all-write") return outcome.error?.code === "over-limit" ? [] : writes;
  const valid = plan.flaw === "none" || (plan.flaw === "truncated" && isWrapped(key));
  return valid && outcome.error?.code !== "over-limit" && outcome.error?.code !== "truncated" ? writes : [];
}

function ordered(evidence: Evidence, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  const visited = [...calls.values()].filter((call) => call.visit !== undefined);
  const place = new Map<Known, number>();
  for (const batch of new Set(visited.map((call) => call.batch))) {
    const all = [...calls.values()].filter((call) => call.batch === batch);
    for (const [i, call] of serialOrder(all).entries()) place.set(call, i);
  }
  for (const a of visited) {
    for (const b of visited) {
      if (a === b || !conflict(a, b) || isAncestor(a, b, calls) || isAncestor(b, a, calls)) continue;
      const [first, second] = (a.visit as Visit).startSeq < (b.visit as Visit).startSeq ? [a, b] : [b, a];
      if (a !== first) continue;
      if (first.batch === second.batch && (place.get(first) as number) > (place.get(second) as number)) {
        found.push(`G3: ${first.key} started before ${second.key}, which comes first`);
      }
      // Nobody sees what a call reads that was given up on; what it writes still counts.
      const givenUp = first.abandoned && !conflict(first, second, "writes");
      const { stopSeq } = first.visit as Visit;
      if (!givenUp && (stopSeq === undefined || stopSeq > (second.visit as Visit).startSeq)) {
        found.push(`G3: ${second.key} started while ${first.key} still ran`);
      }
    }
  }
  if (evidence.plan.concurrency === 1) found.push(...oneByOne(visited, place));
  return evidence.batches.length === 1 ? [...found, ...sameAsOneByOne(evidence, calls)] : found;
}

/** With room for one, the calls of a batch start in serial order, whether or not they conflict (contract §7). */
function oneByOne(visited: readonly Known[], place: ReadonlyMap<Known, number>): string[] {
  const started = [...visited].sort((a, b) => (a.visit as Visit).startSeq - (b.visit as Visit).startSeq);
  const last = new Map<string, Known>();
  const found: string[] = [];
  for (const call of started) {
    const before = last.get(call.batch);
    if (before !== undefined && (place.get(before) as number) > (place.get(call) as number)) {
      found.push(`G3: with room for one, ${before.key} started before ${call.key}`);
    }
    last.set(call.batch, call);
  }
  return found;
}

/** Replays the calls one by one in serial order: every read and the final state must be the same. */
function sameAsOneByOne({ store }: Evidence, calls: Map<string, Known>): string[] {
  const stray = (call: Known) => call.abandoned && call.parent !== undefined && call.visit?.wrote === true;
  // A call that was told to stop, or went on without one inside it that does not stop, writes in no order with that one.
  if ([...calls.values()].some(stray)) return [];
  const found: string[] = [];
  const replay: Record<string, string> = Object.fromEntries(LEAVES.map((leaf) => [leaf, "0"]));
  const visit = (batchOf: (call: Known) => boolean) => {
    for (const call of serialOrder([...calls.values()].filter(batchOf))) {
      const { visit: seen, key } = call;
      if (seen === undefined) continue;
      for (const [leaf, value] of Object.entries(seen.saw)) {
        if (replay[leaf] !== value)
          found.push(`G3: ${key} saw ${value} in ${leaf}; one by one it is ${replay[leaf]}`);
      }
      // What runs inside runs before the call itself writes.
      visit((inner) => inner.parent === key);
      if (seen.wrote)
        for (const leaf of leavesOf(footprintOf(seen.tool, seen.plan).writes))
          replay[leaf] = written(key, seen.saw);
    }
  };
  visit((call) => call.parent === undefined);
  for (const leaf of LEAVES) {
    if (store[leaf] !== replay[leaf])
      found.push(`G3: ${leaf} ends as ${store[leaf]}; one by one it is ${replay[leaf]}`);
  }
  return found;
}

function bounded(evidence: Evidence, calls: Map<string, Known>): string[] {
  // A call lends its slots to those inside it: what counts then is checked as it happens, by the tools themselves.
  if (nested(calls)) return [];
  const found: string[] = [];
  for (const { startedAt, key } of calls.values()) {
    if (startedAt === undefined) continue;
    for (const gate of ["executor", "db", "tool:one", "tool:pooled-b"]) {
      const count = taken(gate, startedAt, calls);
      if (count > limitOf(gate, evidence)) found.push(`G4: ${count} hold ${gate} when ${key} starts`);
    }
  }
  return found;
}

function prompt(evidence: Evidence, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  for (const call of calls.values()) {
    const total = call.waits.reduce((sum, wait) => sum + wait.ms, 0);
    if (total !== call.outcome.queuedMs)
      found.push(`G5: ${call.key} explains ${total} of ${call.outcome.queuedMs} ms`);
    if (call.startedAt === undefined) continue;
    let at = call.queuedAt;
    for (const wait of call.waits) {
      const from = at;
      at += wait.ms;
      const why = unjustified(wait, { call, from, until: at, evidence, calls });
      if (why !== undefined)
        found.push(`G5: ${call.key} waited until ${at} for ${JSON.stringify(wait)}: ${why}`);
    }
  }
  return found;
}

interface WaitFacts {
  readonly call: Known;
  readonly from: number;
  readonly until: number;
  readonly evidence: Evidence;
  readonly calls: Map<string, Known>;
}

function unjustified(wait: Wait, { call, from, until, evidence, calls }: WaitFacts): string | undefined {
  switch (wait.for) {
    case "validation":
      return undefined;
    case "close": {
      const ends = evidence.events.some((event) => event.type === "batch.closed" && event.at >= until);
      return ends ? undefined : "its batch never closed";
    }
    case "rate":
    case "approval":
    case "retry":
      return undefined;
    case "call": {
      const before = calls.get(wait.call);
      return before?.settledAt === until ? undefined : `that call settled at ${before?.settledAt}`;
    }
    case "lock": {
      const holder = calls.get(wait.heldBy);
      if (holder === undefined || !conflict(call, holder)) return "there is no conflict";
      const freed = holder.abandoned ? holder.stoppedAt : holder.settledAt;
      const readsFreed = holder.abandoned && holder.settledAt === until;
      return freed === until || readsFreed ? undefined : `it was free at ${freed}`;
    }
    case "slot": {
      if (nested(calls)) return undefined;
      for (let at = from; at < until; at++) {
        if (!gatesOf(call).some((gate) => taken(gate, at, calls) >= limitOf(gate, evidence)))
          return `there was room at ${at}`;
      }
      return undefined;
    }
  }
}

function cancellable({ batches, events, plan }: Evidence): string[] {
  const found: string[] = [];
  for (const { abortedAt, settledAt, closedAt } of batches) {
    if (abortedAt !== undefined && settledAt > Math.max(abortedAt + GRACE_MS, closedAt)) {
      found.push(`G6: aborted at ${abortedAt}, settled at ${settledAt}`);
    }
  }
  for (const record of batches) found.push(...queuedSettleAtOnce(record, events, plan.batches.length));
  return found;
}

function queuedSettleAtOnce(
  { abortedAt, outcomes }: BatchRecord,
  events: Evidence["events"],
  batches: number,
): string[] {
  if (abortedAt === undefined || outcomes === undefined || batches > 1) return [];
  const found: string[] = [];
  for (const event of events) {
    if (
      event.type !== "call.settled" ||
      event.outcome.attempts > 0 ||
      event.outcome.status === "ok" ||
      event.at <= abortedAt
    )
      continue;
    const came = events.find((other) => other.type === "call.queued" && other.call.key === event.call);
    if (came !== undefined && came.at < abortedAt)
      found.push(`G6: ${event.call} still waited after the abort`);
  }
  return found;
}

function honest(calls: Map<string, Known>): string[] {
  const found: string[] = [];
  for (const { outcome, visit, plan, key } of calls.values()) {
    if (outcome.attempts > 0 !== (visit !== undefined))
      found.push(`G7: ${key} counts ${outcome.attempts} attempts`);
    if (outcome.status === "ok") continue;
    const writes = footprintOf(plan.tool, plan).writes.length > 0;
    const { mayHaveTakenEffect } = outcome.error;
    if (mayHaveTakenEffect !== (visit !== undefined && writes))
      found.push(`G7: ${key} claims ${mayHaveTakenEffect}`);
    if (
      visit === undefined &&
      outcome.status === "cancelled" &&
      !outcome.error.message.includes("not executed")
    ) {
      found.push(`G7: ${key} never ran and does not say so: ${outcome.error.message}`);
    }
  }
  return found;
}

function neverTruncated({ batches }: Evidence, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  for (const { plan, visit, key } of calls.values()) {
    const cutOff = (plan.flaw === "truncated" && !isWrapped(key)) || plan.flaw === "bad-json";
    if (cutOff && visit !== undefined) found.push(`G9: ${key} ran`);
  }
  for (const { plan, closedAt, outcomes } of batches) {
    if (plan.end !== "truncate" || !plan.streamed) continue;
    for (const { call } of outcomes ?? []) {
      const known = calls.get(call.key);
      if (
        known?.startedAt !== undefined &&
        known.startedAt > closedAt &&
        known.waits.some((wait) => wait.for === "close")
      ) {
        found.push(`G9: ${call.key} started after its turn was cut off`);
      }
    }
  }
  return found;
}

function clean({ pendingTimers, stats, signals }: Evidence): string[] {
  const found: string[] = [];
  if (pendingTimers > 0) found.push(`G10: ${pendingTimers} timers are left`);
  if (stats.running + stats.abandoned + stats.batches > 0)
    found.push(`G10: ${JSON.stringify(stats)} is left`);
  for (const signal of signals) {
    if (getEventListeners(signal, "abort").length > 0) found.push("G10: a listener is left on a signal");
  }
  return found;
}
