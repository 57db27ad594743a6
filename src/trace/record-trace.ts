/** Writes what happens in an executor, and in the loops around it, as lines of a trace. */
import type { Executor } from "../core/executor.ts";
import { openTrace } from "./open-trace.ts";
import { toTraceLine } from "./trace-line.ts";

/**
 * Has `write` called with each line of a trace, its line break included, from now on until what is returned is called. What
 * it throws is dropped; a trace that is written at once, line by line, is there even if the process is killed.
 */
export function recordTrace(executor: Executor, write: (line: string) => void): () => void {
  write(`${toTraceLine(openTrace(executor))}\n`);
  return executor.events.listen((event) => write(`${toTraceLine(event)}\n`));
}
