/**
 * How a call ended: a value, never a throw (G1). An outcome claims no more than is known (G7):
 * `mayHaveTakenEffect` is false only where the tool never ran, declares that it writes nothing, or threw an error by which
 * nothing happened.
 */
import type { Call } from "./call.ts";
import { oneOf, show } from "./options.ts";

/** How a call ended. */
export type OutcomeStatus = "ok" | "failed" | "timed-out" | "cancelled" | "skipped" | "denied";

/** Why a call did not end `ok`. */
export type ErrorCode =
  | "tool-error"
  | "unknown-tool"
  | "invalid-json"
  | "invalid-input"
  | "invalid-effects"
  | "invalid-reference"
  | "invalid-output"
  | "timeout"
  | "blocked"
  | "cancelled"
  | "dependency-failed"
  | "denied"
  | "truncated"
  | "over-limit"
  | "rate-limited"
  | "unavailable";

/** What went wrong with a call. */
export interface CallError {
  readonly code: ErrorCode;
  /** One sentence for the model: for `tool-error` and `rate-limited` the tool's own text (G2). */
  readonly message: string;
  /** Whether the same call, made again, might succeed; false where it may have taken effect, as it would do so twice. */
  readonly retryable: boolean;
  /** Whether the call may have changed the world although it did not end `ok` (G7). */
  readonly mayHaveTakenEffect: boolean;
  /** What was thrown, or the reason of the abort, kept whole. */
  readonly cause: unknown;
  /** How long the tool's back-end asks to be left alone, if it does. The model does not read it. */
  readonly retryAfterMs?: number;
}

interface OutcomeFacts {
  readonly call: Call;
  /** Attempts that were started; 0 for a call that never ran, or that shares the result of another. */
  readonly attempts: number;
  /** Milliseconds from the call's arrival to its first attempt, or to its end if it never ran. */
  readonly queuedMs: number;
  /** Milliseconds from the first attempt's start to the call's end. */
  readonly runningMs: number;
}

/** A call that ended well. */
export interface OkOutcome extends OutcomeFacts {
  readonly status: "ok";
  /** What the tool returned. */
  readonly output: unknown;
  readonly error?: undefined;
}

/** A call that did not end well. */
export interface ErrorOutcome extends OutcomeFacts {
  readonly status: Exclude<OutcomeStatus, "ok">;
  readonly output?: undefined;
  readonly error: CallError;
}

/** How one call ended; a batch of n calls has n of them, in call order (G1). */
export type Outcome = OkOutcome | ErrorOutcome;

const STATUSES: readonly OutcomeStatus[] = ["ok", "failed", "timed-out", "cancelled", "skipped", "denied"];

/**
 * Checks an outcome that was kept somewhere, such as in a file.
 *
 * @throws TypeError that says what is missing
 */
export function checkOutcome(outcome: unknown): void {
  const { status, error, attempts } = (outcome ?? {}) as {
    status?: unknown;
    error?: unknown;
    attempts?: unknown;
  };
  oneOf("outcome.status", STATUSES, status);
  if (typeof attempts !== "number")
    throw new TypeError(`\`outcome.attempts\` must be a number, got ${show(attempts)}`);
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (status !== "ok" && (typeof code !== "string" || typeof message !== "string"))
    throw new TypeError(
      "`outcome.error` must be an error with `code` and `message`, as the call did not end ok",
    );
}
