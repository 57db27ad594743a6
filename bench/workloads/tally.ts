/** Adds up schedules of many turns. */
import { grahamBoundOf, lowerBoundOf, workOf, type TaskGraph } from "./bounds.ts";
import { brokenPairs, makespanOf, type Schedule } from "./schedule.ts";
import type { Pair } from "./workload.ts";

/** What a schedule is measured by. */
export interface Measure {
  /** The turn as it is: its durations, and the pairs that must keep their order. */
  readonly graph: TaskGraph;
  /** The pairs that declarations and references tell of: some more than there are, since they hold in every state. */
  readonly known: readonly Pair[];
  readonly slots: number;
}

/** The figures of one contestant on one set with so many slots. */
export class Tally {
  #turns = 0;
  #logSpeedUp = 0;
  #overBound = 0;
  #overKnown = 0;
  /** The worst makespan over Graham's bound; 1 at most for what leaves no slot idle for nothing. */
  worstOverGraham = 0;
  worstOverBound = 0;
  broken = 0;
  pairs = 0;

  add(schedule: Schedule, measure: Measure): void {
    this.addMakespan(makespanOf(schedule), measure);
    this.broken += brokenPairs(schedule, measure.graph.pairs).length;
    this.pairs += measure.graph.pairs.length;
  }

  /** Adds a schedule of which only the makespan is known. */
  addMakespan(makespan: number, { graph, known, slots }: Measure): void {
    const knownGraph = { durations: graph.durations, pairs: known };
    const overBound = makespan / lowerBoundOf(graph, slots);
    this.#turns++;
    this.#logSpeedUp += Math.log(workOf(graph) / makespan);
    this.#overBound += overBound;
    this.#overKnown += makespan / lowerBoundOf(knownGraph, slots);
    this.worstOverBound = Math.max(this.worstOverBound, overBound);
    this.worstOverGraham = Math.max(this.worstOverGraham, makespan / grahamBoundOf(knownGraph, slots));
  }

  get turns(): number {
    return this.#turns;
  }

  /** The geometric mean of the time one by one over the makespan. */
  get speedUp(): number {
    return Math.exp(this.#logSpeedUp / this.#turns);
  }

  /** The mean of the makespan over the lower bound. */
  get overBound(): number {
    return this.#overBound / this.#turns;
  }

  /** The same over the bound of what is known: what the schedule loses, without what the declarations lose. */
  get overKnownBound(): number {
    return this.#overKnown / this.#turns;
  }
}
