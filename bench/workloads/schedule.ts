/** When the calls of a turn ran, whoever scheduled them. */
import type { Pair } from "./workload.ts";

/**
 * When a call ran, in milliseconds from the start of its turn; and as which of all starts and ends, since many of them
 * happen at the same millisecond.
 */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly startedAs: number;
  readonly endedAs: number;
}

/** When each call of a turn ran, in call order. */
export type Schedule = readonly Span[];

/** The time from the start of the turn to the end of its last call. */
export function makespanOf(schedule: Schedule): number {
  return Math.max(0, ...schedule.map(({ toMs }) => toMs));
}

/** The pairs of which the later call started before the earlier one had ended: overlapped, or run the other way round. */
export function brokenPairs(schedule: Schedule, pairs: readonly Pair[]): Pair[] {
  return pairs.filter(([earlier, later]) => {
    const first = schedule[earlier];
    const second = schedule[later];
    return first === undefined || second === undefined || second.startedAs < first.endedAs;
  });
}
