/** The public face of a batch. Its one implementation is `OpenBatch`. */
import type { Call } from "./call.ts";
import type { CallRequest } from "./call-request.ts";
import type { Outcome } from "./outcome.ts";

/** Which calls may start while the batch is open. */
export type Eager = "off" | "reads" | "all";

/** Whether the calls of a turn may run at the same time, or one by one, in serial order. */
export type Parallel = "auto" | "one-at-a-time";

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
   * `truncated` says that the turn was cut off: calls that waited for its end are answered so and never run (G9).
   */
  close(options?: { readonly truncated?: boolean }): Promise<Outcome[]>;
  /**
   * Cancels everything, because the turn is not to be answered; resolves when nothing runs any more, or the grace is over.
   *
   * @throws TuttiError `batch-closed` after `close`
   */
  discard(reason?: unknown): Promise<void>;
}
