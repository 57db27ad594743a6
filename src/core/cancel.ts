/** Why something was told to stop, and the signals that say so. */

/** Who stopped it: the user's signal, a deadline, a sibling's failure, or the executor's shutdown. */
export type CancelCause = "user" | "timeout" | "sibling-failed" | "shutdown";

/** The `reason` of every signal that Tutti aborts. Its `name` is what `fetch` and others look for in an aborted request. */
export class Cancellation extends Error {
  /** Who stopped it. */
  readonly by: CancelCause;

  /** `cause` is the reason of the signal that was aborted, if there was one. */
  constructor(by: CancelCause, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = by === "timeout" ? "TimeoutError" : "AbortError";
    this.by = by;
  }
}

/** What a user's signal means for what it stops. */
export function cancelledBy(signal: AbortSignal): Cancellation {
  const reason: unknown = signal.reason;
  if (reason instanceof Cancellation) return reason;
  return new Cancellation("user", "cancelled by the user", { cause: reason });
}

/**
 * Calls `onAbort` when the signal aborts, at once if it has, and returns what takes the listener off. Whoever listens
 * calls that on every exit (G10).
 */
export function onAbort(
  signal: AbortSignal | undefined,
  listener: (reason: Cancellation) => void,
): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener(cancelledBy(signal));
    return () => {};
  }
  const handle = () => listener(cancelledBy(signal));
  signal.addEventListener("abort", handle, { once: true });
  return () => signal.removeEventListener("abort", handle);
}
