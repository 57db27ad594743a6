/**
 * What a run tells while it goes on, in this order:
 *     run.started
 *     ├─ turn.started              the model is asked
 *     │  ├─ batch.opened
 *     │  ├─ turn.text …            mixed with the events of calls that start early
 *     │  ├─ turn.ended             the model has stopped; or turn.broken, and perhaps turn.started once more
 *     │  ├─ call.queued, call.started, call.progress, call.settled …
 *     │  └─ batch.closed
 *     ├─ turn.started              the next turn, after the last batch was closed
 *     └─ run.ended
 */
import type { Cancellation } from "../core/cancel.ts";
import type { TuttiError } from "../core/errors.ts";
import type { BatchEvent } from "../core/event.ts";
import type { StopReason, Usage } from "../wire/wire.ts";

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

/** What happened. `at` is the executor's clock, in milliseconds; `turn` counts from 1. */
export type RunEvent =
  /** The texts that the run adds to what the model reads, by name: `any/mild/1`, `references/exact/1`. */
  | {
      readonly type: "run.started";
      readonly at: number;
      readonly nudge?: string;
      readonly references?: string;
    }
  | { readonly type: "turn.started"; readonly at: number; readonly turn: number }
  /** Text that the model added. */
  | { readonly type: "turn.text"; readonly at: number; readonly turn: number; readonly text: string }
  /** The model has stopped. Calls that wait for the end of the turn start now. */
  | {
      readonly type: "turn.ended";
      readonly at: number;
      readonly turn: number;
      readonly stop: StopReason;
      readonly usage: Usage;
    }
  /** The response failed or broke off: its text is void. If the model is asked again, `turn.started` follows. */
  | {
      readonly type: "turn.broken";
      readonly at: number;
      readonly turn: number;
      readonly error: TuttiError | Cancellation;
    }
  | (BatchEvent & { readonly turn: number })
  | { readonly type: "run.ended"; readonly at: number; readonly status: RunStatus };

/**
 * Hears of a run's events: in order, not awaited; what it throws or rejects with is dropped. After `run.ended` it may still
 * hear of attempts that were abandoned.
 */
export type RunListener = (event: RunEvent) => unknown;
