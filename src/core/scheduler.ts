/**
 * The scheduler: from a call that may start to a call that has settled.
 *
 * It owns the order of things inside one executor: who waits for whom (locks, calls that come first), who gets a slot, the
 * timers of running calls, and what happens when one stops. Batches hand calls in and are told how each ended.
 *
 * 1. State changes inside `step`; a tool's code runs only when nothing is half done, so it may call back in.
 * 2. Locks and calls first, slots second: what became ready together is started in serial order.
 * 3. A call gives back its locks and slots in the step that settles it, but for the writes of an abandoned attempt (G3).
 */
import { Attempt, type AttemptHost, type AttemptResult, type InnerBatch } from "./attempt.ts";
import type { Call, CallRequest } from "./call.ts";
import { Cancellation } from "./cancel.ts";
import { SteppedClock, type Clock } from "./clock.ts";
import { EventStream, type Listener } from "./event.ts";
import {
  attemptFailed,
  cancelled,
  dependencyFailed,
  invalidOutput,
  timedOut,
  type Failure,
} from "./failure.ts";
import type { FiledLanes, Slot } from "./gate.ts";
import { QUEUED, READY, type CallBatch, type LiveCall, type LockListener } from "./live-call.ts";
import type { Outcome } from "./outcome.ts";
import type { Check, Checked } from "./schema.ts";
import { ExecutorScope, LentScope, type Limits, type Scope } from "./scope.ts";
import { textOf } from "./thrown.ts";
import { Timers } from "./timers.ts";
import type { Tool } from "./tool.ts";

/** What a scheduler is made of. */
export interface SchedulerOptions extends Limits {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly listener: Listener | undefined;
  /** Opens a batch of calls inside a running one. */
  readonly openInside: (live: LiveCall, inside: Inside) => InnerBatch;
}

/** Calls to run inside a call: where they find slots and locks, and whether the call has been told to stop. */
export interface Inside {
  readonly scope: Scope<LiveCall>;
  readonly requests: readonly CallRequest[];
  readonly stopped: Cancellation | undefined;
}

/** How an attempt ended, as far as its call is concerned. */
type AttemptEnd =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: Failure };

/** Runs the calls of one executor. */
export class Scheduler implements LockListener, AttemptHost<LiveCall> {
  readonly clock: SteppedClock;
  readonly timers: Timers;
  readonly events: EventStream;
  readonly scope: ExecutorScope<LiveCall>;
  readonly #options: SchedulerOptions;
  /** Calls one of whose blockers is gone, or that depend on a call that failed. */
  readonly #unblocked: LiveCall[] = [];
  readonly #toWake: FiledLanes[] = [];
  #toStart: LiveCall[] = [];
  readonly #lent = new Map<LiveCall, LentScope<LiveCall>>();
  #seq = 0;
  #stepping = false;
  /** The batch whose caller is on the stack: only its calls are started in this very step. */
  #caller: CallBatch | undefined;
  #abandoned = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.clock = new SteppedClock(options.clock);
    this.timers = new Timers(this.clock);
    this.events = new EventStream(options.listener);
    this.scope = new ExecutorScope(options, this.#toWake, (live, slots) => this.#slotsTaken(live, slots));
  }

  /** Attempts that were abandoned and have not stopped yet. */
  get abandoned(): number {
    return this.#abandoned;
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

  /** Puts a call in line. Calls are put in line in serial order; `blockers` counts the calls that it waits for. */
  queue(live: LiveCall, scope: Scope<LiveCall>): void {
    live.moveTo(QUEUED);
    live.seq = this.#seq++;
    live.lane = scope.lane(live.tool as Tool);
    if (live.effects.reads.length + live.effects.writes.length > 0) {
      live.locks = scope.locks.request(live.effects, live);
      if (!live.locks.granted) live.blockers++;
    }
    if (live.blockers === 0 || live.failedDependency !== undefined) this.#unblocked.push(live);
  }

  /** A call that `live` waits for has settled. */
  callDone(live: LiveCall, before: Call): void {
    if (live.settled) return;
    live.waited(this.clock.now(), { for: "call", call: before.key });
    if (--live.blockers === 0) this.#unblocked.push(live);
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

  /** Starts the calls that have their slots and are still wanted. To be called in the context of their batch. */
  startAll(calls: readonly LiveCall[], caller: CallBatch): void {
    this.step(() => {
      for (const live of calls) this.#toStart.push(live);
    }, caller);
  }

  /** Ends a call that does not run; tells one that runs to stop, and ends it so when it has, or after the grace. */
  stop(live: LiveCall, reason: Cancellation): void {
    const { state, reach, waitsFor } = live;
    if (state.at === "stopping" || state.at === "settled") return;
    const failure = reason.by === "timeout" ? timedOut(reason, reach, waitsFor) : cancelled(reason, reach);
    if (state.at === "running") {
      live.moveTo({ ...state, at: "stopping", failure });
      live.timeout?.clear();
      state.attempt.abort(reason);
      live.timeout = this.timers.set(this.#options.graceMs, this.#graceOver, live);
    } else {
      this.fail(live, failure);
    }
  }

  /** Ends a call that needed no attempt of its own. */
  answer(live: LiveCall, output: unknown): void {
    const runningMs = this.clock.now() - live.arrivedAt;
    this.#settle(live, { call: live.call, attempts: 0, queuedMs: 0, runningMs, status: "ok", output });
  }

  /** Ends a call that did not go well. */
  fail(live: LiveCall, failure: Failure): void {
    const { waitsFor } = live;
    if (waitsFor !== undefined) live.waited(this.clock.now(), waitsFor);
    this.#settle(live, live.wentWrong(failure, this.clock.now()));
  }

  idempotencyKey({ call, batch }: LiveCall): string {
    return batch.idempotencyKey(call);
  }

  progressed(live: LiveCall, value: unknown): void {
    if (live.settled) return;
    this.events.emit(
      { type: "call.progress", at: this.clock.now(), call: live.key, value },
      live.batch.listener,
    );
  }

  runInside(live: LiveCall, requests: readonly CallRequest[], stopped: Cancellation | undefined): InnerBatch {
    const { state } = live;
    if (state.at !== "running" && state.at !== "stopping") throw new Error(`call ${live.key} does not run`);
    let scope = this.#lent.get(live);
    if (scope === undefined) {
      const { call, effects, tool } = live;
      const lender = { name: call.name, effects, tool: tool as Tool, slots: state.slots };
      scope = new LentScope(live.batch.scope, lender, this.#toWake);
      this.#lent.set(live, scope);
    }
    return this.#options.openInside(live, { scope, requests, stopped });
  }

  ended(live: LiveCall, result: AttemptResult): void {
    const { checkOutput } = live.tool as Tool;
    if (result.ok && checkOutput !== undefined && live.state.at === "running") {
      this.#checkOutput(live, checkOutput, result.value).catch(() => {});
      return;
    }
    // Not by `step`, whose closure would be the one that every call pays for.
    this.#beginStep(undefined);
    try {
      this.#end(
        live,
        result.ok ? result : { ok: false, failure: attemptFailed(result.thrown, live.writes) },
        result.ok,
      );
      this.#followUp();
    } finally {
      this.#endStep();
    }
  }

  async #checkOutput(live: LiveCall, check: Check, output: unknown): Promise<void> {
    let checked: Checked;
    try {
      checked = await check(output);
    } catch (thrown) {
      checked = { ok: false, message: textOf(thrown, "the check failed without a message") };
    }
    const end: AttemptEnd = checked.ok
      ? checked
      : { ok: false, failure: invalidOutput(checked.message, live.writes) };
    this.step(() => this.#end(live, end, true));
  }

  /** An attempt has `returned`, or thrown. Its call may have been told to stop before, or been given up on. */
  #end(live: LiveCall, end: AttemptEnd, returned: boolean): void {
    const { state } = live;
    if (state.at === "settled") this.#stragglerStopped(live, returned);
    else if (state.at === "stopping") this.#failAttempt(live, state.failure);
    else if (end.ok) this.#settle(live, live.wentWell(end.value, this.clock.now()));
    else this.#failAttempt(live, end.failure);
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
      for (let i = 0; i < this.#toWake.length; i++) (this.#toWake[i] as FiledLanes).wake();
      empty(this.#toWake);
      if (this.#toStart.length === 0) return;
      const starting = this.#toStart;
      this.#toStart = [];
      for (const live of starting) this.#start(live);
    }
  }

  #unblock(live: LiveCall): void {
    if (live.state.at !== "queued") return;
    const tool = live.tool as Tool;
    const failed = tool.onDependencyFailure === "run" ? undefined : this.#failedBefore(live);
    if (failed !== undefined) return this.fail(live, dependencyFailed(failed));
    if (live.blockers > 0) return;
    live.moveTo(READY);
    live.lane?.add(live);
  }

  #failedBefore(live: LiveCall): Call | undefined {
    if (live.failedDependency !== undefined || !live.writes || live.blockers > 0)
      return live.failedDependency;
    return live.batch.failedWriteBefore(live);
  }

  #slotsTaken(live: LiveCall, slots: readonly Slot[]): void {
    live.waited(this.clock.now(), { for: "slot", pool: live.lane?.blockedBy ?? "" });
    live.moveTo({ at: "starting", slots });
    if (live.batch === this.#caller) this.#toStart.push(live);
    else live.batch.startSoon(live);
  }

  #start(live: LiveCall): void {
    const { state } = live;
    if (state.at !== "starting") return;
    const tool = live.tool as Tool;
    const attempt = new Attempt(live, this);
    // The tool before it may have taken its time before it first waited.
    this.clock.freeze();
    live.startedAt = this.clock.now();
    live.moveTo({ at: "running", slots: state.slots, attempt });
    live.timeout = this.timers.set(tool.timeoutMs ?? this.#options.timeoutMs, this.#timedOut, live);
    if (this.events.heard(live.batch.listener)) {
      this.events.emit(
        { type: "call.started", at: this.clock.now(), call: live.key, waits: live.waits },
        live.batch.listener,
      );
    }
    attempt.start(tool, live.input);
  }

  readonly #timedOut = (live: LiveCall): void => {
    const timeoutMs = (live.tool as Tool).timeoutMs ?? this.#options.timeoutMs;
    const reason = new Cancellation("timeout", `${live.call.name} took more than ${timeoutMs} ms`);
    this.step(() => this.stop(live, reason));
  };

  readonly #graceOver = (live: LiveCall): void => this.step(() => this.#abandon(live));

  #failAttempt(live: LiveCall, failure: Failure): void {
    this.events.emit(
      { type: "attempt.failed", at: this.clock.now(), call: live.key, error: failure.error },
      live.batch.listener,
    );
    this.fail(live, failure);
  }

  #abandon(live: LiveCall): void {
    const { state } = live;
    if (state.at !== "stopping") return;
    this.#abandoned++;
    this.events.emit(
      { type: "attempt.abandoned", at: this.clock.now(), call: live.key },
      live.batch.listener,
    );
    this.#settle(live, live.wentWrong(state.failure, this.clock.now()), "abandoned");
    state.attempt.abandon();
  }

  #stragglerStopped(live: LiveCall, returned: boolean): void {
    this.#abandoned--;
    live.locks?.release();
    this.events.emit(
      { type: "attempt.stopped", at: this.clock.now(), call: live.key, returned },
      live.batch.listener,
    );
    live.batch.stragglerStopped();
  }

  #settle(live: LiveCall, outcome: Outcome, attempt: "stopped" | "abandoned" = "stopped"): void {
    const { state } = live;
    live.moveTo({ at: "settled", outcome });
    live.deadline?.clear();
    live.timeout?.clear();
    if (state.at === "ready") live.lane?.withdraw();
    this.#emitSettled(live, outcome);
    live.locks?.release(attempt === "stopped" ? "all" : "reads");
    if ("slots" in state) this.#giveSlots(live, state.slots);
    live.batch.callSettled(live, outcome, attempt);
  }

  #emitSettled(live: LiveCall, outcome: Outcome): void {
    const { listener } = live.batch;
    if (!this.events.heard(listener)) return;
    const settled = { type: "call.settled", at: this.clock.now(), call: live.key, outcome } as const;
    this.events.emit(outcome.attempts > 0 ? settled : { ...settled, waits: live.waits }, listener);
  }

  #giveSlots(live: LiveCall, slots: readonly Slot[]): void {
    const lent = this.#lent.get(live);
    if (lent === undefined) {
      for (const slot of slots) slot.give();
    } else {
      this.#lent.delete(live);
      lent.end();
    }
  }
}

/** `list.length = 0` would throw its memory away, at a high price; these lists are filled again at once. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
