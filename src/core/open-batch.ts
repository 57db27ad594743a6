/**
 * An open batch: the calls of one turn, from the first that is added until all have settled.
 *
 * It owns what a turn is: which calls it has, when it is over, and what stops it. How they get in line is its admission's, and how
 * a call in line gets to run is the scheduler's.
 *
 * 1. It settles with one outcome per call, in call order (G1), or not at all if it was discarded.
 */
import { Admission, type AdmissionOptions } from "./admission.ts";
import type { InnerBatch } from "./attempt.ts";
import type { Batch, OnFailure } from "./batch.ts";
import { BatchCalls } from "./batch-calls.ts";
import { nameOf, type Call } from "./call.ts";
import { checkRequest, type CallRequest } from "./call-request.ts";
import { Cancellation, onAbort } from "./cancel.ts";
import { TuttiError } from "./errors.ts";
import type { Listener } from "./event.ts";
import { overLimit } from "./failure.ts";
import { inputOf, knownEffects } from "./intake.ts";
import type { CallBatch, LiveCall } from "./live-call.ts";
import type { TurnOrigin } from "./model-turn.ts";
import type { Outcome } from "./outcome.ts";
import type { ReferenceMode } from "./reference.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Scope } from "./scope.ts";
import { StartLoop } from "./start-loop.ts";
import type { Deadline } from "./timers.ts";
import type { WrappedCall } from "./wrapper.ts";

/** What a batch is made with. */
export interface BatchOptions extends AdmissionOptions {
  readonly key: string;
  readonly maxCalls: number;
  /** How references are read; undefined if not. */
  readonly references: ReferenceMode | undefined;
  readonly onFailure: OnFailure;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly listener: Listener | undefined;
  /** The key of the call around it, and the attempt of that in which it runs. */
  readonly parent: { readonly call: string; readonly attempt: number } | undefined;
  readonly origin: TurnOrigin | undefined;
  /** Called once, when every call has settled. */
  readonly onSettled: (batch: OpenBatch) => void;
}

type State =
  | { readonly at: "open" }
  /** Closed by the caller, while inputs are still being checked. */
  | { readonly at: "closing"; readonly truncated: boolean }
  | { readonly at: "closed" }
  | { readonly at: "discarded" }
  | { readonly at: "settled"; readonly as: "closed" | "discarded" };

/** The one implementation of `Batch`. */
export class OpenBatch implements Batch, CallBatch, InnerBatch {
  readonly key: string;
  readonly scope: Scope;
  readonly listener: Listener | undefined;
  readonly endsAt: number;
  readonly outcomes: Promise<Outcome[]>;
  isRanked: boolean;
  /** Resolves when no attempt of it runs any more, abandoned ones included. */
  readonly stopped: Promise<void>;
  readonly #options: BatchOptions;
  readonly #scheduler: Scheduler;
  readonly #starts: StartLoop<LiveCall>;
  readonly #calls: BatchCalls;
  readonly #admission: Admission;
  #stragglers = 0;
  readonly #idle: (() => void)[] = [];
  #state: State = { at: "open" };
  #cancellation: Cancellation | undefined = undefined;
  readonly #deadline: Deadline | undefined;
  /** Takes the listener off the user's signal; undefined until there is one. */
  #detach: (() => void) | undefined = undefined;
  #resolve!: (outcomes: Outcome[]) => void;
  #resolveStopped!: () => void;

  constructor(options: BatchOptions) {
    const { scheduler, key, listener } = options;
    this.#options = options;
    this.key = key;
    this.scope = options.scope;
    this.listener = listener;
    this.isRanked = this.#staysInOrder;
    this.#scheduler = scheduler;
    this.#calls = new BatchCalls({
      batch: this,
      listener: scheduler,
      clock: scheduler.clock,
      references: options.references,
    });
    this.#admission = new Admission(options, this.#calls, this);
    this.outcomes = new Promise((resolve) => (this.#resolve = resolve));
    this.stopped = new Promise((resolve) => (this.#resolveStopped = resolve));
    this.#starts = new StartLoop((calls) => scheduler.startAll(calls, this));
    if (scheduler.events.heard(listener)) {
      const { parent } = options;
      const inside = parent === undefined ? {} : { parent: parent.call, attempt: parent.attempt };
      const at = scheduler.clock.now();
      scheduler.events.emit({ type: "batch.opened", at, batch: key, ...inside, ...options.origin }, listener);
    }
    // V8 puts a function literal that is assigned to a property straight into the old generation, and with it all that the
    // batch holds: nothing here is such a literal.
    this.#deadline = scheduler.timers.set(options.deadlineMs, batchTookTooLong, this);
    this.endsAt = this.#deadline?.at ?? Infinity;
    this.#detach = onAbort(options.signal, (reason) => this.cancel(reason));
  }

  get hasWritten(): boolean {
    return this.#calls.all.some(({ reach }) => reach.attempts > 0 && reach.writes);
  }

  add(request: CallRequest): Call {
    checkRequest(request);
    if (this.#state.at !== "open")
      throw new TuttiError("batch-closed", `batch ${this.key} takes no more calls`);
    let call!: Call;
    this.#scheduler.step(() => (call = this.#add(request, inputOf(request))), this);
    return call;
  }

  /** Adds the calls of a whole turn, and closes. */
  run(requests: readonly CallRequest[]): Promise<Outcome[]> {
    this.#scheduler.step(() => {
      const inputs = requests.map(inputOf);
      for (const [i, request] of requests.entries()) this.#add(request, inputs[i]);
      this.#close(false);
    }, this);
    return this.outcomes;
  }

  close(options: { readonly truncated?: boolean } = {}): Promise<Outcome[]> {
    if (this.#isDiscarded) {
      return Promise.reject(
        new TuttiError("batch-discarded", `batch ${this.key} was discarded; it has no outcomes`),
      );
    }
    if (this.#state.at === "open") {
      this.#scheduler.step(() => this.#close(options.truncated ?? false), this);
    }
    return this.outcomes;
  }

  async discard(reason?: unknown): Promise<void> {
    if (this.#state.at === "open") {
      this.#state = { at: "discarded" };
      this.cancel(new Cancellation("shutdown", "the turn was discarded", { cause: reason }));
      this.#goOn();
    } else if (!this.#isDiscarded) {
      throw new TuttiError("batch-closed", `batch ${this.key} was closed; its calls are answered`);
    }
    await this.outcomes;
  }

  /** Resolves once no call that was added is unsettled, closed or not. */
  async whenIdle(): Promise<void> {
    if (this.#calls.unsettled > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Stops everything; calls that are added later are answered the same way. */
  cancel(reason: Cancellation): void {
    if (this.#cancellation !== undefined) return;
    this.#cancellation = reason;
    // Nothing can stop it any more than this, and a batch that is never closed must not keep the process alive.
    this.#watchNoMore();
    this.#scheduler.step(() => {
      // A wrapper ends when the calls in it have.
      for (const live of this.#calls.all)
        if (!this.#calls.isWrapper(live)) this.#scheduler.stop(live, reason);
    });
  }

  /** The time for the whole batch is over. */
  tookTooLong(): void {
    this.cancel(new Cancellation("timeout", `the batch took more than ${this.#options.deadlineMs} ms`));
  }

  callTookTooLong(live: LiveCall, message: string): void {
    this.#scheduler.step(() => this.#scheduler.stop(live, new Cancellation("timeout", message)));
  }

  failedWriteBefore(live: LiveCall): Call | undefined {
    return this.#admission.failedWriteBefore(live);
  }

  rank(): void {
    this.isRanked = true;
    if (this.#scheduler.rank(this.#calls.all)) this.scope.sortLanes?.();
  }

  idempotencyKey(call: Call): string {
    return this.#calls.idempotencyKey(call);
  }

  startSoon(live: LiveCall): void {
    this.#starts.add(live);
  }

  callSettled(live: LiveCall, outcome: Outcome): void {
    const wrapper = this.#calls.settled(live);
    this.#admission.settled(live, outcome);
    if (wrapper !== undefined) this.#scheduler.answer(wrapper.live, wrapper.output);
    if (outcome.status === "failed" || outcome.status === "timed-out") this.#siblingFailed(live.call);
    this.#goOn();
    if (this.#calls.unsettled === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  stragglerLeft(): void {
    this.#stragglers++;
  }

  stragglerStopped(): void {
    this.#stragglers--;
    this.#goOn();
  }

  /** The check of an input is done. */
  checkDone(): void {
    this.#goOn();
  }

  resolve(live: LiveCall): void {
    this.#admission.resolve(live);
  }

  get #staysInOrder(): boolean {
    return this.scope.sortLanes === undefined;
  }

  get #isDiscarded(): boolean {
    return this.#state.at === "discarded" || (this.#state.at === "settled" && this.#state.as === "discarded");
  }

  #add(request: CallRequest, input: unknown): Call {
    const live = this.#createCall(request, input);
    this.#arrive(live, request);
    return live.call;
  }

  #createCall(request: CallRequest, input: unknown, wrapper?: LiveCall): LiveCall {
    const live = this.#calls.create(request, input, wrapper);
    const { call, arrivedAt: at } = live;
    this.#scheduler.events.emit({ type: "call.queued", at, batch: this.key, call }, this.listener);
    this.#admission.arrived(live);
    return live;
  }

  #arrive(live: LiveCall, request: CallRequest): void {
    const { scheduler, tools, maxCalls } = this.#options;
    live.tool = tools.get(request.name);
    // What is known is true whatever happens now.
    if (request.outcome !== undefined && !live.settled) return this.#arriveSettled(live, request.outcome);
    if (this.#cancellation !== undefined) return scheduler.stop(live, this.#cancellation);
    if (live.settled) return;
    if (live.order >= maxCalls) return scheduler.fail(live, overLimit(maxCalls));
    const inside = this.#calls.unwrap(live, request);
    if (inside !== undefined) return this.#arriveInside(live, inside);
    const deadlineMs = live.tool?.deadlineMs ?? Infinity;
    live.deadline = scheduler.timers.set(deadlineMs, callTookTooLong, live);
    this.#admission.add(live, request);
  }

  /** A call that has been run before. What it may not have written holds up later writes all the same. */
  #arriveSettled(live: LiveCall, outcome: Outcome): void {
    const { grammar } = this.#calls.frameOf(live);
    // What the references in its input stood for, the outcome knows.
    const { input } = grammar === undefined ? live.call : ((outcome.call as Call | undefined) ?? live.call);
    live.effects = knownEffects(live.tool, input);
    this.#scheduler.settle(live, { ...outcome, call: live.call });
  }

  #arriveInside(wrapper: LiveCall, wrapped: readonly WrappedCall[]): void {
    const calls = this.#calls.createInside(wrapper, wrapped, (request, input) =>
      this.#createCall(request, input, wrapper),
    );
    for (const [i, live] of calls.entries()) {
      const failure = this.#calls.connect(live, (before) => this.#admission.comesAfter(live, before));
      if (failure !== undefined && !live.settled) this.#scheduler.fail(live, failure);
      else this.#arrive(live, (wrapped[i] as WrappedCall).request);
    }
    if (calls.length === 0) this.#scheduler.answer(wrapper, []);
  }

  #close(wasTruncated: boolean): void {
    this.#state = { at: "closing", truncated: wasTruncated };
    this.#admission.end();
    this.#goOn();
  }

  /** Something has happened: lets in what may come in, and closes and settles the batch if that was all it waited for. */
  #goOn(): void {
    const allChecked = this.#admission.goOn();
    if (this.#state.at === "closing" && allChecked) this.#release(this.#state.truncated);
    const { at } = this.#state;
    if ((at === "closed" || at === "discarded") && this.#calls.unsettled === 0) this.#settle(at);
    if (this.#state.at === "settled" && this.#stragglers === 0) this.#resolveStopped();
  }

  #release(wasTruncated: boolean): void {
    this.#state = { at: "closed" };
    this.isRanked = this.#staysInOrder;
    this.#admission.release(wasTruncated);
  }

  #settle(as: "closed" | "discarded"): void {
    this.#state = { at: "settled", as };
    this.#watchNoMore();
    this.#starts.end();
    const outcomes = this.#calls.answered.length;
    this.#scheduler.events.emit(
      { type: "batch.closed", at: this.#scheduler.clock.now(), batch: this.key, outcomes },
      this.listener,
    );
    this.#resolve(this.#calls.answered.map((live) => live.outcome));
    this.#options.onSettled(this);
  }

  #watchNoMore(): void {
    this.#deadline?.clear();
    this.#detach?.();
  }

  #siblingFailed(call: Call): void {
    if (this.#options.onFailure !== "cancel-siblings") return;
    this.cancel(new Cancellation("sibling-failed", `cancelled because ${nameOf(call)} failed`));
  }
}

function batchTookTooLong(batch: OpenBatch): void {
  batch.tookTooLong();
}

function callTookTooLong(live: LiveCall): void {
  live.batch.callTookTooLong(
    live,
    `${live.call.name} was not done within its deadline of ${live.tool?.deadlineMs} ms`,
  );
}
