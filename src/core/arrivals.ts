/**
 * The calls of a batch on their way in: each is admitted when its input is checked, in the model's order, so a call whose
 * validator is asynchronous holds up those behind it, and no others.
 */
import type { CallRequest } from "./call-request.ts";
import { effectsWithoutInput, prepare, type Prepared } from "./intake.ts";
import type { LiveCall } from "./live-call.ts";
import type { Grammar } from "./reference.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tool } from "./tool.ts";

/** A call that waits for a check: its own, or that of one before it. */
interface Arrival {
  readonly live: LiveCall;
  prepared: Prepared | undefined;
}

/** Told of calls that may come in. */
export interface ArrivalListener {
  /** The input of a call, and of those before it, is checked. Called once for each call that has not settled before. */
  admit(live: LiveCall, prepared: Prepared): void;
  /** A check is done: `admitReady` may find more. */
  checkDone(): void;
}

/** The calls of one batch whose inputs are being checked. */
export class Arrivals {
  readonly #scheduler: Scheduler;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #timeoutMs: number;
  readonly #listener: ArrivalListener;
  #waiting: Arrival[] = [];
  /** Up to where `#waiting` has been taken. */
  #next = 0;
  #admitting = false;

  constructor(
    scheduler: Scheduler,
    options: { readonly tools: ReadonlyMap<string, Tool>; readonly timeoutMs: number },
    listener: ArrivalListener,
  ) {
    this.#scheduler = scheduler;
    this.#tools = options.tools;
    this.#timeoutMs = options.timeoutMs;
    this.#listener = listener;
  }

  /** Whether no call waits for a check. */
  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Checks a call's input. The call is admitted now, or once its check and those before it are done. */
  add(live: LiveCall, request: CallRequest, grammar: Grammar | undefined): void {
    const tool = live.tool ?? [...this.#tools.keys()];
    const prepared = prepare(request, live.call.input, { tool, grammar });
    // What looked at the input may have stopped the batch.
    if (live.settled) return;
    if (prepared instanceof Promise) return this.#await(live, prepared);
    live.effects = effectsOf(live, prepared);
    if (this.empty) this.#listener.admit(live, prepared);
    else this.#waiting.push({ live, prepared });
  }

  /** Admits every call that need not wait any more. */
  admitReady(): void {
    // A call that fails when it is admitted leads back here: thousands of those would be thousands of frames.
    if (this.#admitting) return;
    this.#admitting = true;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      next.live.waited(this.#scheduler.clock.now(), { for: "validation" });
      this.#listener.admit(next.live, next.prepared);
    }
    this.#admitting = false;
  }

  /** The next call that may come in, out of line already: to admit it may settle it, and lead back here. */
  #take(): { readonly live: LiveCall; readonly prepared: Prepared } | undefined {
    for (
      let arrival = this.#waiting[this.#next];
      arrival !== undefined;
      arrival = this.#waiting[this.#next]
    ) {
      const { live, prepared } = arrival;
      if (!live.settled && prepared === undefined) return undefined;
      this.#next++;
      if (this.#next === this.#waiting.length) this.#waiting = [];
      if (this.empty) this.#next = 0;
      if (!live.settled && prepared !== undefined) return { live, prepared };
    }
    return undefined;
  }

  #await(live: LiveCall, check: Promise<Prepared>): void {
    const arrival: Arrival = { live, prepared: undefined };
    this.#waiting.push(arrival);
    live.timer = this.#scheduler.timers.set(live.tool?.timeoutMs ?? this.#timeoutMs, checkTookTooLong, live);
    check.then((prepared) => this.#scheduler.step(() => this.#checked(arrival, prepared))).catch(() => {});
  }

  #checked(arrival: Arrival, prepared: Prepared): void {
    const { live } = arrival;
    if (live.settled) return;
    live.timer?.clear();
    live.effects = effectsOf(live, prepared);
    arrival.prepared = prepared;
    this.#listener.checkDone();
  }
}

function checkTookTooLong(live: LiveCall): void {
  live.batch.callTookTooLong(live, `the check of the input of ${live.call.name} took too long`);
}

function effectsOf(live: LiveCall, prepared: Prepared): LiveCall["effects"] {
  return prepared.ok ? prepared.effects : effectsWithoutInput(live.tool);
}
