/**
 * The best schedule there is, by branch and bound: few slots can make the lower bound unreachable (five equal calls on four
 * slots), and then the optimum says how much of a schedule's distance is its own.
 *
 * Calls are placed in the order of their starts, each at the earliest moment; some such order is an optimal schedule.
 */
import { lowerBoundOf, tailsOf, type TaskGraph } from "./bounds.ts";

const MAX_NODES = 50_000;
const TOLERANCE_MS = 1e-6;

/** A makespan, and whether it is certain that there is none below. */
export interface Optimum {
  readonly makespan: number;
  readonly proven: boolean;
}

/** Searches from a schedule's makespan downwards; gives up after 50,000 steps. */
export function optimumOf(graph: TaskGraph, slots: number, from: number): Optimum {
  const search = new Search(graph, slots, from);
  search.run();
  return { makespan: search.best, proven: search.nodes <= MAX_NODES };
}

/** What is placed so far. */
interface Placed {
  readonly ends: readonly (number | undefined)[];
  /** When each slot is free, ascending. */
  readonly free: readonly number[];
  readonly lastStart: number;
  readonly workLeft: number;
}

class Search {
  best: number;
  nodes = 0;
  readonly #durations: readonly number[];
  readonly #before: readonly (readonly number[])[];
  readonly #tails: readonly number[];
  readonly #bound: number;
  readonly #slots: number;

  constructor(graph: TaskGraph, slots: number, from: number) {
    this.best = from;
    this.#durations = graph.durations;
    this.#before = graph.durations.map((_, i) =>
      graph.pairs.filter(([, later]) => later === i).map(([earlier]) => earlier),
    );
    this.#tails = tailsOf(graph);
    this.#slots = Math.min(slots, graph.durations.length);
    this.#bound = lowerBoundOf(graph, this.#slots);
  }

  run(): void {
    this.#place({
      ends: this.#durations.map(() => undefined),
      free: Array.from({ length: this.#slots }, () => 0),
      lastStart: 0,
      workLeft: this.#durations.reduce((sum, ms) => sum + ms, 0),
    });
  }

  #place(placed: Placed): void {
    if (this.best <= this.#bound + TOLERANCE_MS || ++this.nodes > MAX_NODES) return;
    const { ends, free, lastStart, workLeft } = placed;
    const ready = [...ends.keys()].filter(
      (i) => ends[i] === undefined && (this.#before[i] ?? []).every((other) => ends[other] !== undefined),
    );
    if (ready.length === 0) {
      this.best = Math.min(this.best, Math.max(...ends.map((end) => end ?? 0)));
      return;
    }
    const busy = free.reduce((sum, ms) => sum + Math.max(ms, lastStart), 0);
    if (this.#isHopeless((busy + workLeft) / this.#slots)) return;
    const starts = new Map(
      ready.map((i) => [
        i,
        Math.max(lastStart, free[0] ?? 0, ...(this.#before[i] ?? []).map((other) => ends[other] ?? 0)),
      ]),
    );
    for (const [i, start] of starts) if (this.#isHopeless(start + (this.#tails[i] ?? 0))) return;
    ready.sort((a, b) => (this.#tails[b] ?? 0) - (this.#tails[a] ?? 0));
    for (const i of ready) {
      const start = starts.get(i) ?? 0;
      const ms = this.#durations[i] ?? 0;
      this.#place({
        ends: ends.map((end, other) => (other === i ? start + ms : end)),
        free: [...free.slice(1), start + ms].sort((a, b) => a - b),
        lastStart: start,
        workLeft: workLeft - ms,
      });
    }
  }

  #isHopeless(bound: number): boolean {
    return bound >= this.best - TOLERANCE_MS;
  }
}
