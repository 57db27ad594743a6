/**
 * How the calls of one batch get in line: once their inputs are checked, the batch is closed or they may start before, and
 * whoever has to approve of them has.
 *
 * 1. Calls get in line in serial order.
 * 2. None in line waits for one that is out of it: it could hold up other conversations for as long.
 */
import { Approvals, type ApprovalListener, type Approve } from "./approvals.ts";
import { Arrivals, type ArrivalListener } from "./arrivals.ts";
import type { Eager } from "./batch.ts";
import type { BatchCalls } from "./batch-calls.ts";
import type { Call } from "./call.ts";
import type { CallRequest } from "./call-request.ts";
import { Dependencies } from "./dependencies.ts";
import { invalidEffects, truncated, type Failure } from "./failure.ts";
import { HeldCalls } from "./held-calls.ts";
import type { Prepared, Ready } from "./intake.ts";
import type { LiveCall } from "./live-call.ts";
import type { Outcome } from "./outcome.ts";
import { References, type ReferenceListener } from "./references.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Scope } from "./scope.ts";
import { textOf } from "./thrown.ts";
import type { Tool } from "./tool.ts";

/** What an admission is made with. */
export interface AdmissionOptions {
  readonly scheduler: Scheduler;
  readonly scope: Scope;
  readonly tools: ReadonlyMap<string, Tool>;
  /** The names of the tools that others come after. */
  readonly awaited: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly eager: Eager;
  /** One by one, in serial order. */
  readonly strict: boolean;
  readonly approve: Approve;
}

/** Lets the calls of one batch in. */
export class Admission implements ArrivalListener, ApprovalListener, ReferenceListener {
  readonly #options: AdmissionOptions;
  readonly #scheduler: Scheduler;
  readonly #calls: BatchCalls;
  readonly #batch: { checkDone(): void };
  readonly #arrivals: Arrivals;
  readonly #held: HeldCalls;
  readonly #dependencies: Dependencies;
  readonly #references: References;
  /** Undefined until a call needs approval. */
  #approvals: Approvals | undefined = undefined;
  #isOpen = true;

  /** `batch` is told when a check of an input is done. */
  constructor(options: AdmissionOptions, calls: BatchCalls, batch: { checkDone(): void }) {
    const { scheduler } = options;
    this.#options = options;
    this.#scheduler = scheduler;
    this.#calls = calls;
    this.#batch = batch;
    this.#arrivals = new Arrivals(scheduler, options, this);
    this.#held = new HeldCalls(options);
    this.#dependencies = new Dependencies(scheduler, options);
    this.#references = new References(scheduler, options.timeoutMs, this);
  }

  /** A call has come; nothing is known of it but its name. */
  arrived(live: LiveCall): void {
    this.#dependencies.arrived(live);
  }

  /** Checks a call's input; the call gets in line when it may. */
  add(live: LiveCall, request: CallRequest): void {
    this.#arrivals.add(live, request, this.#calls.frameOf(live).grammar);
  }

  /** No more calls come. */
  end(): void {
    this.#isOpen = false;
  }

  /** Lets in the calls whose checks are done; says whether no check is left. */
  goOn(): boolean {
    if (!this.#arrivals.empty) this.#arrivals.admitReady();
    return this.#arrivals.empty;
  }

  /** The batch is closed: lets in all that was held until then. What was held in a turn that was cut off never runs (G9). */
  release(wasTruncated: boolean): void {
    const now = this.#scheduler.clock.now();
    if (!wasTruncated) this.#bindAll();
    for (const live of this.#inSerialOrder()) {
      if (!this.#held.release(live, now)) continue;
      if (wasTruncated) this.#scheduler.fail(live, truncated());
      else if (this.#mustAskFor(live)) this.#hold(live);
      else this.#queue(live);
    }
    this.#approvals?.ask();
  }

  settled(live: LiveCall, outcome: Outcome): void {
    this.#dependencies.settled(live, outcome);
    this.#approvals?.settled(live);
  }

  /** A call before this one, in serial order, that failed to write what this one writes. */
  failedWriteBefore(live: LiveCall): Call | undefined {
    return this.#dependencies.failedWriteBefore(live);
  }

  /** The calls are done that the input of this one refers to. */
  resolve(live: LiveCall): void {
    this.#references.resolve(live);
  }

  checkDone(): void {
    this.#batch.checkDone();
  }

  admit(live: LiveCall, prepared: Prepared): void {
    if (!prepared.ok) return this.#scheduler.fail(live, prepared.failure);
    const { incomplete, gated, input } = prepared;
    live.input = input;
    live.gated = gated;
    if (incomplete !== undefined) {
      live.unresolved = { ...incomplete, targets: new Map(), unsettled: 0, checking: false };
      live.blockers++;
    }
    const failure =
      incomplete === undefined
        ? this.#whyNot(live, prepared)
        : this.#references.bind(live, this.#calls.frameOf(live), this.#isOpen);
    if (failure !== undefined) this.#scheduler.fail(live, failure);
    else if (this.#held.mustHold(live) || this.#references.looksAhead(live)) this.#held.hold(live);
    else this.#queue(live);
  }

  resolved(live: LiveCall, ready: Ready): void {
    const failure = this.#whyNot(live, ready);
    if (failure !== undefined) return this.#scheduler.fail(live, failure);
    live.input = ready.input;
    this.#scheduler.resolved(live, ready.effects);
    if (live.state.at !== "held") return;
    live.gated = ready.gated;
    this.#approvals?.known(live);
  }

  comesAfter(live: LiveCall, before: LiveCall): void {
    this.#dependencies.connect(live, before);
  }

  /** The decisions are made: what waited for them goes on. */
  approved(calls: readonly LiveCall[]): void {
    const now = this.#scheduler.clock.now();
    for (const live of calls) {
      live.waited(now, { for: "approval" });
      live.locks = undefined;
      this.#queue(live);
    }
  }

  refused(live: LiveCall, failure: Failure): void {
    this.#scheduler.fail(live, failure);
  }

  step(change: () => void): void {
    this.#scheduler.step(change);
  }

  #queue(live: LiveCall): void {
    this.#dependencies.link(live);
    this.#scheduler.queue(live, this.#options.scope);
  }

  /** Until it is approved. What it refers to may be there already, or have failed. */
  #hold(live: LiveCall): void {
    this.#approvals?.hold(live);
    this.#scheduler.look(live);
  }

  /** Whether a call waits for the user's word: on itself, or on one that it must follow. */
  #mustAskFor(live: LiveCall): boolean {
    if (!live.gated && this.#approvals === undefined) return false;
    const { approve, strict } = this.#options;
    this.#approvals ??= new Approvals(approve, this, strict);
    return this.#approvals.mustHold(live);
  }

  /** Why a call whose input is known may not run; if it may, its pools are found. */
  #whyNot(live: LiveCall, { pools, effects }: Ready): Failure | undefined {
    const unknown = pools.length === 0 ? undefined : this.#findPools(live, pools);
    if (unknown !== undefined) return unknown;
    const beyond = this.#options.scope.beyond(effects);
    return beyond === undefined ? undefined : invalidEffects(beyond);
  }

  #findPools(live: LiveCall, names: readonly string[]): Failure | undefined {
    try {
      live.pools = this.#scheduler.pools.of(names);
      return undefined;
    } catch (cause) {
      const message = `the pools of \`${live.call.name}\` are unknown: ${textOf(cause, "no reason was given")}`;
      return invalidEffects(message, cause);
    }
  }

  /** All calls have come: what is referred to is there, or never will be. */
  #bindAll(): void {
    for (const live of this.#calls.all) {
      if (live.state.at !== "held" || live.unresolved === undefined) continue;
      const failure = this.#references.bind(live, this.#calls.frameOf(live), false);
      if (failure !== undefined) this.#scheduler.fail(live, failure);
    }
  }

  #inSerialOrder(): readonly LiveCall[] {
    const inside = (live: LiveCall) => this.#calls.inside(live);
    const { ordered, circular } = this.#dependencies.order(this.#calls.all, inside);
    for (const [live, circle] of circular) {
      const faulty = this.#calls.faultyOn(circle, live);
      // With the one before it all may have been cancelled.
      if (!faulty.settled) this.#scheduler.fail(faulty, this.#calls.isCircular(circle));
    }
    return ordered;
  }
}
