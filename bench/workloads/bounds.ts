/** What no schedule can beat, and what every schedule that leaves no slot idle for nothing keeps. */
import type { Pair } from "./workload.ts";

/** Calls that take so long, and the pairs of them that must follow one another. */
export interface TaskGraph {
  readonly durations: readonly number[];
  /** Always forward: the earlier call has the smaller index. */
  readonly pairs: readonly Pair[];
}

/** The sum of all durations: the time one by one. */
export function workOf({ durations }: TaskGraph): number {
  return durations.reduce((sum, ms) => sum + ms, 0);
}

/** The longest path: the time with slots without end. */
export function criticalPathOf(graph: TaskGraph): number {
  return Math.max(0, ...tailsOf(graph));
}

/** For each call, the longest path from its start to the end of all. */
export function tailsOf({ durations, pairs }: TaskGraph): number[] {
  const after = durations.map((): number[] => []);
  for (const [earlier, later] of pairs) after[earlier]?.push(later);
  const tails = durations.map(() => 0);
  for (let i = durations.length - 1; i >= 0; i--) {
    const behind = (after[i] ?? []).map((later) => tails[later] ?? 0);
    tails[i] = (durations[i] ?? 0) + Math.max(0, ...behind);
  }
  return tails;
}

/** No schedule on so many slots takes less: max(work / slots, critical path). */
export function lowerBoundOf(graph: TaskGraph, slots: number): number {
  return Math.max(workOf(graph) / slots, criticalPathOf(graph));
}

/**
 * What a schedule keeps that never lets a slot idle while a call could start (Graham 1969): work / P + (1 − 1/P) × critical
 * path, which is at most (2 − 1/P) × the lower bound.
 */
export function grahamBoundOf(graph: TaskGraph, slots: number): number {
  return workOf(graph) / slots + (1 - 1 / slots) * criticalPathOf(graph);
}
