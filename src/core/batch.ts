/**
 * An open batch: the calls of one turn, from the first that is added until all have settled.
 *
 * It owns what a turn is: the model's order, what may start before the turn is over, who in the batch depends on whom, and
 * the end of it. How a call gets to run is the scheduler's.
 *
 * 1. It settles with one outcome per call, in call order (G1), or not at all if it was discarded.
 * 2. Calls get in line in serial order. Until the batch closes, those that may not start yet, and those that conflict with
 *    one of them, are held out of the line.
 */
import type { InnerBatch } from "./attempt.ts";
import type { Call, CallRequest } from "./call.ts";
import { Cancellation, onAbort } from "./cancel.ts";
import { Dependencies } from "./dependencies.ts";
import type { ResolvedEffects } from "./effects.ts";
import { TuttiError } from "./errors.ts";
import type { Listener } from "./event.ts";
import { cancelled, invalidEffects, overLimit, timedOut, truncated, type Failure } from "./failure.ts";
import { IdempotencyKeys } from "./idempotency.ts";
import { effectsWithoutInput, inputOf, prepare, type Prepared } from "./intake.ts";
import { HELD, LiveCall, type CallBatch } from "./live-call.ts";
import { LockTable } from "./locks.ts";
import { show } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Scope } from "./scope.ts";
import { StartLoop } from "./start-loop.ts";
import type { Tool } from "./tool.ts";
import { unwrap, wrapOutcomes } from "./wrapper.ts";

/** Which calls may start while the batch is open. */
export type Eager = "off" | "reads" | "all";

/** What happens to the other calls when one fails. */
export type OnFailure = "continue" | "cancel-siblings";

/** The calls of one turn, while the model still writes it. */
export interface Batch {
  /** Unique in the executor. */
  readonly key: string;
  /** Whether a call that writes has started: then the turn is to be answered, not discarded (G7). */
  readonly hasWritten: boolean;
  /**
   * Adds the next call, in the model's order. Add a call only once the model has moved on from it: it may start at once.
   *
   * @throws TuttiError `batch-closed` after `close` or `discard`; TypeError for what is no call at all
   */
  add(request: CallRequest): Call;
  /**
   * Says that the turn is over, and resolves to one outcome per call, in call order. It rejects only after `discard`.
   * `truncated` says that the turn was cut off: calls that have not started are answered so and never run (G9).
   */
  close(options?: { readonly truncated?: boolean }): Promise<Outcome[]>;
  /**
   * Cancels everything, because the turn is not to be answered; resolves when nothing runs any more, or the grace is over.
   *
   * @throws TuttiError `batch-closed` after `close`
   */
  discard(reason?: unknown): Promise<void>;
}

/** What a batch is made with. */
export interface BatchOptions {
  readonly key: string;
  readonly scheduler: Scheduler;
  readonly scope: Scope;
  readonly tools: ReadonlyMap<string, Tool>;
  /** The names of the tools that others come after. */
  readonly awaited: ReadonlySet<string>;
  readonly maxCalls: number;
  readonly eager: Eager;
  /** One by one, in serial order. */
  readonly strict: boolean;
  readonly onFailure: OnFailure;
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly listener: Listener | undefined;
  /** The key of the call around it. */
  readonly parent: string | undefined;
  /** Called once, when every call has settled. */
  readonly onSettled: (batch: OpenBatch) => void;
}

type State =
  | { readonly at: "open" }
  /** Closed by the caller, while inputs are still being checked. */
  | { readonly at: "closing"; readonly truncated: boolean }
  | { readonly at: "closed" }
  | { readonly at: "discarded" }
  | { readonly at: "settled" };

/** A call whose input, or that of one before it, is still being checked. */
interface Arrival {
  readonly live: LiveCall;
  prepared: Prepared | undefined;
}

/** The calls inside a wrapper. */
interface Wrapped {
  readonly calls: LiveCall[];
  unsettled: number;
}

/** The one implementation of `Batch`. */
export class OpenBatch implements Batch, CallBatch, InnerBatch {
  readonly key: string;
  readonly scope: Scope;
  readonly listener: Listener | undefined;
  readonly outcomes: Promise<Outcome[]>;
  /** Resolves when no attempt of it runs any more, abandoned ones included. */
  readonly stopped: Promise<void>;
  readonly #options: BatchOptions;
  readonly #scheduler: Scheduler;
  readonly #starts: StartLoop<LiveCall>;
  readonly #calls: LiveCall[] = [];
  /** The calls that have an outcome of their own: all but those inside a wrapper. */
  readonly #answered: LiveCall[] = [];
  readonly #wrappers = new Map<LiveCall, Wrapped>();
  readonly #keys = new IdempotencyKeys(this.#calls);
  readonly #dependencies: Dependencies;
  readonly #arriving: Arrival[] = [];
  #held: LiveCall[] = [];
  /** What the held calls touch. */
  readonly #heldLocks = new LockTable();
  #unsettled = 0;
  #stragglers = 0;
  readonly #idle: (() => void)[] = [];
  #state: State = { at: "open" };
  #cancellation: Cancellation | undefined = undefined;
  readonly #detach: () => void;
  #resolve!: (outcomes: Outcome[]) => void;
  #resolveStopped!: () => void;

  constructor(options: BatchOptions) {
    const { scheduler, key, listener, deadlineMs } = options;
    this.#options = options;
    this.key = key;
    this.scope = options.scope;
    this.listener = listener;
    this.#scheduler = scheduler;
    this.#dependencies = new Dependencies(scheduler, options);
    this.outcomes = new Promise((resolve) => (this.#resolve = resolve));
    this.stopped = new Promise((resolve) => (this.#resolveStopped = resolve));
    this.#starts = new StartLoop((calls) => scheduler.startAll(calls, this));
    const parent = options.parent === undefined ? {} : { parent: options.parent };
    scheduler.events.emit({ type: "batch.opened", batch: key, ...parent }, listener);
    const deadline = scheduler.timers.set(deadlineMs, expire, this);
    const detach = onAbort(options.signal, (reason) => this.cancel(reason));
    this.#detach = () => {
      deadline?.clear();
      detach();
    };
  }

  get hasWritten(): boolean {
    return this.#calls.some(({ reach }) => reach.started && reach.writes);
  }

  add(request: CallRequest): Call {
    checkRequest(request);
    if (this.#state.at !== "open")
      throw new TuttiError("batch-closed", `batch ${this.key} takes no more calls`);
    const live = this.#createCall(request);
    this.#scheduler.step(() => this.#arrive(live, request), this);
    return live.call;
  }

  close(options: { readonly truncated?: boolean } = {}): Promise<Outcome[]> {
    if (this.#state.at === "discarded") {
      return Promise.reject(
        new TuttiError("batch-discarded", `batch ${this.key} was discarded; it has no outcomes`),
      );
    }
    if (this.#state.at === "open") {
      this.#state = { at: "closing", truncated: options.truncated ?? false };
      this.#scheduler.step(() => this.#admitArrivals(), this);
    }
    return this.outcomes;
  }

  async discard(reason?: unknown): Promise<void> {
    if (this.#state.at === "open") {
      this.#state = { at: "discarded" };
      this.cancel(new Cancellation("shutdown", "the turn was discarded", { cause: reason }));
      this.#finishIfDone();
    } else if (this.#state.at !== "discarded") {
      throw new TuttiError("batch-closed", `batch ${this.key} was closed; its calls are answered`);
    }
    await this.outcomes;
  }

  /** Resolves once no call that was added is unsettled, closed or not. */
  async whenIdle(): Promise<void> {
    if (this.#unsettled > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** The time for the whole batch is over. */
  expire(): void {
    this.cancel(new Cancellation("timeout", `the batch took more than ${this.#options.deadlineMs} ms`));
  }

  /** Stops everything; calls that are added later are answered the same way. */
  cancel(reason: Cancellation): void {
    if (this.#cancellation !== undefined) return;
    this.#cancellation = reason;
    this.#scheduler.step(() => {
      for (const live of this.#calls) {
        // A wrapper ends when the calls in it have.
        if (!this.#wrappers.has(live)) this.#scheduler.stop(live, reason, stopped(live, reason));
      }
    });
  }

  failedWriteBefore(live: LiveCall): Call | undefined {
    return this.#dependencies.failedWriteBefore(live);
  }

  idempotencyKey(call: Call): string {
    return this.#keys.of(call);
  }

  startSoon(live: LiveCall): void {
    this.#starts.add(live);
  }

  callSettled(live: LiveCall, outcome: Outcome, attempt: "stopped" | "abandoned"): void {
    this.#unsettled--;
    if (attempt === "abandoned") this.#stragglers++;
    this.#dependencies.settled(live, outcome);
    if (live.wrapper !== undefined) this.#settleWrapper(live.wrapper);
    if (
      this.#options.onFailure === "cancel-siblings" &&
      (outcome.status === "failed" || outcome.status === "timed-out")
    ) {
      const { index, name } = live.call;
      this.cancel(new Cancellation("sibling-failed", `cancelled because call ${index + 1} (${name}) failed`));
    }
    if (this.#arriving.length > 0) this.#admitArrivals();
    else this.#finishIfDone();
    if (this.#unsettled === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  stragglerStopped(): void {
    this.#stragglers--;
    this.#finishIfDone();
  }

  #createCall(request: CallRequest, wrapper?: LiveCall): LiveCall {
    const siblings = wrapper === undefined ? this.#answered : (this.#wrappers.get(wrapper) as Wrapped).calls;
    const index = siblings.length;
    const { id, name } = request;
    const call: Call = {
      key: `${wrapper?.key ?? this.key}.${index + 1}`,
      id,
      name,
      input: inputOf(request),
      index,
    };
    const { clock } = this.#scheduler;
    const live = new LiveCall(call, this, {
      now: clock.now(),
      order: this.#calls.length,
      listener: this.#scheduler,
      wrapper,
    });
    siblings.push(live);
    this.#calls.push(live);
    this.#unsettled++;
    this.#scheduler.events.emit({ type: "call.queued", batch: this.key, call }, this.listener);
    this.#dependencies.arrived(live);
    return live;
  }

  #arrive(live: LiveCall, request: CallRequest): void {
    const { scheduler, tools, maxCalls, timeoutMs } = this.#options;
    if (live.settled) return;
    const reason = this.#cancellation;
    if (reason !== undefined) return scheduler.stop(live, reason, stopped(live, reason));
    if (live.order >= maxCalls) return scheduler.fail(live, overLimit(maxCalls));
    live.tool = tools.get(request.name);
    const mayWrap = live.tool === undefined && live.wrapper === undefined && request.truncated !== true;
    const inside = mayWrap ? unwrap(request.name, live.call.input) : undefined;
    if (inside !== undefined) return this.#arriveInside(live, inside);
    if (live.tool !== undefined)
      live.deadline = scheduler.timers.set(live.tool.deadlineMs, this.#deadlinePassed, live);
    const prepared = prepare(request, live.call.input, live.tool ?? [...tools.keys()]);
    if (prepared instanceof Promise) {
      const arrival: Arrival = { live, prepared: undefined };
      this.#arriving.push(arrival);
      live.timeout = scheduler.timers.set(live.tool?.timeoutMs ?? timeoutMs, this.#checkTookTooLong, live);
      prepared.then((result) => scheduler.step(() => this.#checked(arrival, result))).catch(ignore);
    } else {
      live.effects = effectsOf(live, prepared);
      if (this.#arriving.length === 0) this.#admit(live, prepared);
      else this.#arriving.push({ live, prepared });
    }
  }

  #arriveInside(wrapper: LiveCall, requests: readonly CallRequest[]): void {
    this.#wrappers.set(wrapper, { calls: [], unsettled: requests.length });
    // All of them are there before the first can settle, and the wrapper with it.
    const calls = requests.map((request) => ({ request, live: this.#createCall(request, wrapper) }));
    for (const { live, request } of calls) this.#arrive(live, request);
    if (calls.length === 0) this.#scheduler.answer(wrapper, []);
  }

  #settleWrapper(wrapper: LiveCall): void {
    const inside = this.#wrappers.get(wrapper);
    if (inside === undefined || --inside.unsettled > 0) return;
    this.#scheduler.answer(wrapper, wrapOutcomes(inside.calls.map(outcomeOf)));
  }

  #checked(arrival: Arrival, prepared: Prepared): void {
    if (arrival.live.settled) return;
    arrival.live.timeout?.clear();
    arrival.live.effects = effectsOf(arrival.live, prepared);
    arrival.prepared = prepared;
    this.#admitArrivals();
  }

  readonly #deadlinePassed = (live: LiveCall): void => {
    const { name } = live.call;
    this.#expire(live, `${name} was not done within its deadline of ${live.tool?.deadlineMs} ms`);
  };

  readonly #checkTookTooLong = (live: LiveCall): void => {
    this.#expire(live, `the check of the input of ${live.call.name} took too long`);
  };

  #expire(live: LiveCall, message: string): void {
    const reason = new Cancellation("timeout", message);
    this.#scheduler.step(() => this.#scheduler.stop(live, reason, stopped(live, reason)));
  }

  /** Admits the calls whose inputs are checked, in the model's order; when none is left, does what `close` asked for. */
  #admitArrivals(): void {
    for (let next = this.#arriving[0]; next !== undefined; next = this.#arriving[0]) {
      const { live, prepared } = next;
      if (!live.settled && prepared === undefined) return;
      this.#arriving.shift();
      if (live.settled || prepared === undefined) continue;
      live.waited(this.#scheduler.clock.now(), { for: "validation" });
      this.#admit(live, prepared);
    }
    if (this.#state.at === "closing") this.#releaseHeld(this.#state.truncated);
    this.#finishIfDone();
  }

  #admit(live: LiveCall, prepared: Prepared): void {
    if (!prepared.ok) return this.#scheduler.fail(live, prepared.failure);
    live.input = prepared.input;
    const beyond = this.scope.beyond(live.effects);
    if (beyond !== undefined) return this.#scheduler.fail(live, invalidEffects(beyond));
    if (!this.#mustBeHeld(live)) return this.#queue(live);
    live.moveTo(HELD);
    // Where every call is held, none needs to know whether it must follow one that is.
    if (this.#options.eager !== "off")
      live.locks = this.#heldLocks.request(live.effects, { key: live.key, locksGranted: ignore });
    this.#held.push(live);
  }

  /** Whether a call may not start, or not get in line, before the batch closes (contract §4, §6). */
  #mustBeHeld(live: LiveCall): boolean {
    const { eager, strict } = this.#options;
    if (eager === "off" || (eager === "reads" && live.writes)) return true;
    if (live.tool !== undefined && live.tool.after.length > 0) return true;
    if (this.#held.length === 0) return false;
    return strict || this.#heldLocks.wouldWait(live.effects);
  }

  #releaseHeld(wasTruncated: boolean): void {
    this.#state = { at: "closed" };
    if (this.#held.length === 0) return;
    this.#held = [];
    const now = this.#scheduler.clock.now();
    for (const live of this.#dependencies.order(this.#calls)) {
      if (live.state.at !== "held") continue;
      live.waited(now, { for: "close" });
      live.locks = undefined;
      if (wasTruncated) this.#scheduler.fail(live, truncated());
      else this.#queue(live);
    }
  }

  #queue(live: LiveCall): void {
    this.#dependencies.link(live);
    this.#scheduler.queue(live, this.scope);
  }

  #finishIfDone(): void {
    const over = this.#state.at === "closed" || this.#state.at === "discarded";
    if (over && this.#unsettled === 0) {
      this.#state = { at: "settled" };
      this.#detach();
      this.#starts.end();
      const outcomes = this.#answered.map(outcomeOf);
      this.#scheduler.events.emit(
        { type: "batch.closed", batch: this.key, outcomes: outcomes.length },
        this.listener,
      );
      this.#resolve(outcomes);
      this.#calls.length = this.#answered.length = 0;
      this.#options.onSettled(this);
    }
    if (this.#state.at === "settled" && this.#stragglers === 0) this.#resolveStopped();
  }
}

/**
 * Checks that something is a call at all. A name that is no tool's is the model's mistake, and is answered.
 *
 * @throws TypeError
 */
export function checkRequest(request: unknown): void {
  if (typeof request !== "object" || request === null)
    throw new TypeError(`a call must be an object, got ${show(request)}`);
}

/** How a call ends that is stopped for this reason. */
function stopped(live: LiveCall, reason: Cancellation): Failure {
  return reason.by === "timeout"
    ? timedOut(reason, live.reach, live.waitsFor)
    : cancelled(reason, live.reach);
}

function effectsOf(live: LiveCall, prepared: Prepared): ResolvedEffects {
  return prepared.ok ? prepared.effects : effectsWithoutInput(live.tool);
}

function outcomeOf({ state, key }: LiveCall): Outcome {
  if (state.at !== "settled") throw new Error(`call ${key} has not settled`);
  return state.outcome;
}

function expire(batch: OpenBatch): void {
  batch.expire();
}

function ignore(): void {}
