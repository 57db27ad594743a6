/**
 * The ways a call fails, and the sentence that the model reads about each.
 *
 * A sentence says what happened, and where it can, what to do now. A call that never ran says so (G7).
 */
import { nameOf, type Call } from "./call.ts";
import type { Cancellation } from "./cancel.ts";
import type { WaitFor } from "./event.ts";
import type { CallError, ErrorCode, OutcomeStatus } from "./outcome.ts";
import { textOf } from "./thrown.ts";
import type { Trouble } from "./trouble.ts";

/** How a call that did not go well ends. */
export interface Failure {
  readonly status: Exclude<OutcomeStatus, "ok">;
  readonly error: CallError;
}

/** How far a call had come, and whether it declares writes. */
export interface Reach {
  /** Attempts that were started. */
  readonly attempts: number;
  /** Whether one of them runs. */
  readonly running: boolean;
  /** Whether one of them failed that may have taken effect. */
  readonly unsure: boolean;
  readonly writes: boolean;
}

/** No tool has this name; the message names those there are. */
export function unknownTool(name: string, known: readonly string[]): Failure {
  const list = known.length === 0 ? "there are no tools" : `the tools are ${known.join(", ")}`;
  return never("unknown-tool", `there is no tool ${JSON.stringify(name)}; ${list}`);
}

/** The arguments are not JSON. */
export function invalidJson(cause: unknown): Failure {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return never("invalid-json", `the arguments are not valid JSON: ${detail}`, { cause });
}

/** The input does not match the tool's schema; `message` names each field and what was expected. */
export function invalidInput(message: string, cause?: unknown): Failure {
  return never("invalid-input", message, { cause });
}

/** What the call touches cannot be told, or is more than it may touch. */
export function invalidEffects(message: string, cause?: unknown): Failure {
  return never("invalid-effects", `not executed: ${message}`, { cause });
}

/** A reference that leads nowhere; `text` is how it was written, if it may be that it was meant as a text. */
export function invalidReference(message: string, text: string | undefined): Failure {
  const literally = text === undefined ? "" : `; if the text itself is meant, write "$${text}"`;
  return never("invalid-reference", `not executed: ${message}${literally}`);
}

/** The call was cut off, or came in a turn that was (G9). */
export function truncated(): Failure {
  const message =
    "not executed: the reply was cut off before this call was certain; make the call again, with shorter arguments if they are long";
  return never("truncated", message, { retryable: true });
}

/** More calls came in one turn than are accepted. */
export function overLimit(maxCalls: number): Failure {
  const message = `not executed: at most ${maxCalls} calls are accepted in one turn; make this call again in the next`;
  return never("over-limit", message, { status: "skipped", retryable: true });
}

/** More calls wait for a pool than may. */
export function queueFull(pool: string, maxQueue: number): Failure {
  const full =
    maxQueue === 0
      ? `there is no room in ${pool}, and no call may wait for it`
      : `${maxQueue === 1 ? "1 call waits" : `${maxQueue} calls wait`} for ${pool} already, and no more may`;
  const message = `not executed: ${full}; make this call again later`;
  return never("over-limit", message, { status: "skipped", retryable: true });
}

/** The back-end of a pool fails, and is left alone for a while. */
export function unavailable(pool: string, forMs: number, { attempts, unsure }: Reach): Failure {
  const seconds = Number((Math.ceil(forMs / 100) / 10).toFixed(1));
  const tried = attempts === 0 ? "not executed" : `tried ${times(attempts)} and given up`;
  return {
    status: "failed",
    error: {
      code: "unavailable",
      message: `${tried}: ${pool} has been failing and is left alone; try again in ${seconds} s`,
      retryable: true,
      mayHaveTakenEffect: unsure,
      cause: undefined,
    },
  };
}

/** Somebody who was asked said no. */
export function denied(why: string, cause?: unknown): Failure {
  return never("denied", `not executed: ${why}`, { status: "denied", cause });
}

/** A call that this one depends on did not succeed. */
export function dependencyFailed(dependency: Call): Failure {
  const message = `not executed: it depends on ${nameOf(dependency)}, which did not succeed`;
  return never("dependency-failed", message, { status: "skipped" });
}

/** An attempt threw: the tool's own words (G2), whatever it threw, and what they say of the back-end. */
export function attemptFailed(
  thrown: unknown,
  trouble: Trouble,
  { writes, idempotent }: { readonly writes: boolean; readonly idempotent: boolean },
): Failure {
  const { retryable, nothingHappened, overloaded, retryAfterMs } = trouble;
  const mayHaveTakenEffect = writes && !nothingHappened;
  return {
    status: "failed",
    error: {
      code: overloaded ? "rate-limited" : "tool-error",
      message: textOf(thrown, "the tool failed without a message"),
      retryable: retryable && (idempotent || !mayHaveTakenEffect),
      mayHaveTakenEffect,
      cause: thrown,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  };
}

/** The tool ran, and what it returned does not match its `output` schema. */
export function invalidOutput(message: string, writes: boolean): Failure {
  const text = `the tool returned what it should not: ${message}`;
  return {
    status: "failed",
    error: {
      code: "invalid-output",
      message: text,
      retryable: false,
      mayHaveTakenEffect: writes,
      cause: undefined,
    },
  };
}

/** The time for an attempt, a call or a batch is over. `waitsFor` is what the call stood behind if it never started. */
export function timedOut(reason: Cancellation, reach: Reach, waitsFor?: WaitFor): Failure {
  const mayHaveTakenEffect = mayHave(reach);
  const behind = waitsFor === undefined ? "" : ` while it waited for ${describeWait(waitsFor)}`;
  return {
    status: "timed-out",
    error: {
      code: reach.attempts > 0 ? "timeout" : "blocked",
      message: `${reason.message}${behind}; ${whatIsKnown(reach)}`,
      retryable: !mayHaveTakenEffect,
      mayHaveTakenEffect,
      cause: reason,
    },
  };
}

/** Somebody stopped the call. */
export function cancelled(cancellation: Cancellation, reach: Reach): Failure {
  return {
    status: "cancelled",
    error: {
      code: "cancelled",
      message: `${cancellation.message}; ${whatIsKnown(reach)}`,
      retryable: false,
      mayHaveTakenEffect: mayHave(reach),
      cause: cancellation,
    },
  };
}

function describeWait(wait: WaitFor): string {
  switch (wait.for) {
    case "validation":
      return "its input to be checked";
    case "close":
      return "the end of the turn";
    case "approval":
      return "approval";
    case "call":
      return `call ${wait.call}, which comes first`;
    case "lock":
      return `call ${wait.heldBy}, which holds ${wait.resource}`;
    case "slot":
      return `room in ${wait.pool}`;
    case "rate":
      return `the rate of ${wait.pool}`;
    case "retry":
      return "its next attempt";
  }
}

function whatIsKnown({ attempts, running, unsure, writes }: Reach): string {
  if (attempts === 0) return "it was not executed";
  const effect = (running && writes) || unsure ? " and may have taken effect" : "";
  if (running) return `it was stopped while it ran${effect}`;
  return `it had failed ${times(attempts)}${effect}, and was not tried again`;
}

function mayHave({ running, writes, unsure }: Reach): boolean {
  return (running && writes) || unsure;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** The failure of a call that never ran. */
function never(
  code: ErrorCode,
  message: string,
  options: { status?: Failure["status"]; retryable?: boolean; cause?: unknown } = {},
): Failure {
  const { status = "failed", retryable = false, cause } = options;
  return { status, error: { code, message, retryable, mayHaveTakenEffect: false, cause } };
}
