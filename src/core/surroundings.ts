/**
 * Code that goes around what an executor runs, for those who carry a context into it: a tracer whose span is the current one while
 * a tool runs. It knows nothing of contexts; where there is none, it costs nothing.
 *
 * 1. An attempt starts exactly once, whatever the code around it does.
 */
import type { BatchEvent } from "./event.ts";
import type { LoopEvent } from "./loop-event.ts";

/** A run, a turn, a batch or a call begins. */
export type Beginning = Extract<
  BatchEvent | LoopEvent,
  { readonly type: "run.started" | "turn.started" | "batch.opened" | "call.queued" }
>;

/** An attempt that starts: the call's key, which attempt it is, from 1, and when it starts. */
export interface StartingAttempt {
  readonly key: string;
  readonly number: number;
  readonly startedAt: number;
}

/** Goes around what an executor runs. What it throws is dropped; it must not call the executor. */
export interface Surroundings {
  /**
   * Called in the very step in which something begins, in the asynchronous context of who began it; listeners hear of it
   * later, in no particular one.
   */
  began(event: Beginning): void;
  /**
   * Has attempts start by calling `start`, within this call: one, or all those that run together as one. What the tool's function
   * does, it does in the context in which `start` is called.
   */
  around(attempts: readonly StartingAttempt[], start: () => void): void;
  /** The W3C `traceparent` of an attempt that runs: for what no context reaches, such as threads. */
  traceparent?(call: string, attempt: number): string | undefined;
}

/** Whether an event is told to surroundings. */
export function isBeginning(event: BatchEvent | LoopEvent): event is Beginning {
  const { type } = event;
  return (
    type === "call.queued" || type === "batch.opened" || type === "turn.started" || type === "run.started"
  );
}

/** Starts attempts within all surroundings, the first of them outermost. `start` must not throw. */
export function startWithin(
  surroundings: readonly Surroundings[],
  attempts: readonly StartingAttempt[],
  start: () => void,
): void {
  const [outermost, ...others] = surroundings;
  if (outermost === undefined) return start();
  let started = false;
  const once = () => {
    if (started) return;
    started = true;
    startWithin(others, attempts, start);
  };
  try {
    outermost.around(attempts, once);
  } catch {
    // It changes nothing, as a listener that throws does not (contract §9).
  }
  once();
}
