/** The result of a call of which none was kept: the process ended, a store lost it, or somebody cut the history there. */
import type { EncodedResult } from "../core/result.ts";

/** Says of a call what is known of it: that it has not run, or nothing (G7). */
export function unanswered(neverRan: boolean): EncodedResult {
  const error = {
    code: "cancelled",
    message: neverRan
      ? "not executed: the conversation went on before this call was run"
      : "no result of this call was kept: it may have run, or not; look before you make it again",
    retryable: neverRan,
    mayHaveTakenEffect: !neverRan,
  };
  return { isError: true, parts: [{ type: "text", text: JSON.stringify({ error }) }] };
}
