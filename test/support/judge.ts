/** What the guarantees say about what happened: each function names the violations it finds. */
import { getEventListeners } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { Wait } from "../../src/index.ts";
import { footprintOf, GATHERED, GRACE_MS, HEDGED, LEAVES, leavesOf } from "./chaos-plan.ts";
import { written, type BatchRecord, type Evidence, type Visit } from "./chaos.ts";
import {
  AFTER,
  conflict,
  gatesOf,
  isAncestor,
  isElastic,
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
      error.message !== `${call.key} failed` &&
      !(shares(call) && saysTheSame(error.message, call, calls))
    ) {
      found.push(`G2: ${call.key} failed with the words of another: ${error.message}`);
    }
    if (
      call.outcome.status === "ok" &&
      call.plan.tool !== "parallel" &&
      call.outcome.output !== `${call.key} done` &&
      !(shares(call) && saysTheSame(wordsOf(call.outcome), call, calls))
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

/** Whether a call has the result of another. */
function shares({ plan, visits, outcome }: Known): boolean {
  const { status } = outcome;
  return plan.tool === "shared" && visits.length === 0 && (status === "ok" || status === "failed");
}

function wordsOf({ output, error }: Known["outcome"]): string {
  return error?.message ?? String(output as unknown);
}

/** The call whose words these are. */
function leaderOf(text: string, calls: Map<string, Known>): Known | undefined {
  return calls.get(text.split(" ")[0] ?? "");
}

function saysTheSame(text: string, call: Known, calls: Map<string, Known>): boolean {
  const leader = leaderOf(text, calls);
  return leader !== undefined && leader.visits.length > 0 && isDeepStrictEqual(leader.plan, call.plan);
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
    if (how === "certain" && other.plan.tool === "checked" && other.visits.length === 0) return false;
    return leavesOf(knownWrites(other)).some((leaf) => mine.includes(leaf));
  });
}

/** What is known to have been meant to be written: nothing, if the input never was valid. */
function knownWrites({ plan, outcome, key }: Known): readonly string[] {
  if (plan.tool === "unknown") return [];
  const { writes } = footprintOf(plan.tool, plan);
  if (plan.tool === "all-write") return outcome.error?.code === "over-limit" ? [] : writes;
  const valid = plan.flaw === "none" || (plan.flaw === "truncated" && isWrapped(key));
  const refused = outcome.error?.code === "over-limit" && !outcome.error.message.includes("calls wait for");
  return valid && !refused && outcome.error?.code !== "truncated" ? writes : [];
}

function ordered(evidence: Evidence, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  const visited = [...calls.values()].filter((call) => call.visits.length > 0);
  const place = new Map<Known, number>();
  for (const batch of new Set(visited.map((call) => call.batch))) {
    const all = [...calls.values()].filter((call) => call.batch === batch);
    for (const [i, call] of serialOrder(all).entries()) place.set(call, i);
  }
  for (const a of visited) {
    for (const b of visited) {
      if (a === b || !conflict(a, b) || isAncestor(a, b, calls) || isAncestor(b, a, calls)) continue;
      found.push(...overlaps(a, b, calls));
      const [first, second] = startOf(a) < startOf(b) ? [a, b] : [b, a];
      if (a !== first) continue;
      if (first.batch === second.batch && (place.get(first) as number) > (place.get(second) as number)) {
        found.push(`G3: ${first.key} started before ${second.key}, which comes first`);
      }
    }
  }
  if (evidence.plan.concurrency === 1) found.push(...oneByOne(visited, place));
  return evidence.batches.length === 1 ? [...found, ...sameAsOneByOne(evidence, calls)] : found;
}

/** Attempts of one call that started while those of another in conflict with it ran. */
function overlaps(first: Known, second: Known, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  for (const { startSeq, stopSeq } of first.visits) {
    for (const later of second.visits) {
      if (later.startSeq < startSeq || (stopSeq !== undefined && stopSeq < later.startSeq)) continue;
      // Nobody sees what an attempt reads that its call did not wait for; what it writes still counts.
      const unseen = !conflict(first, second, "writes");
      if (unseen && (first.abandoned || lostBefore(first, later.startedAt, calls))) continue;
      found.push(`G3: ${second.key} started while ${first.key} still ran`);
    }
  }
  return found;
}

/** Whether a call, or one around it, may have had a second attempt, and was over by then. */
function lostBefore(call: Known | undefined, at: number, calls: Map<string, Known>): boolean {
  if (call === undefined) return false;
  if (HEDGED.includes(call.plan.tool) && call.settledAt <= at) return true;
  return lostBefore(calls.get(call.parent ?? ""), at, calls);
}

/** Whether a call ran while an attempt of the call around it did; one that never ran may have stood in any. */
function ranWithin({ visits }: Known, { startSeq, stopSeq = Infinity }: Visit): boolean {
  return visits.length === 0 || visits.some((inner) => inner.startSeq > startSeq && inner.startSeq < stopSeq);
}

function startOf({ visits }: Known): number {
  return (visits[0] as Visit).startSeq;
}

/** With room for one, the calls of a batch start in serial order, whether or not they conflict (contract §7). */
function oneByOne(visited: readonly Known[], place: ReadonlyMap<Known, number>): string[] {
  const started = [...visited].sort((a, b) => startOf(a) - startOf(b));
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
  const stray = (call: Known) =>
    call.abandoned && call.parent !== undefined && call.visits.some(({ wrote }) => wrote);
  // A call that was told to stop, or went on without one inside it that does not stop, writes in no order with that one.
  if ([...calls.values()].some(stray)) return [];
  const found: string[] = [];
  const replay: Record<string, string> = Object.fromEntries(LEAVES.map((leaf) => [leaf, "0"]));
  const write = ({ key, tool, plan, saw }: Visit) => {
    for (const leaf of leavesOf(footprintOf(tool, plan).writes)) replay[leaf] = written(key, saw);
  };
  const visit = (batchOf: (call: Known) => boolean) => {
    for (const call of inSerialOrder([...calls.values()].filter(batchOf))) {
      const { key, visits, outcome } = call;
      const shared = shares(call) ? leaderOf(wordsOf(outcome), calls) : undefined;
      for (const [leaf, value] of Object.entries(shared?.visits[0]?.saw ?? {})) {
        if (replay[leaf] !== value)
          found.push(`G3: ${key} shares a read of ${value} in ${leaf}; one by one it is ${replay[leaf]}`);
      }
      for (const seen of visits) {
        for (const [leaf, value] of Object.entries(seen.saw)) {
          if (replay[leaf] !== value)
            found.push(`G3: ${key} saw ${value} in ${leaf}; one by one it is ${replay[leaf]}`);
        }
        // What runs inside runs before the attempt itself writes.
        visit((inner) => inner.parent === key && ranWithin(inner, seen));
        if (seen.wrote) write(seen);
      }
    }
  };
  visit((call) => call.parent === undefined);
  for (const leaf of LEAVES) {
    if (store[leaf] !== replay[leaf])
      found.push(`G3: ${leaf} ends as ${store[leaf]}; one by one it is ${replay[leaf]}`);
  }
  return found;
}

/** The calls of several batches, of which one is over before the next begins. */
function inSerialOrder(calls: readonly Known[]): Known[] {
  const batches = new Set([...calls].sort((a, b) => a.order - b.order).map(({ batch }) => batch));
  return [...batches].flatMap((batch) => serialOrder(calls.filter((call) => call.batch === batch)));
}

function bounded(evidence: Evidence, calls: Map<string, Known>): string[] {
  // A call lends its slots to those inside it: what counts then is checked as it happens, by the tools themselves.
  if (lendsSlots(calls)) return [];
  const found: string[] = [];
  for (const { holds, key } of calls.values()) {
    for (const { from } of holds) {
      for (const gate of ["executor", "db", "api", "tool:one", "tool:pooled-b", "host:0", "host:1"]) {
        const count = taken(gate, from, calls);
        if (count > limitOf(gate, evidence)) found.push(`G4: ${count} hold ${gate} when ${key} starts`);
      }
    }
  }
  return found;
}

/** Where a call lends its slots to those inside it, or several run on one, who holds what is not told by their times. */
function lendsSlots(calls: Map<string, Known>): boolean {
  return (
    nested(calls) ||
    [...calls.values()].some(({ plan, visits }) => GATHERED.includes(plan.tool) && visits.length > 0)
  );
}

function prompt(evidence: Evidence, calls: Map<string, Known>): string[] {
  const found: string[] = [];
  for (const call of calls.values()) {
    const total = call.waits.reduce((sum, wait) => sum + wait.ms, 0);
    if (total !== call.outcome.queuedMs)
      found.push(`G5: ${call.key} explains ${total} of ${call.outcome.queuedMs} ms`);
    if (call.startedAt === undefined || shares(call)) continue;
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
      // A call that is the same, and was told to stop, is not waited for till it has.
      const stopped = call.plan.tool === "shared" && (before?.settledAt ?? 0) > until;
      return before?.settledAt === until || stopped ? undefined : `that call settled at ${before?.settledAt}`;
    }
    case "lock": {
      const holder = calls.get(wait.heldBy);
      if (holder === undefined || !conflict(call, holder)) return "there is no conflict";
      const freed = holder.abandoned ? holder.stoppedAt : holder.settledAt;
      const readsFreed = holder.abandoned && holder.settledAt === until;
      return freed === until || readsFreed ? undefined : `it was free at ${freed}`;
    }
    case "slot": {
      // Where several limits kept it, their turns are not told; and how many slots an adaptive one has is not known.
      const forRoom = call.waits.filter((other) => other.for === "slot" || other.for === "rate");
      if (lendsSlots(calls) || forRoom.length > 1 || isElastic(call)) return undefined;
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
  for (const { outcome, visits, plan, key } of calls.values()) {
    if (outcome.attempts !== visits.length) found.push(`G7: ${key} counts ${outcome.attempts} attempts`);
    if (outcome.status === "ok") continue;
    const writes = footprintOf(plan.tool, plan).writes.length > 0;
    const { mayHaveTakenEffect } = outcome.error;
    // What one of several calls that run together was told is only known when all are back: until then it must not be sure.
    const untold = GATHERED.includes(plan.tool) && visits.length > 0 && mayHaveTakenEffect;
    const unsure = untold || visits.some(({ refused }) => !refused);
    if (mayHaveTakenEffect !== (unsure && writes)) found.push(`G7: ${key} claims ${mayHaveTakenEffect}`);
    if (
      visits.length === 0 &&
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
  for (const { plan, visits, key } of calls.values()) {
    const cutOff = (plan.flaw === "truncated" && !isWrapped(key)) || plan.flaw === "bad-json";
    if (cutOff && visits.length > 0) found.push(`G9: ${key} ran`);
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
  for (const [name, { running, waiting }] of Object.entries(stats.pools))
    if (running + waiting > 0) found.push(`G10: ${running} run and ${waiting} wait in ${name}`);
  for (const signal of signals) {
    if (getEventListeners(signal, "abort").length > 0) found.push("G10: a listener is left on a signal");
  }
  return found;
}
