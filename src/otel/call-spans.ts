/**
 * The spans of one call: its own, and one for each attempt.
 *
 * 1. An attempt's span ends when it has stopped, even if its call has long settled. Of two that ran when the call went well, the
 *    one that is not told to have been stopped or abandoned was the faster: it ended with the call.
 */
import type { Context } from "@opentelemetry/api";
import type { TracedAttempt, TracedCall } from "../trace/trace.ts";
import type { LiveSpan } from "./live-span.ts";
import { attemptFacts, callFacts, type SpanOptions } from "./span-facts.ts";

/** An attempt, and the context in which its tool runs. */
interface AttemptSpan {
  readonly live: LiveSpan;
  readonly context: Context;
  isAbandoned: boolean;
}

/** What a call's spans are made with. */
export interface CallSpansOptions {
  readonly options: SpanOptions;
  readonly calls: ReadonlyMap<string, TracedCall>;
  /** In which what is inside the call starts, but for what its attempts do. */
  readonly context: Context;
}

/** The spans of a call. */
export class CallSpans {
  readonly traced: TracedCall;
  readonly context: Context;
  readonly #live: LiveSpan;
  readonly #made: CallSpansOptions;
  readonly #attempts = new Map<number, AttemptSpan>();
  #settledAt: number | undefined;

  constructor(traced: TracedCall, live: LiveSpan, made: CallSpansOptions) {
    this.traced = traced;
    this.#live = live;
    this.#made = made;
    this.context = made.context;
  }

  /** Whether anything of it goes on. */
  get isOpen(): boolean {
    return this.#live.isOpen || [...this.#attempts.values()].some(({ live }) => live.isOpen);
  }

  /** The context of an attempt. */
  contextOf(attempt: number): Context | undefined {
    return this.#attempts.get(attempt)?.context;
  }

  /** The span of an attempt. */
  spanOf(attempt: number): LiveSpan | undefined {
    return this.#attempts.get(attempt)?.live;
  }

  attemptStarted(number: number, live: LiveSpan, context: Context): void {
    this.#attempts.set(number, { live, context, isAbandoned: false });
  }

  /** It has failed, or has been stopped. */
  attemptEnded(number: number, at: number): void {
    this.#endAttempt(number, at);
    this.#endWinner();
  }

  attemptAbandoned(number: number): void {
    const attempt = this.#attempts.get(number);
    if (attempt !== undefined) attempt.isAbandoned = true;
    this.#endWinner();
  }

  settled(at: number): void {
    this.#settledAt = at;
    this.#endWinner();
    const { calls, options } = this.#made;
    this.#live.end(at, () => callFacts(this.traced, calls, options));
  }

  /** Ends all of it, though it goes on. */
  cutOff(at: number): void {
    for (const number of this.#attempts.keys()) this.#endAttempt(number, at);
    const { calls, options } = this.#made;
    this.#live.end(at, () => callFacts(this.traced, calls, options));
  }

  #endWinner(): void {
    if (this.#settledAt === undefined) return;
    const open = [...this.#attempts].filter(([, { live, isAbandoned }]) => live.isOpen && !isAbandoned);
    const [only] = open;
    if (only !== undefined && open.length === 1) this.#endAttempt(only[0], this.#settledAt);
  }

  #endAttempt(number: number, at: number): void {
    this.#attempts
      .get(number)
      ?.live.end(at, () => attemptFacts(this.#traced(number), this.traced, this.#made.options));
  }

  #traced(number: number): TracedAttempt {
    const traced = this.traced.attempts.find((attempt) => attempt.number === number);
    // Its start may be yet to be told.
    return traced ?? startingAttempt(number);
  }
}

/** An attempt of which only its start is known. */
export function startingAttempt(number: number): TracedAttempt {
  const as = number === 1 ? "first" : "retry";
  return {
    number,
    as,
    fromMs: 0,
    toMs: undefined,
    abandonedMs: undefined,
    status: "going",
    error: undefined,
  };
}
