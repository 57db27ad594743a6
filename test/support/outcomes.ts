/** Outcomes made by hand, for tests of what becomes of them. */
import type { CallError, ErrorOutcome, OkOutcome, OutcomeStatus } from "../../src/core/outcome.ts";

const facts = {
  call: { key: "b1:0", id: "toolu_1", name: "tool", input: {}, index: 0 },
  attempts: 1,
  queuedMs: 0,
  runningMs: 1,
};

/** A call that returned `output`. */
export function ok(output: unknown): OkOutcome {
  return { ...facts, status: "ok", output };
}

/** A call that did not end well. */
export function notOk(status: Exclude<OutcomeStatus, "ok">, error: Partial<CallError> = {}): ErrorOutcome {
  return {
    ...facts,
    status,
    error: {
      code: "tool-error",
      message: "it broke",
      retryable: false,
      mayHaveTakenEffect: false,
      cause: undefined,
      ...error,
    },
  };
}
