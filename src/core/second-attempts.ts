/** Whether a call is tried again, or twice at once, as the engine asks it. The answers are made in `limits/`. */
import type { AttemptReport, Pool } from "./pool.ts";
import type { Tool } from "./tool.ts";

/** An attempt that failed, and whether it may be made again. */
export interface FailedAttempt extends AttemptReport {
  /** Attempts of the call so far. */
  readonly attempts: number;
  /** What is left of the call's time, and of its batch's. */
  readonly leftMs: number;
}

/** The further attempts of one tool's calls. */
export interface SecondAttempts {
  /** The first attempt of a call starts. */
  firstStarted(pools: readonly Pool[], now: number): void;
  /** An attempt has ended. */
  ended(pools: readonly Pool[], report: AttemptReport): void;
  /** In how many milliseconds an attempt that failed is to be made again; undefined if it is not. Counts against the budget. */
  retryInMs(pools: readonly Pool[], failed: FailedAttempt): number | undefined;
  /** After how many milliseconds a slow attempt of a reader gets a second one beside it; undefined for never. */
  hedgeAfterMs(): number | undefined;
  /** Whether the budget allows a hedge now; counts against it. */
  mayHedge(pools: readonly Pool[], now: number): boolean;
}

/** Makes what a tool needs; undefined for a tool whose calls are tried once. */
export type CreateSecondAttempts = (tool: Tool) => SecondAttempts | undefined;
