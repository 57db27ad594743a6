/**
 * A pool, as the engine knows it: gates that calls pass, and a back-end that is told how attempts ended. Its limits are
 * made in `limits/`.
 */
import type { WakeList } from "./filed-lanes.ts";
import type { Gate } from "./gate.ts";
import type { Trouble } from "./trouble.ts";

/** What a pool needs of the engine. */
export interface PoolHost {
  /** The clock's time, in milliseconds. */
  now(): number;
  /** For gates: those that have both room and lanes. */
  readonly wakeList: WakeList;
  /** Has `fire` called in `ms` milliseconds, as a step of the engine, and returns what takes that back. */
  after(ms: number, fire: () => void): () => void;
}

/** How an attempt ended, as its back-end is concerned. */
export interface AttemptReport {
  readonly startedAt: number;
  readonly now: number;
  /** `stopped`: somebody stopped it, which says nothing of the back-end. */
  readonly end: "ok" | "failed" | "timed-out" | "stopped";
  /** What its error says, if it failed. */
  readonly trouble: Trouble | undefined;
}

/** What the pools of a call gave when its attempt started, in their order. */
export type Tickets = readonly unknown[];

/** No pool's tickets. */
export const NO_TICKETS: Tickets = [];

/** A shared capacity (contract §1). */
export interface Pool {
  readonly name: string;
  /** What each attempt needs a slot of. */
  readonly gates: readonly Gate[];
  /** Calls that may wait for it. */
  readonly maxQueue: number;
  /** Slots that are taken. */
  readonly running: number;
  /** Slots there are now. */
  readonly limit: number;
  /** Whether a dynamic pool that nobody uses may be forgotten. */
  readonly forgettable: boolean;
  /** For how many milliseconds no attempt is to be made, because the back-end fails; 0 if one may be made. */
  refusesForMs(now: number): number;
  /** An attempt starts, or will unless it is stopped first; what it gives is to be handed back when that ends. */
  attemptStarted(now: number, tool: string): unknown;
  attemptEnded(report: AttemptReport, ticket: unknown): void;
}

/** Makes the pool of a name; undefined if the executor has none of that name. */
export type CreatePool = (name: string, host: PoolHost) => Pool | undefined;
