/**
 * One execution of a tool's function. It is also the context that the function is given.
 *
 * 1. It ends once: when the function's promise has settled, what runs inside it has stopped, and its disposers have run.
 * 2. Nothing the function does reaches the engine as a throw: it ends with a value or with what was thrown.
 * 3. What most tools do not use (signal, disposers, calls inside) is made when it is asked for.
 */
import type { Call, CallRequest } from "./call.ts";
import { Cancellation } from "./cancel.ts";
import { TuttiError } from "./errors.ts";
import type { Outcome } from "./outcome.ts";
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
export interface AttemptHost<Subject> {
  idempotencyKey(of: Subject): string;
  progressed(of: Subject, value: unknown): void;
  /** Runs calls inside the subject's; if it was told to stop, with this reason, they are answered so. */
  runInside(of: Subject, requests: readonly CallRequest[], stopped: Cancellation | undefined): InnerBatch;
  ended(of: Subject, result: AttemptResult): void;
}

/** A running attempt. `Subject` is the engine's own view of the call. */
export class Attempt<Subject extends { readonly call: Call }> implements ToolContext {
  readonly #subject: Subject;
  readonly #host: AttemptHost<Subject>;
  #controller: AbortController | undefined = undefined;
  #cancellation: Cancellation | undefined = undefined;
  #disposers: (() => unknown)[] | undefined = undefined;
  #inside: InnerBatch[] | undefined = undefined;
  #over = false;

  constructor(subject: Subject, host: AttemptHost<Subject>) {
    this.#subject = subject;
    this.#host = host;
  }

  get call(): Call {
    return this.#subject.call;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancellation !== undefined) this.#controller.abort(this.#cancellation);
    }
    return this.#controller.signal;
  }

  get idempotencyKey(): string {
    return this.#host.idempotencyKey(this.#subject);
  }

  // Getters that give functions, so that a tool may take them out of the context.

  get progress(): ToolContext["progress"] {
    return (value) => {
      if (!this.#over) this.#host.progressed(this.#subject, value);
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
      const inner = this.#host.runInside(this.#subject, requests, this.#cancellation);
      (this.#inside ??= []).push(inner);
      return inner.outcomes;
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
    promise.then(
      (value) => this.#end({ ok: true, value }),
      (thrown: unknown) => this.#end({ ok: false, thrown }),
    );
  }

  /** Tells the tool to stop. */
  abort(cancellation: Cancellation): void {
    this.#cancellation = cancellation;
    this.#controller?.abort(cancellation);
    for (const batch of this.#inside ?? []) batch.cancel(cancellation);
  }

  /** Gives up on the tool: its disposers run now. */
  abandon(): void {
    this.#over = true;
    this.#dispose().catch(() => {});
  }

  #end(result: AttemptResult): void {
    if (this.#disposers === undefined && this.#inside === undefined) {
      this.#over = true;
      this.#host.ended(this.#subject, result);
    } else {
      this.#windDown(result).catch(() => {});
    }
  }

  async #windDown(result: AttemptResult): Promise<void> {
    while (this.#inside !== undefined) {
      const inside = this.#inside;
      this.#inside = undefined;
      for (const batch of inside) batch.cancel(new Cancellation("shutdown", "the call around it has ended"));
      await Promise.all(inside.map((batch) => batch.stopped));
    }
    await this.#dispose();
    this.#over = true;
    this.#host.ended(this.#subject, result);
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
