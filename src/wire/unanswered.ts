/** The result of a call of which none was kept: the process ended, a store lost it, or somebody cut the history there. */
import type { EncodedResult } from "../core/result.ts";

const NEVER_RAN = "not executed: the conversation went on before this call was run";
const NOT_KEPT = "no result of this call was kept: it may have run, or not; look before you make it again";

/** Says of a call what is known of it: that it has not run, or nothing (G7). */
export function unanswered(neverRan: boolean): EncodedResult {
  const error = {
    code: "cancelled",
    message: neverRan ? NEVER_RAN : NOT_KEPT,
    retryable: neverRan,
    mayHaveTakenEffect: !neverRan,
  };
  return { isError: true, parts: [{ type: "text", text: JSON.stringify({ error }) }] };
}

/** Whether a result is one that was made for a call that had none. */
export function isUnanswered({ isError, parts }: EncodedResult): boolean {
  return (
    isError &&
    parts.some(
      (part) => part.type === "text" && (part.text.includes(NEVER_RAN) || part.text.includes(NOT_KEPT)),
    )
  );
}
