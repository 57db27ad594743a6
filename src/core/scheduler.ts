/**
 * The scheduler: from a call that may start to a call that has settled.
 *
 * It owns the order of things inside one executor: who waits for whom (locks, calls that come first, calls that are the
 * same), who gets a slot, and what follows when a call settles. Attempts are the runner's, pools are those of `BackEnds`.
 * Batches hand calls in and are told how each ended.
 *
 * 1. State changes inside `step`; a tool's code runs only when nothing is half done, so it may call back in.
 * 2. Locks and calls first, slots second: of what became ready together the most urgent starts first.
 * 3. A call gives back its locks and slots in the step that settles it, but for the writes of an abandoned attempt (G3).
 */
import { BackEnds } from "./back-ends.ts";
import type { Call } from "./call.ts";
import type { Cancellation } from "./cancel.ts";
import { SteppedClock, type Clock } from "./clock.ts";
import { Durations } from "./durations.ts";
import type { ResolvedEffects } from "./effects.ts";
import type { CallEvent, Listener } from "./event.ts";
import { EventStream } from "./event-stream.ts";
import { cancelled, denied, dependencyFailed, timedOut, type Failure } from "./failure.ts";
import { Gathering } from "./gathering.ts";
import type { FiledLanes } from "./filed-lanes.ts";
import type { Slot } from "./gate.ts";
import { QUEUED, READY, SHARING, type Start } from "./call-state.ts";
import { LiveCall, type CallBatch, type CallListener } from "./live-call.ts";
import type { Outcome } from "./outcome.ts";
import { NO_TICKETS, type CreatePool, type PoolHost } from "./pool.ts";
import { Pools } from "./pools.ts";
import { Runner, type RunnerHost, type RunnerOptions } from "./runner.ts";
import { ExecutorScope, type Limits, type Scope } from "./scope.ts";
import { isShareable } from "./sharing.ts";
import { Timers } from "./timers.ts";
import type { Tool } from "./tool.ts";
import { rank } from "./urgency.ts";

/** What a scheduler is made of. */
export interface SchedulerOptions extends Limits, RunnerOptions {
  readonly clock: Clock;
  readonly listener: Listener | undefined;
  readonly createPool: CreatePool;
  readonly poolNames: readonly string[];
}

/** Runs the calls of one executor. */
export class Scheduler implements CallListener, RunnerHost {
  readonly clock: SteppedClock;
  readonly timers: Timers;
  readonly events: EventStream;
  readonly scope: ExecutorScope;
  readonly pools: Pools<LiveCall>;
  readonly backEnds: BackEnds;
  readonly runner: Runner;
  readonly durations = new Durations();
  /** Gates that have both room and lanes. */
  readonly toWake: FiledLanes[] = [];
  /** Calls one of whose blockers is gone, or that depend on a call that failed. */
  readonly #unblocked: LiveCall[] = [];
  #toStart: LiveCall[] = [];
  #seq = 0;
  #stepping = false;
  /** The batch whose caller is on the stack: only its calls are started in this very step. */
  #caller: CallBatch | undefined;

  constructor(options: SchedulerOptions) {
    this.clock = new SteppedClock(options.clock);
    this.timers = new Timers(this.clock);
    this.events = new EventStream(options.listener);
    this.scope = new ExecutorScope(options, this.toWake, () => this.clock.now());
    const host: PoolHost = {
      now: () => this.clock.now(),
      wakeList: this.toWake,
      after: (ms, fire) => {
        const deadline = this.timers.set(ms, () => this.step(fire), undefined);
        return () => deadline?.clear();
      },
    };
    this.pools = new Pools(options.createPool, host, options.poolNames);
    this.backEnds = new BackEnds({
      now: () => this.clock.now(),
      fail: (live, failure) => this.fail(live, failure),
    });
    this.runner = new Runner(this, options);
  }

  /**
   * Changes state, and then does everything that follows from it. `caller` is the batch on whose behalf the code on the
   * stack runs; the calls of others are started in their own asynchronous context.
   */
  step(change: () => void, caller?: CallBatch): void {
    if (this.#stepping) return change();
    this.#beginStep(caller);
    try {
      change();
      this.#followUp();
    } finally {
      this.#endStep();
    }
  }

  /** A step that every call takes: without the closure of `step`. */
  stepWith<A, B>(change: (a: A, b: B) => void, a: A, b: B): void {
    this.#beginStep(undefined);
    try {
      change(a, b);
      this.#followUp();
    } finally {
      this.#endStep();
    }
  }

  /** Puts a call in line. Calls are put in line in serial order; `blockers` counts the calls that it waits for. */
  queue(live: LiveCall, scope: Scope): void {
    live.moveTo(QUEUED);
    live.seq = this.#seq++;
    live.lane = scope.lane(live.tool as Tool, live.pools);
    if (live.writes || live.effects.reads.length > 0) {
      live.locks = scope.locks.request(live.effects, live);
      if (!live.locks.granted) live.blockers++;
    }
    if (live.blockers === 0) this.#unblocked.push(live);
    else this.look(live);
  }

  /** Has it looked whether a call that waits must fail, or may have its input made whole. */
  look(live: LiveCall): void {
    if (live.failedDependency !== undefined || live.unresolved?.unsettled === 0) this.#unblocked.push(live);
  }

  /** A call's input is whole, and with it is known what it touches. */
  resolved(live: LiveCall, effects: ResolvedEffects): void {
    const { scope } = live.batch;
    live.unresolved = undefined;
    if (live.state.at === "queued") {
      live.lane = scope.lane(live.tool as Tool, live.pools);
      if (live.locks !== undefined && effects !== live.effects) scope.locks.narrow(live.locks, effects);
    }
    live.effects = effects;
    if (--live.blockers === 0) this.#unblocked.push(live);
  }

  /** A call that `live` waits for has settled. */
  callDone(live: LiveCall, before: Call): void {
    if (live.settled) return;
    live.waited(this.clock.now(), { for: "call", call: before.key });
    if (--live.blockers === 0) this.#unblocked.push(live);
    else this.look(live);
  }

  /** A call that `live` depends on did not succeed. */
  dependencyFailed(live: LiveCall, dependency: Call): void {
    live.failedDependency ??= dependency;
    this.#unblocked.push(live);
  }

  locksGranted(live: LiveCall): void {
    const wait = live.locks?.waitsFor();
    // While it also waits for a call, the locks are not what keeps it.
    if (live.blockers === 1 && wait !== undefined) {
      live.waited(this.clock.now(), { for: "lock", ...wait });
    }
    if (--live.blockers === 0) this.#unblocked.push(live);
  }

  /** A call that waited for one that is the same ends with it, or runs itself. */
  leaderDone(live: LiveCall, leader: Call, outcome: Outcome | undefined): void {
    const now = this.clock.now();
    live.waited(now, { for: "call", call: leader.key });
    if (outcome !== undefined && isShareable(outcome)) this.settle(live, live.shares(outcome, now));
    else this.#share(live);
  }

  /** Starts the calls that have their slots and are still wanted. To be called in the context of their batch. */
  startAll(calls: readonly LiveCall[], caller: CallBatch): void {
    this.step(() => {
      for (const live of calls) this.#toStart.push(live);
    }, caller);
  }

  /** A call has its slots: it starts, and with it those of its kind that may run together with it. */
  slotsTaken(live: LiveCall, slots: readonly Slot[]): void {
    live.waitedForRoom(this.clock.now());
    const refused = live.pools.length === 0 ? undefined : this.backEnds.refused(live);
    if (refused !== undefined) {
      live.moveTo({ at: "starting", slots, tickets: NO_TICKETS, gathering: undefined });
      return this.fail(live, refused);
    }
    if (live.pools.length > 0) this.backEnds.waitNoMore(live);
    const start: Start<LiveCall> = {
      at: "starting",
      slots,
      tickets: this.backEnds.attemptStarted(live),
      gathering: undefined,
    };
    const maxSize = live.tool?.gather?.maxSize;
    if (maxSize === undefined) this.#startSoon(live, start);
    else this.#startTogether([live, ...takeMates(live, maxSize - 1)], start);
  }

  /** Finds out how urgent the calls of a batch are; false if nothing tells them apart. */
  rank(calls: readonly LiveCall[]): boolean {
    return rank(calls, ({ tool, input }) => this.durations.expectedMs(tool, input));
  }

  /** Ends a call that does not run; tells one that runs to stop, and ends it so when it has, or after the grace. */
  stop(live: LiveCall, reason: Cancellation): void {
    const { state, reach, waitsFor } = live;
    if (state.at === "stopping" || state.at === "settled") return;
    const failure = reason.by === "timeout" ? timedOut(reason, reach, waitsFor) : cancelled(reason, reach);
    if (state.at === "running") {
      this.runner.stop(live, failure, reason);
      if (live.flight?.leader === live) live.batch.scope.sharing.leaderStopped(live.flight);
      return;
    }
    // Nobody has said yes (contract: a decision that is pending counts as no).
    const unasked =
      live.gated && state.at === "held" && state.until === "approval" && reason.by !== "timeout";
    this.fail(live, unasked ? denied(`${reason.message}, before it was approved`, reason) : failure);
  }

  /** Ends a call that needed no attempt of its own. */
  answer(live: LiveCall, output: unknown): void {
    const now = this.clock.now();
    this.settle(live, {
      call: live.call,
      attempts: 0,
      queuedMs: 0,
      runningMs: now - live.arrivedAt,
      status: "ok",
      output,
    });
  }

  /** Ends a call that did not go well. */
  fail(live: LiveCall, failure: Failure): void {
    const { waitsFor, state } = live;
    if (state.at === "ready") live.waitedForRoom(this.clock.now());
    else if (waitsFor !== undefined) live.waited(this.clock.now(), waitsFor);
    this.settle(live, live.wentWrong(failure, this.clock.now()));
  }

  /** A call has its outcome; an attempt that was given up on may still write, so `"reads"` keeps what it writes locked. */
  settle(live: LiveCall, outcome: Outcome, release: "all" | "reads" = "all"): void {
    const { state } = live;
    live.moveTo({ at: "settled", outcome });
    live.deadline?.clear();
    live.timer?.clear();
    if (state.at === "ready") live.lane?.withdraw();
    if (state.at === "starting") for (const slot of state.slots) slot.give();
    if (live.pools.length > 0) this.backEnds.settled(live, state);
    this.#emitSettled(live, outcome);
    live.locks?.release(release);
    if (live.flight?.leader === live) live.batch.scope.sharing.land(live.flight, outcome, this.clock.now());
    live.batch.callSettled(live, outcome);
  }

  /** Has a call wait for room, unless its back-end is to be left alone. */
  makeReady(live: LiveCall): void {
    if (live.pools.length > 0) {
      const refused = this.backEnds.refused(live);
      if (refused !== undefined) return this.fail(live, refused);
      this.backEnds.wait(live);
    }
    live.moveTo(READY);
    live.blockedBefore = live.lane?.blockedMs();
    live.lane?.add(live);
  }

  /** Tells of something that has happened to a call. */
  emit(live: LiveCall, event: CallEvent): void {
    const { listener } = live.batch;
    if (this.events.heard(listener)) this.events.emit({ ...event, at: this.clock.now() }, listener);
  }

  /** Tells that a call's first attempt starts. */
  emitStarted(live: LiveCall, at: number): void {
    const { listener } = live.batch;
    if (!this.events.heard(listener)) return;
    const started = { type: "call.started", at, call: live.key, waits: live.tellWaits() } as const;
    this.events.emit(
      live.pools.length === 0 ? started : { ...started, pools: live.pools.map(({ pool }) => pool.name) },
      listener,
    );
  }

  /** Tells that a call is tried again, or twice at once. */
  emitAgain(live: LiveCall, attempt: number, as: "retry" | "hedge"): void {
    const { key } = live;
    this.emit(live, { type: "attempt.started", call: key, attempt, as, waits: live.tellWaits() });
  }

  #startTogether(calls: readonly LiveCall[], { slots, tickets }: Start<LiveCall>): void {
    const gathering = new Gathering(calls, slots);
    for (const member of calls) {
      if (member.state.at === "ready") member.waitedForRoom(this.clock.now());
      this.backEnds.waitNoMore(member);
      this.#startSoon(member, { at: "starting", slots: [gathering], tickets, gathering });
    }
  }

  #startSoon(live: LiveCall, start: Start<LiveCall>): void {
    live.moveTo(start);
    if (live.batch === this.#caller) this.#toStart.push(live);
    else live.batch.startSoon(live);
  }

  /** A call that may share could start: it does, or waits for one that is the same. */
  #share(live: LiveCall): void {
    const joined = live.batch.scope.sharing.join(live, this.clock.now());
    if (joined.as === "known") this.settle(live, live.wentWell(joined.output, this.clock.now()));
    else if (joined.as === "leader") this.makeReady(live);
    else if (live.state.at === "queued") live.moveTo(SHARING);
  }

  #beginStep(caller: CallBatch | undefined): void {
    this.#stepping = true;
    this.#caller = caller;
    this.clock.freeze();
  }

  #endStep(): void {
    this.#stepping = false;
    this.#caller = undefined;
    this.clock.release();
  }

  #followUp(): void {
    for (;;) {
      // By index: each of these may add to the list that is walked.
      for (let i = 0; i < this.#unblocked.length; i++) this.#unblock(this.#unblocked[i] as LiveCall);
      empty(this.#unblocked);
      if (this.backEnds.pending) this.backEnds.leaveAlone();
      for (let i = 0; i < this.toWake.length; i++) (this.toWake[i] as FiledLanes).wake();
      empty(this.toWake);
      if (this.backEnds.pending) this.backEnds.turnAway();
      if (this.#toStart.length > 0) this.#startAll();
      else if (this.#isDone) return;
    }
  }

  /** Whether nothing follows any more. */
  get #isDone(): boolean {
    return this.#unblocked.length + this.toWake.length === 0 && !this.backEnds.pending;
  }

  #startAll(): void {
    const starting = this.#toStart;
    this.#toStart = [];
    for (const live of starting) this.runner.start(live);
  }

  #unblock(live: LiveCall): void {
    const { state, unresolved } = live;
    const isHeld = state.at === "held" && state.until === "approval";
    if (state.at !== "queued" && !isHeld) return;
    const tool = live.tool as Tool;
    // Without the value there is nothing to run with.
    const runs = tool.onDependencyFailure === "run" && !lacksValue(live);
    const failed = runs ? undefined : this.#failedBefore(live);
    if (failed !== undefined) return this.fail(live, dependencyFailed(failed));
    if (unresolved?.unsettled === 0) return live.batch.resolve(live);
    if (live.blockers > 0 || isHeld) return;
    if (tool.share !== undefined && !live.writes) this.#share(live);
    else this.makeReady(live);
  }

  #failedBefore(live: LiveCall): Call | undefined {
    if (live.failedDependency !== undefined || !live.writes || live.blockers > 0)
      return live.failedDependency;
    return live.batch.failedWriteBefore(live);
  }

  #emitSettled(live: LiveCall, outcome: Outcome): void {
    const { listener } = live.batch;
    if (!this.events.heard(listener)) return;
    const settled = { type: "call.settled", at: this.clock.now(), call: live.key, outcome } as const;
    const waits = live.tellWaits();
    this.events.emit(waits.length === 0 ? settled : { ...settled, waits }, listener);
  }
}

/** Whether a call refers to one that did not go well. */
function lacksValue({ unresolved }: LiveCall): boolean {
  for (const target of unresolved?.targets.values() ?? [])
    if (target.settled && target.outcome.status !== "ok") return true;
  return false;
}

/** Takes calls that wait for the very same out of their lane, to run together with this one. */
function takeMates(live: LiveCall, most: number): LiveCall[] {
  const mates: LiveCall[] = [];
  live.lane?.takeWhere((item) => {
    if (mates.length >= most || !(item instanceof LiveCall) || item.tool !== live.tool) return false;
    mates.push(item);
    return true;
  });
  return mates;
}

/** `list.length = 0` would throw its memory away, at a high price; these lists are filled again at once. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
