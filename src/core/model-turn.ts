/** What is known of one model response in no provider's terms: which it is, why it stopped, and what it took. */

/** Which turn it is. */
export interface TurnOrigin {
  /** The run, unique in the executor: `r1`. Undefined for a loop that Tutti does not run. */
  readonly run?: string | undefined;
  /** The turn's number: from 1 in a run, or else in the executor. */
  readonly turn: number;
}

/**
 * Why a model stopped.
 *
 * - `calls`: it waits for the results of its calls.
 * - `end`: it has said what it had to say.
 * - `truncated`: a token limit, or the end of the stream, cut it off; the last call may be incomplete (G9).
 * - `refused`: the provider or the model declined.
 * - `paused`: the provider asks for the same conversation again, to go on.
 */
export type StopReason = "calls" | "end" | "truncated" | "refused" | "paused";

/** Tokens of one response. */
export interface Usage {
  /** All of the input, whether it came from the provider's cache, was written to it, or neither. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The part of `inputTokens` that was read from the provider's cache. */
  readonly cachedInputTokens: number;
}

/** How a run ended. */
export type RunStatus =
  /** The model has said what it had to say. */
  | "done"
  /** The model may take no more turns; the calls of the last one are answered. */
  | "max-turns"
  /** The user's signal aborted. */
  | "aborted"
  /** The model's token limit cut its answer off. */
  | "truncated"
  /** The provider or the model declined; what it said is not in the history. */
  | "refused"
  /** The model could not be asked, or something that is not a tool broke. */
  | "failed";
