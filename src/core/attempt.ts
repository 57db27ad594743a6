/**
 * One execution of a tool's function. It is also the context that the function is given.
 *
 * 1. It ends once: when the function's promise has settled, what runs inside it has stopped, and its disposers have run.
 * 2. Nothing the function does reaches the engine as a throw: it ends with a value or with what was thrown.
 * 3. What most tools do not use (signal, disposers, calls inside) is made when it is asked for.
 */
import type { Call } from "./call.ts";
import type { CallRequest } from "./call-request.ts";
import { Cancellation } from "./cancel.ts";
import { TuttiError } from "./errors.ts";
import type { Failure } from "./failure.ts";
import type { Slot } from "./gate.ts";
import type { Outcome } from "./outcome.ts";
import type { Tickets } from "./pool.ts";
import type { Deadline } from "./timers.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** How an attempt ended. */
export type AttemptResult =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly thrown: unknown };

/** A batch that runs inside an attempt. */
export interface InnerBatch {
  /** Stops what still runs or waits. */
  cancel(reason: Cancellation): void;
  readonly outcomes: Promise<Outcome[]>;
  /** Resolves when nothing of it runs any more, be it abandoned. */
  readonly stopped: Promise<void>;
}

/** What an attempt needs of the engine. */
export interface AttemptHost<Subject extends { readonly call: Call }> {
  idempotencyKey(of: Subject): string;
  traceparent(of: Subject, attempt: number): string | undefined;
  progressed(of: Subject, value: unknown): void;
  /** Runs calls inside the attempt; if it was told to stop, with this reason, they are answered so. */
  runInside(
    attempt: Attempt<Subject>,
    requests: readonly CallRequest[],
    stopped: Cancellation | undefined,
  ): InnerBatch;
  ended(attempt: Attempt<Subject>, result: AttemptResult): void;
}

/** What an attempt is given: its slots, the tickets of its pools, and the calls that it runs together with. */
export interface AttemptStart {
  readonly slots: readonly Slot[];
  readonly tickets: Tickets;
  readonly gathering: { readonly over: boolean } | undefined;
}

/** Which attempt of a call it is, from 1, and when and with what it starts. */
export interface AttemptFacts {
  readonly number: number;
  readonly startedAt: number;
  readonly given: AttemptStart;
}

/** What an attempt has lent to the calls inside it. */
export interface Lent {
  /** A batch inside it is over: resolves when it may go on. */
  resume(): Promise<void>;
  /** It was told to stop. */
  hurry(): void;
  end(): void;
}

/** A running attempt. `Subject` is the engine's own view of the call. */
export class Attempt<Subject extends { readonly call: Call }> implements ToolContext {
  readonly subject: Subject;
  readonly number: number;
  readonly startedAt: number;
  readonly given: AttemptStart;
  /** Undefined once they were given back. */
  slots: readonly Slot[] | undefined;
  /** What it lends to calls inside it, if there are any. */
  lent: Lent | undefined = undefined;
  /** While it runs, its timeout; once it was told to stop, the grace. */
  timer: Deadline | undefined = undefined;
  /** How it ends, whatever it returns, because it was told to stop for its own sake: it took too long. */
  failure: Failure | undefined = undefined;
  readonly #host: AttemptHost<Subject>;
  #controller: AbortController | undefined = undefined;
  #cancellation: Cancellation | undefined = undefined;
  #disposers: (() => unknown)[] | undefined = undefined;
  #inside: InnerBatch[] | undefined = undefined;
  #over = false;
  #abandoned = false;

  constructor(subject: Subject, host: AttemptHost<Subject>, { number, startedAt, given }: AttemptFacts) {
    this.subject = subject;
    this.#host = host;
    this.number = number;
    this.startedAt = startedAt;
    this.given = given;
    this.slots = given.slots;
  }

  get call(): Call {
    return this.subject.call;
  }

  /** Whether it was told to stop. */
  get aborted(): boolean {
    return this.#cancellation !== undefined;
  }

  /** Whether it was given up on. */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancellation !== undefined) this.#controller.abort(this.#cancellation);
    }
    return this.#controller.signal;
  }

  get key(): string {
    return this.call.key;
  }

  get idempotencyKey(): string {
    return this.#host.idempotencyKey(this.subject);
  }

  get traceparent(): string | undefined {
    return this.#host.traceparent(this.subject, this.number);
  }

  // Getters that give functions, so that a tool may take them out of the context.

  get progress(): ToolContext["progress"] {
    return (value) => {
      if (!this.#over) this.#host.progressed(this.subject, value);
    };
  }

  get defer(): ToolContext["defer"] {
    return (dispose) => {
      if (this.#over) runDisposer(dispose)?.catch(() => {});
      else (this.#disposers ??= []).push(dispose);
    };
  }

  get run(): ToolContext["run"] {
    return async (requests) => {
      if (this.#over)
        throw new TuttiError("batch-closed", `call ${this.call.key} has ended; it can run no more calls`);
      const inner = this.#host.runInside(this, requests, this.#cancellation);
      (this.#inside ??= []).push(inner);
      // A call inside, which may have started already, may have had this one stopped.
      if (this.#cancellation !== undefined) inner.cancel(this.#cancellation);
      const outcomes = await inner.outcomes;
      await this.lent?.resume();
      return outcomes;
    };
  }

  /** Runs the tool. The attempt ends later, never within this call. */
  start(tool: Tool, input: unknown): void {
    let promise: Promise<unknown>;
    try {
      promise = Promise.resolve(tool.execute(input as never, this));
    } catch (thrown) {
      promise = Promise.reject(thrown);
    }
    this.endWith(promise);
  }

  /** Ends as the promise does. */
  endWith(promise: Promise<unknown>): void {
    promise.then(
      (value) => this.#end({ ok: true, value }),
      (thrown: unknown) => this.#end({ ok: false, thrown }),
    );
  }

  /** Tells the tool to stop. */
  abort(cancellation: Cancellation): void {
    if (this.#cancellation !== undefined) return;
    this.#cancellation = cancellation;
    this.#controller?.abort(cancellation);
    for (const batch of this.#inside ?? []) batch.cancel(cancellation);
  }

  /** Gives up on the tool: its disposers run now. */
  abandon(): void {
    this.#over = this.#abandoned = true;
    this.#dispose().catch(() => {});
  }

  /** Gives its slots back, once; those that calls inside it run on follow when these have stopped. */
  giveSlots(): void {
    const { slots, lent } = this;
    this.slots = undefined;
    if (slots === undefined) return;
    if (lent !== undefined) lent.end();
    else for (const slot of slots) slot.give();
  }

  #end(result: AttemptResult): void {
    if (this.#disposers === undefined && this.#inside === undefined) {
      this.#over = true;
      this.#host.ended(this, result);
    } else {
      this.#windDown(result).catch(() => {});
    }
  }

  async #windDown(result: AttemptResult): Promise<void> {
    await this.#stopInside();
    await this.#dispose();
    // Disposers may have run calls, too.
    await this.#stopInside();
    this.#over = true;
    this.#host.ended(this, result);
  }

  async #stopInside(): Promise<void> {
    while (this.#inside !== undefined) {
      const inside = this.#inside;
      this.#inside = undefined;
      for (const batch of inside) batch.cancel(new Cancellation("shutdown", "the call around it has ended"));
      await Promise.all(inside.map((batch) => batch.stopped));
    }
  }

  async #dispose(): Promise<void> {
    for (let dispose = this.#disposers?.pop(); dispose !== undefined; dispose = this.#disposers?.pop()) {
      await runDisposer(dispose);
    }
  }
}

/** What a disposer throws is dropped: the call has its outcome. */
function runDisposer(dispose: () => unknown): Promise<unknown> | undefined {
  try {
    const result = dispose();
    return result instanceof Promise ? result.catch(() => {}) : undefined;
  } catch {
    return undefined;
  }
}
