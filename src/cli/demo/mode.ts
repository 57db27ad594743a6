/** The ways to run the same calls that the demo compares, the slowest first. */
import type { Eager } from "../../core/batch.ts";
import type { CallsPerTurn } from "../../simulator/scenario.ts";

/** A way to run a scene. */
export interface Mode {
  readonly name: string;
  readonly title: string;
  /** What it does, for people. */
  readonly about: string;
  /** By what it saves time, compared with the mode before it. */
  readonly gain: string;
  readonly callsPerTurn: CallsPerTurn;
  readonly concurrency: number;
  readonly eager: Eager;
}

/** All modes. Each is compared with the first. */
export const MODES: readonly Mode[] = [
  {
    name: "one-call-per-turn",
    title: "one call per turn",
    about: "the model is asked again after each call",
    gain: "asking again after each call",
    callsPerTurn: "one",
    concurrency: 10,
    eager: "off",
  },
  {
    name: "one-by-one",
    title: "one by one",
    about: "all calls in one turn, run one after the other",
    gain: "asking the model once for all calls",
    callsPerTurn: "all",
    concurrency: 1,
    eager: "off",
  },
  {
    name: "parallel",
    title: "parallel",
    about: "all calls at once, except those in conflict",
    gain: "running calls side by side",
    callsPerTurn: "all",
    concurrency: 10,
    eager: "off",
  },
  {
    name: "eager",
    title: "eager",
    about: "reads start while the model still writes",
    gain: "starting reads while the model still writes",
    callsPerTurn: "all",
    concurrency: 10,
    eager: "reads",
  },
];
