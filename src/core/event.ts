/** What batches tell. The events of the loops around them are in `loop-event.ts`; a trace holds both. */
import type { Call } from "./call.ts";
import type { TurnOrigin } from "./model-turn.ts";
import type { CallError, Outcome } from "./outcome.ts";

/** What a call waits for. */
export type WaitFor =
  /** Its input is being checked, or that of a call before it. */
  | { readonly for: "validation" }
  /** The batch is open, and the call, or one that it must follow, may only start when it closes. */
  | { readonly for: "close" }
  /** A call that comes first by `after` or by the strict order of `concurrency: 1`, or one whose result is shared. */
  | { readonly for: "call"; readonly call: string }
  /** A call that touches the same resource; `heldBy` is the last one that stood in the way. */
  | { readonly for: "lock"; readonly resource: string; readonly heldBy: string }
  /** Room in the executor (`executor`), in a tool (`tool:name`) or in a pool. */
  | { readonly for: "slot"; readonly pool: string }
  /** The rate of a pool, or the time for which its back-end asked to be left alone. */
  | { readonly for: "rate"; readonly pool: string }
  /** The user's word on this call, or on one that it must follow. */
  | { readonly for: "approval" }
  /** An attempt has failed, and the next is due later. */
  | { readonly for: "retry" };

/**
 * Why a call waited, and how long. A call's waits follow one another and add up to its `queuedMs`, but for the time in which
 * other code held the thread. What it waited for one limit is one wait, though limits may take turns: they are in the order in
 * which each was last in the way.
 */
export type Wait = WaitFor & { readonly ms: number };

/** What happened. `at` is the executor's clock, in milliseconds; `call` and `batch` are keys. */
export type BatchEvent =
  /** `parent` is the call that runs this batch inside itself, in that attempt; `turn`, and `run`, say whose calls these are. */
  | (Partial<TurnOrigin> & {
      readonly type: "batch.opened";
      readonly at: number;
      readonly batch: string;
      readonly parent?: string;
      readonly attempt?: number;
    })
  | { readonly type: "batch.closed"; readonly at: number; readonly batch: string; readonly outcomes: number }
  | { readonly type: "call.queued"; readonly at: number; readonly batch: string; readonly call: Call }
  | {
      readonly type: "call.started";
      readonly at: number;
      readonly call: string;
      readonly waits: readonly Wait[];
      /** The pools whose slots each of its attempts takes, beside those of the executor and the tool. @default none */
      readonly pools?: readonly string[];
    }
  | { readonly type: "call.progress"; readonly at: number; readonly call: string; readonly value: unknown }
  /** `waits` are those that no event has told yet, if there are any. */
  | {
      readonly type: "call.settled";
      readonly at: number;
      readonly call: string;
      readonly outcome: Outcome;
      readonly waits?: readonly Wait[];
    }
  /** An attempt after the call's first; `waits` are since the one before it failed. */
  | {
      readonly type: "attempt.started";
      readonly at: number;
      readonly call: string;
      /** From 2. */
      readonly attempt: number;
      readonly as: "retry" | "hedge";
      readonly waits: readonly Wait[];
    }
  /** `retryInMs` says when the call will be tried again, if it will. */
  | {
      readonly type: "attempt.failed";
      readonly at: number;
      readonly call: string;
      readonly attempt: number;
      readonly error: CallError;
      readonly retryInMs?: number;
    }
  /** The attempt ignored its signal for `graceMs`: its call has settled, its slots are free, it keeps what it writes locked. */
  | {
      readonly type: "attempt.abandoned";
      readonly at: number;
      readonly call: string;
      readonly attempt: number;
    }
  /** An attempt that its call did not wait for has stopped: an abandoned one, or the slower of two. What it returned is dropped. */
  | {
      readonly type: "attempt.stopped";
      readonly at: number;
      readonly call: string;
      readonly attempt: number;
      readonly returned: boolean;
    };

/** An event without its time. */
export type CallEvent = BatchEvent extends infer Event
  ? Event extends { at: number }
    ? Omit<Event, "at">
    : never
  : never;

/**
 * Hears of events. It is called in order, in a microtask after each event; it is not awaited, and what it throws or
 * rejects with is dropped.
 */
export type Listener = (event: BatchEvent) => unknown;
