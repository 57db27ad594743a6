/**
 * What a run tells while it goes on, in this order:
 *     run.started
 *     ├─ turn.started              the model is asked
 *     │  ├─ batch.opened
 *     │  ├─ turn.text …            mixed with the events of calls that start early
 *     │  ├─ turn.ended             the model has stopped; or turn.broken, and perhaps turn.started again
 *     │  ├─ call.queued, call.started, call.progress, call.settled …
 *     │  └─ batch.closed, and turn.answered if it made calls
 *     ├─ turn.started              the next turn, after the last batch was closed
 *     └─ run.ended
 */
import type { BatchEvent } from "../core/event.ts";
import type { LoopEvent } from "../core/loop-event.ts";

export type { RunStatus } from "../core/model-turn.ts";

/** What happened. `at` is the executor's clock, in milliseconds; `turn` counts from 1. */
export type RunEvent = LoopEvent | (BatchEvent & { readonly turn: number });

/**
 * Hears of a run's events: in order, not awaited; what it throws or rejects with is dropped. After `run.ended` it may still
 * hear of attempts that were abandoned.
 */
export type RunListener = (event: RunEvent) => unknown;
