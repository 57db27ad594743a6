/**
 * A call on its way to its outcome.
 *
 * 1. Its state moves only by `moveTo`, along the arrows of `mayFollow`; it settles once (G1).
 * 2. Its waits follow one another without a gap: from its arrival to its start, each moment is explained (contract §9).
 */
import type { Call } from "./call.ts";
import { ARRIVING, mayFollow, type CallState } from "./call-state.ts";
import { STATIC_EFFECTS, type ResolvedEffects } from "./effects.ts";
import type { Listener, Wait, WaitFor } from "./event.ts";
import type { Failure, Reach } from "./failure.ts";
import type { Capacity, Slot } from "./gate.ts";
import type { Hedge } from "./hedge.ts";
import type { Lane, Waiting } from "./lane.ts";
import type { LockOwner, LockRequest } from "./lock-node.ts";
import type { Outcome } from "./outcome.ts";
import { NO_POOLS, type PoolPlace } from "./pools.ts";
import type { Scope } from "./scope.ts";
import type { Flight, Sharer } from "./sharing.ts";
import type { Deadline } from "./timers.ts";
import type { Tool } from "./tool.ts";
import type { Unresolved } from "./unresolved.ts";

/** What a call needs of its batch. */
export interface CallBatch {
  readonly listener: Listener | undefined;
  readonly scope: Scope;
  /** When its time is over; `Infinity` for never. */
  readonly endsAt: number;
  /** A call before this one, in serial order, that failed to write what this one writes. */
  failedWriteBefore(live: LiveCall): Call | undefined;
  /** The call has its outcome. */
  callSettled(live: LiveCall, outcome: Outcome): void;
  /** The calls are done that its input refers to. */
  resolve(live: LiveCall): void;
  /** An attempt of the call that runs on is waited for no more. */
  stragglerLeft(): void;
  /** It has stopped after all. */
  stragglerStopped(): void;
  /** A time that was set for the call alone is over. */
  callTookTooLong(live: LiveCall, message: string): void;
  /** Whether it is known how urgent its calls are. */
  readonly isRanked: boolean;
  /** There are more calls than may start: finds out how urgent each is. */
  rank(): void;
  /** Has the call started in the batch's own asynchronous context. */
  startSoon(live: LiveCall): void;
  idempotencyKey(call: Call): string;
}

/** Told when a call has what it waited for. */
export interface CallListener {
  locksGranted(live: LiveCall): void;
  slotsTaken(live: LiveCall, slots: readonly Slot[]): void;
  leaderDone(live: LiveCall, leader: Call, outcome: Outcome | undefined): void;
}

const NONE: readonly Wait[] = [];
const NO_CALLS: readonly LiveCall[] = [];

/** A call on its way to its outcome. */
export class LiveCall implements LockOwner, Waiting, Sharer {
  /** As it runs: once the references in its input are resolved, with what they stand for. */
  call: Call;
  readonly batch: CallBatch;
  readonly #listener: CallListener;
  /** The place in the serial order of its batch. */
  order: number;
  /** The place in the serial order of the executor, once it is queued. */
  seq = -1;
  urgency = 0;
  tool: Tool | undefined = undefined;
  /** The input as the tool gets it. */
  input: unknown = undefined;
  effects: ResolvedEffects = STATIC_EFFECTS.none;
  /** Whether it runs only if somebody says so, and nobody has yet. */
  gated = false;
  lane: Lane | undefined = undefined;
  pools: readonly PoolPlace<LiveCall>[] = NO_POOLS;
  locks: LockRequest | undefined = undefined;
  /** What it waits for while it is queued: calls that come first, and its locks as one. */
  blockers = 0;
  /** A call that it depends on and that did not succeed. */
  failedDependency: Call | undefined = undefined;
  /** A call that it waits for, other than for a lock. */
  comesAfter: { readonly call: Call } | undefined = undefined;
  /** The calls that it comes after by name, and those that come after it. */
  before: readonly LiveCall[] = NO_CALLS;
  behind: LiveCall[] | undefined = undefined;
  /** What its input lacks. */
  unresolved: Unresolved<LiveCall> | undefined = undefined;
  /** The calls before and behind this one in the strict order of `concurrency: 1`. */
  predecessor: LiveCall | undefined = undefined;
  follower: LiveCall | undefined = undefined;
  deadline: Deadline | undefined = undefined;
  /** While its input is checked, the time for that; while it backs off, until it is tried again. */
  timer: Deadline | undefined = undefined;
  readonly arrivedAt: number;
  /** When its first attempt started. */
  startedAt: number | undefined = undefined;
  /** Attempts that were started. */
  attempts = 0;
  /** An attempt has failed that may have taken effect. */
  unsure = false;
  /** The second attempt that may join the first, until it runs. */
  hedge: Hedge | undefined = undefined;
  /** How long each gate of its lane had kept that before the call waited there. */
  blockedBefore: readonly number[] | undefined = undefined;
  /** The execution that it shares with calls that are the same. */
  flight: Flight | undefined = undefined;
  #waits: Wait[] | undefined = undefined;
  #waitingSince: number;
  #state: CallState<LiveCall> = ARRIVING;

  /** The call that wraps it, if it came in one that does not exist. */
  readonly wrapper: LiveCall | undefined;

  constructor(
    call: Call,
    batch: CallBatch,
    options: { now: number; order: number; listener: CallListener; wrapper: LiveCall | undefined },
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

  get state(): CallState<LiveCall> {
    return this.#state;
  }

  /** What it has waited for, and how long each time, since this was last asked. */
  tellWaits(): readonly Wait[] {
    const waits = this.#waits ?? NONE;
    this.#waits = undefined;
    return waits;
  }

  /** How it ended. Only once it has. */
  get outcome(): Outcome {
    if (this.#state.at !== "settled") throw new Error(`call ${this.key} has not settled`);
    return this.#state.outcome;
  }

  get settled(): boolean {
    return this.#state.at === "settled";
  }

  get spare(): boolean {
    return false;
  }

  get waiting(): boolean {
    return this.#state.at === "ready";
  }

  get writes(): boolean {
    return this.effects.writes.length + this.effects.commutes.length > 0;
  }

  /** How far it has come: what an outcome may claim (G7). */
  get reach(): Reach {
    const { attempts, writes, unsure } = this;
    const { at } = this.#state;
    return { attempts, writes, unsure, running: at === "running" || at === "stopping" };
  }

  /** The outcome of a call whose attempt gave a value. */
  wentWell(output: unknown, now: number): Outcome {
    const { call, attempts } = this;
    const queuedMs = this.#queuedMs(now);
    return { call, attempts, queuedMs, runningMs: this.#runningMs(now), status: "ok", output };
  }

  /** The outcome of a call that failed, whether or not it was started. */
  wentWrong({ status, error }: Failure, now: number): Outcome {
    const { call, attempts } = this;
    const queuedMs = this.#queuedMs(now);
    // What an earlier attempt may have done, it may have done whatever the last one says.
    const whole = this.unsure && !error.mayHaveTakenEffect ? { ...error, mayHaveTakenEffect: true } : error;
    return { call, attempts, queuedMs, runningMs: this.#runningMs(now), status, error: whole };
  }

  /** The outcome of a call that shares what another's attempt gave. */
  shares(outcome: Outcome, now: number): Outcome {
    const { call } = this;
    return { ...outcome, call, attempts: 0, queuedMs: this.#queuedMs(now), runningMs: 0 };
  }

  moveTo(state: CallState<LiveCall>): void {
    if (!mayFollow(this.#state.at, state.at)) {
      throw new Error(`call ${this.key} cannot go from ${this.#state.at} to ${state.at}`);
    }
    this.#state = state;
  }

  get isRanked(): boolean {
    return this.batch.isRanked;
  }

  rank(): void {
    this.batch.rank();
  }

  locksGranted(): void {
    this.#listener.locksGranted(this);
  }

  slotsTaken(slots: readonly Slot[]): void {
    this.#listener.slotsTaken(this, slots);
  }

  leaderDone(leader: Call, outcome: Outcome | undefined): void {
    this.#listener.leaderDone(this, leader, outcome);
  }

  /** What it waits for now; undefined once it has its slots. */
  get waitsFor(): WaitFor | undefined {
    switch (this.#state.at) {
      case "arriving":
        return { for: "validation" };
      case "held":
        return (
          (this.#state.until === "approval" ? this.#inputWaitsFor() : undefined) ?? { for: this.#state.until }
        );
      case "sharing":
        return { for: "call", call: this.flight?.leader.call.key ?? "" };
      case "backing-off":
        return { for: "retry" };
      case "queued": {
        const lock = this.locks?.granted === false ? this.locks.waitsFor() : undefined;
        const calls = this.blockers - (lock === undefined ? 0 : 1);
        const input = this.#inputWaitsFor();
        if (input !== undefined) return input;
        const ahead =
          calls > 0 ? (this.before.find(({ settled }) => !settled) ?? this.comesAfter) : undefined;
        if (ahead !== undefined) return { for: "call", call: ahead.call.key };
        return lock && { for: "lock", ...lock };
      }
      case "ready":
        return this.#waitsForRoom();
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

  /** The wait for room has ended: how long it was for each gate, whatever their turns. */
  waitedForRoom(now: number): void {
    const { lane, blockedBefore: before } = this;
    const total = now - this.#waitingSince;
    if (total <= 0 || lane === undefined) return;
    this.#waitingSince = now;
    const blocked = before && lane.blockedMs();
    if (before === undefined || blocked === undefined) return this.#waitedFor(lane.gates[0], total);
    const kept: number[] = [];
    for (let i = 0; i < lane.gates.length; i++)
      if ((blocked[i] as number) > (before[i] as number)) kept.push(i);
    // What was in the way last comes last, whatever else it was before.
    if (kept.length > 1) kept.sort((a, b) => lane.blockedUntil(a) - lane.blockedUntil(b));
    for (const i of kept)
      this.#waitedFor(lane.gates[i] as Capacity, (blocked[i] as number) - (before[i] as number));
  }

  #waitedFor({ kind, name }: Capacity, ms: number): void {
    if (this.#waits === undefined) this.#waits = [{ for: kind, pool: name, ms }];
    else this.#waits.push({ for: kind, pool: name, ms });
  }

  /** It waits again, from now on. */
  waitsAgain(now: number): void {
    this.#waitingSince = now;
  }

  /** Where its input is not whole, nothing else is waited for. */
  #inputWaitsFor(): WaitFor | undefined {
    if (this.unresolved === undefined) return undefined;
    if (this.unresolved.checking) return { for: "validation" };
    const ahead = this.before.find(({ settled }) => !settled);
    return ahead && { for: "call", call: ahead.key };
  }

  #waitsForRoom(): WaitFor {
    const { lane } = this;
    if (lane === undefined) return { for: "slot", pool: "" };
    return { for: lane.blockedBy.kind, pool: lane.blockedBy.name };
  }

  #queuedMs(now: number): number {
    return (this.startedAt ?? now) - this.arrivedAt;
  }

  #runningMs(now: number): number {
    return this.startedAt === undefined ? 0 : now - this.startedAt;
  }
}
