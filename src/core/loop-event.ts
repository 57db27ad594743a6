/**
 * What a loop around the model tells of its turns: that of `runAgent`, or one of the user's own that calls `runTurn`. The
 * events of batches are in `event.ts`; a trace holds both.
 */
import type { Cancellation } from "./cancel.ts";
import type { TuttiError } from "./errors.ts";
import type { BatchEvent } from "./event.ts";
import type { RunStatus, StopReason, TurnOrigin, Usage } from "./model-turn.ts";
import type { EncodedResult } from "./result.ts";

/** What the model reads of a call. */
export interface Answer {
  /** The call's key. */
  readonly call: string;
  readonly result: EncodedResult;
}

/** What happened to a turn. `at` is the executor's clock, in milliseconds. */
export type TurnEvent = TurnOrigin & { readonly at: number } & (
    | {
        /** The model is asked; where the loop is the user's own, its response is about to be read. */
        readonly type: "turn.started";
        /** The protocol, as its wire is called. */
        readonly wire?: string | undefined;
        /** What the model is called by who asks it. */
        readonly model?: string | undefined;
      }
    /** Text that the model added. */
    | { readonly type: "turn.text"; readonly text: string }
    /** The model has stopped. Calls that wait for the end of the turn start now. */
    | {
        readonly type: "turn.ended";
        readonly stop: StopReason;
        readonly usage: Usage;
        /** The model that answered, as the provider calls it. */
        readonly model?: string;
      }
    /** The response failed or broke off: its text is void. If the model is asked again, `turn.started` follows. */
    | { readonly type: "turn.broken"; readonly error: TuttiError | Cancellation }
    /** What the model will read: a result per call, cut to the budget. */
    | { readonly type: "turn.answered"; readonly answers: readonly Answer[] }
  );

/** What a loop tells. */
export type LoopEvent =
  /** The texts that the run adds to what the model reads, by name: `any/mild/1`, `references/exact/1`. */
  | {
      readonly type: "run.started";
      readonly at: number;
      readonly run: string;
      readonly nudge?: string;
      readonly references?: string;
    }
  | TurnEvent
  | { readonly type: "run.ended"; readonly at: number; readonly run: string; readonly status: RunStatus };

/** All that happens in an executor and in the loops around it. */
export type ExecutorEvent = BatchEvent | LoopEvent;

/** Hears of all of it: in order, in a microtask after each event, not awaited; what it throws or rejects with is dropped. */
export type ExecutorListener = (event: ExecutorEvent) => unknown;
