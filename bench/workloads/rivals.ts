/**
 * How other loops schedule a turn: each is its rule, with the same slots for all. Which calls write, and which conflict, they
 * know from the same declarations as Tutti.
 */
import type { Schedule, Span } from "./schedule.ts";
import type { Pair } from "./workload.ts";

/** What a rule may know of a turn. */
export interface RivalTurn {
  readonly durations: readonly number[];
  /** `none` touches nothing shared. */
  readonly touches: readonly ("none" | "reads" | "writes")[];
  /** The pairs that are known to conflict, or of which one needs the other's output. */
  readonly known: readonly Pair[];
}

/** Whether a call may start, once these have ended. Rules ask for whole calls, never for a slot. */
type MayStart = (call: number, hasEnded: (call: number) => boolean) => boolean;

/** A way to schedule a turn. */
export interface Rival {
  readonly name: string;
  readonly rule: (turn: RivalTurn) => MayStart;
}

/** Call by call. */
export const oneByOne: Rival = {
  name: "one by one",
  rule: () => (call, hasEnded) => before(call).every(hasEnded),
};

/** Everything that there is a slot for. */
export const allAtOnce: Rival = { name: "all at once", rule: () => () => true };

/** Calls that follow one another and only read run together; a call that writes runs alone. */
export const readOnlyBatches: Rival = {
  name: "read-only batches",
  rule: ({ touches }) => {
    const batches: number[] = [];
    for (const [i, touch] of touches.entries()) {
      const last = batches[i - 1] ?? 0;
      const goesOn = i === 0 || (touch !== "writes" && touches[i - 1] !== "writes");
      batches.push(goesOn ? last : last + 1);
    }
    return (call, hasEnded) =>
      before(call).every((other) => batches[other] === batches[call] || hasEnded(other));
  },
};

/** One fair lock over everything: readers share it, a writer has it alone, and what touches nothing does not take it. */
export const readWriteLock: Rival = {
  name: "one read/write lock",
  rule:
    ({ touches }) =>
    (call, hasEnded) =>
      before(call).every((other) => {
        if (hasEnded(other) || touches[call] === "none" || touches[other] === "none") return true;
        return touches[call] === "reads" && touches[other] === "reads";
      }),
};

/** A call's level is one more than the highest it depends on; a level starts when the one before has ended. */
export const levelBarrier: Rival = {
  name: "level barrier",
  rule: ({ durations, known }) => {
    const levels = durations.map(() => 0);
    for (const i of durations.keys()) {
      const needed = known.filter(([, later]) => later === i).map(([earlier]) => levels[earlier] ?? 0);
      levels[i] = Math.max(-1, ...needed) + 1;
    }
    return (call, hasEnded) =>
      [...levels.keys()].every((other) => (levels[other] ?? 0) >= (levels[call] ?? 0) || hasEnded(other));
  },
};

/** All of them. */
export const RIVALS: readonly Rival[] = [allAtOnce, readOnlyBatches, readWriteLock, levelBarrier];

/** Schedules a turn on so many slots: at each moment, in call order, what may start and has a slot. */
export function scheduleOf(rival: Rival, turn: RivalTurn, slots: number): Schedule {
  const mayStart = rival.rule(turn);
  const spans: (Span | undefined)[] = turn.durations.map(() => undefined);
  const running = new Map<
    number,
    { readonly fromMs: number; readonly startedAs: number; readonly toMs: number }
  >();
  const hasEnded = (call: number) => spans[call] !== undefined;
  let atMs = 0;
  let happened = 0;
  for (;;) {
    for (const [call, ms] of turn.durations.entries()) {
      if (running.size >= slots) break;
      if (running.has(call) || hasEnded(call) || !mayStart(call, hasEnded)) continue;
      running.set(call, { fromMs: atMs, startedAs: happened++, toMs: atMs + ms });
    }
    if (running.size === 0) break;
    atMs = Math.min(...[...running.values()].map(({ toMs }) => toMs));
    for (const [call, span] of running) {
      if (span.toMs > atMs) continue;
      running.delete(call);
      spans[call] = { ...span, endedAs: happened++ };
    }
  }
  if (!spans.every((span) => span !== undefined)) throw new Error(`${rival.name} leaves calls undone`);
  return spans;
}

function before(call: number): number[] {
  return Array.from({ length: call }, (_, i) => i);
}
