/**
 * `runAgent`: asks a model, runs its calls, answers them, and asks again, until the model is done. The loop itself is in
 * `loop.ts`; it names no provider and no store.
 */
import type { LoopEvent } from "../core/loop-event.ts";
import { EventLog } from "./event-log.ts";
import { runLoop, type NewRunEvent, type RunResult } from "./loop.ts";
import { Meter } from "./metrics.ts";
import type { RunEvent, RunListener } from "./run-event.ts";
import { resolveRunOptions, type RunOptions } from "./run-options.ts";

/**
 * A run that goes on by itself: whoever iterates its events neither drives nor stops it. They are kept until they are
 * iterated, which can be done once; leaving early is fine, and only the signal ends a run.
 */
export interface Run<Message> extends AsyncIterable<RunEvent> {
  /** Never rejects. */
  readonly result: Promise<RunResult<Message>>;
}

/**
 * Starts a run.
 *
 * @throws TypeError that names the option and what came
 */
export function runAgent<Message>(options: RunOptions<Message>): Run<Message> {
  const resolved = resolveRunOptions(options);
  const { clock, events } = resolved.executor;
  const name = events.nextRun();
  const log = new EventLog<RunEvent>();
  const meter = new Meter();
  const deliver = (event: RunEvent) => {
    meter.read(event);
    log.add(event);
    tell(resolved.onEvent, event);
    if (event.type === "run.ended") log.end();
  };
  const emit = (event: NewRunEvent) => {
    // Of a batch: whoever listens to the executor has heard of it.
    if ("at" in event) return deliver(event);
    const stamped: LoopEvent = { ...event, at: clock.now(), run: name };
    events.tell(stamped);
    deliver(stamped);
  };
  // Not at once: a listener that hears of the start may want the run.
  const result = Promise.resolve().then(() =>
    runLoop(resolved, { name, emit, metrics: () => meter.metrics() }),
  );
  return { result, [Symbol.asyncIterator]: () => log.read() };
}

function tell(listener: RunListener | undefined, event: RunEvent): void {
  try {
    const result = listener?.(event);
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // A listener that throws changes nothing (contract §9).
  }
}
