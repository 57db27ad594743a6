/**
 * What the edge of the library throws. What happens to a call is never thrown: it is an `Outcome`.
 * Misuse of an option is a `TypeError`, at construction.
 */

/** Why a `TuttiError` was thrown. */
export type TuttiErrorCode =
  | "batch-closed"
  | "batch-discarded"
  | "executor-shut-down"
  | "model-failed"
  | "invalid-message"
  | "missing-dependency"
  | "invalid-file"
  | "unreachable";

/** The one class of error that Tutti throws at run time; `code` says what to do about it, `cause` what lay behind. */
export class TuttiError extends Error {
  readonly code: TuttiErrorCode;

  constructor(code: TuttiErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "TuttiError";
    this.code = code;
  }
}
