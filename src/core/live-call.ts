/**
 * A call on its way to its outcome.
 *
 * 1. Its state moves only by `moveTo`, along the arrows of `mayFollow`; it settles once (G1).
 * 2. Its waits follow one another without a gap: from its arrival to its start, each moment is explained (contract §9).
 */
import type { Attempt } from "./attempt.ts";
import type { Call } from "./call.ts";
import { STATIC_EFFECTS, type ResolvedEffects } from "./effects.ts";
import type { Listener, Wait, WaitFor } from "./event.ts";
import type { Failure, Reach } from "./failure.ts";
import type { Scope } from "./scope.ts";
import type { Lane, Slot, Waiting } from "./gate.ts";
import type { LockOwner, LockRequest } from "./lock-node.ts";
import type { Outcome } from "./outcome.ts";
import type { Deadline } from "./timers.ts";
import type { Tool } from "./tool.ts";

/** Where a call is on its way. */
export type CallState =
  /** Its input is being checked, or that of a call before it. */
  | { readonly at: "arriving" }
  /** It may start only when the batch closes. */
  | { readonly at: "held" }
  /** It waits for calls before it and for its locks. */
  | { readonly at: "queued" }
  /** It waits for slots. */
  | { readonly at: "ready" }
  /** It has its slots, and starts before anything else happens. */
  | { readonly at: "starting"; readonly slots: readonly Slot[] }
  | { readonly at: "running"; readonly slots: readonly Slot[]; readonly attempt: Attempt<LiveCall> }
  /** It was told to stop, and ends as `failure` when it has, or when the grace is over. */
  | {
      readonly at: "stopping";
      readonly slots: readonly Slot[];
      readonly attempt: Attempt<LiveCall>;
      readonly failure: Failure;
    }
  | { readonly at: "settled"; readonly outcome: Outcome };

/** What a call needs of its batch. */
export interface CallBatch {
  readonly listener: Listener | undefined;
  readonly scope: Scope<LiveCall>;
  /** A call before this one, in serial order, that failed to write what this one writes. */
  failedWriteBefore(live: LiveCall): Call | undefined;
  /** The call has its outcome. */
  callSettled(live: LiveCall, outcome: Outcome, attempt: "stopped" | "abandoned"): void;
  /** An abandoned attempt of the call has stopped after all. */
  stragglerStopped(): void;
  /** A time that was set for the call alone is over. */
  callTookTooLong(live: LiveCall, message: string): void;
  /** Has the call started in the batch's own asynchronous context. */
  startSoon(live: LiveCall): void;
  idempotencyKey(call: Call): string;
}

/** Told when a call's locks are granted. */
export interface LockListener {
  locksGranted(live: LiveCall): void;
}

const NONE: readonly Wait[] = [];

/** The states that carry nothing are made once. */
const ARRIVING: CallState = { at: "arriving" };
/** The state of every held call. */
export const HELD: CallState = { at: "held" };
/** The state of every queued call. */
export const QUEUED: CallState = { at: "queued" };
/** The state of every call that waits for slots. */
export const READY: CallState = { at: "ready" };

/** A call on its way to its outcome. */
export class LiveCall implements LockOwner, Waiting {
  readonly call: Call;
  readonly batch: CallBatch;
  readonly #listener: LockListener;
  /** The place in the serial order of its batch. */
  order: number;
  /** The place in the serial order of the executor, once it is queued. */
  seq = -1;
  tool: Tool | undefined = undefined;
  /** The input as the tool gets it. */
  input: unknown = undefined;
  effects: ResolvedEffects = STATIC_EFFECTS.none;
  lane: Lane<LiveCall> | undefined = undefined;
  locks: LockRequest | undefined = undefined;
  /** What it waits for while it is queued: calls that come first, and its locks as one. */
  blockers = 0;
  /** A call that it depends on and that did not succeed. */
  failedDependency: Call | undefined = undefined;
  /** A call that it waits for, other than for a lock. */
  comesAfter: Call | undefined = undefined;
  /** The calls before and behind this one in the strict order of `concurrency: 1`. */
  predecessor: LiveCall | undefined = undefined;
  follower: LiveCall | undefined = undefined;
  deadline: Deadline | undefined = undefined;
  timeout: Deadline | undefined = undefined;
  readonly arrivedAt: number;
  startedAt: number | undefined = undefined;
  #waits: Wait[] | undefined = undefined;
  #waitingSince: number;
  #state: CallState = ARRIVING;

  /** The call that wraps it, if it came in one that does not exist. */
  readonly wrapper: LiveCall | undefined;

  constructor(
    call: Call,
    batch: CallBatch,
    options: { now: number; order: number; listener: LockListener; wrapper: LiveCall | undefined },
  ) {
    this.call = call;
    this.batch = batch;
    this.#listener = options.listener;
    this.order = options.order;
    this.wrapper = options.wrapper;
    this.arrivedAt = this.#waitingSince = options.now;
  }

  get key(): string {
    return this.call.key;
  }

  get state(): CallState {
    return this.#state;
  }

  /** What it has waited for, and how long each time. */
  get waits(): readonly Wait[] {
    return this.#waits ?? NONE;
  }

  /** How it ended. Only once it has. */
  get outcome(): Outcome {
    if (this.#state.at !== "settled") throw new Error(`call ${this.key} has not settled`);
    return this.#state.outcome;
  }

  get settled(): boolean {
    return this.#state.at === "settled";
  }

  get waiting(): boolean {
    return this.#state.at === "ready";
  }

  get writes(): boolean {
    return this.effects.writes.length > 0;
  }

  /** How far it has come: what an outcome may claim (G7). */
  get reach(): Reach {
    return { started: this.startedAt !== undefined, writes: this.writes };
  }

  /** The outcome of a call whose attempt gave a value. */
  wentWell(output: unknown, now: number): Outcome {
    const { call } = this;
    return {
      call,
      attempts: 1,
      queuedMs: this.#queuedMs(now),
      runningMs: this.#runningMs(now),
      status: "ok",
      output,
    };
  }

  /** The outcome of a call that failed, whether or not it was started. */
  wentWrong({ status, error }: Failure, now: number): Outcome {
    const { call, startedAt } = this;
    const attempts = startedAt === undefined ? 0 : 1;
    return { call, attempts, queuedMs: this.#queuedMs(now), runningMs: this.#runningMs(now), status, error };
  }

  moveTo(state: CallState): void {
    if (!mayFollow(this.#state.at, state.at)) {
      throw new Error(`call ${this.key} cannot go from ${this.#state.at} to ${state.at}`);
    }
    this.#state = state;
  }

  locksGranted(): void {
    this.#listener.locksGranted(this);
  }

  /** What it waits for now; undefined once it has its slots. */
  get waitsFor(): WaitFor | undefined {
    switch (this.#state.at) {
      case "arriving":
        return { for: "validation" };
      case "held":
        return { for: "close" };
      case "queued": {
        const lock = this.locks?.granted === false ? this.locks.waitsFor() : undefined;
        const calls = this.blockers - (lock === undefined ? 0 : 1);
        if (calls > 0 && this.comesAfter !== undefined) return { for: "call", call: this.comesAfter.key };
        return lock && { for: "lock", ...lock };
      }
      case "ready":
        return { for: "slot", pool: this.lane?.blockedBy ?? "" };
      case "starting":
      case "running":
      case "stopping":
      case "settled":
        return undefined;
    }
  }

  /** A wait has ended: what it was for, and, unless it took no time, how long it was. */
  waited(now: number, waitFor: WaitFor): void {
    const ms = now - this.#waitingSince;
    this.#waitingSince = now;
    if (ms <= 0) return;
    if (this.#waits === undefined) this.#waits = [{ ...waitFor, ms }];
    else this.#waits.push({ ...waitFor, ms });
  }

  #queuedMs(now: number): number {
    return (this.startedAt ?? now) - this.arrivedAt;
  }

  #runningMs(now: number): number {
    return this.startedAt === undefined ? 0 : now - this.startedAt;
  }
}

function mayFollow(from: CallState["at"], to: CallState["at"]): boolean {
  switch (from) {
    case "arriving":
      return to === "held" || to === "queued" || to === "settled";
    case "held":
      return to === "queued" || to === "settled";
    case "queued":
      return to === "ready" || to === "settled";
    case "ready":
      return to === "starting" || to === "settled";
    case "starting":
      return to === "running" || to === "settled";
    case "running":
      return to === "stopping" || to === "settled";
    case "stopping":
      return to === "settled";
    case "settled":
      return false;
  }
}
