/** Writes a run's events to a file as they happen, so that a trace is there even if the process is killed. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { RunEvent } from "../../agent/run-event.ts";
import { firstLine, UsageError } from "../usage-error.ts";
import { toTraceLine } from "./trace-line.ts";

/** A trace that is being written. */
export interface TraceFile {
  /** Adds a line. It never throws: what goes wrong is told by `close`. */
  write(event: RunEvent): void;
  /** Ends the file. Returns why the trace is not whole, if it is not. */
  close(): string | undefined;
}

/**
 * Starts a trace, in place of what the file held.
 *
 * @throws UsageError if the file cannot be written
 */
export function openTraceFile(path: string): TraceFile {
  let failure: string | undefined;
  const file = open(path);
  return {
    write: (event) => {
      if (failure !== undefined) return;
      try {
        writeSync(file, `${toTraceLine(event)}\n`);
      } catch (error) {
        failure = firstLine(error);
      }
    },
    close: () => {
      closeSync(file);
      return failure;
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    throw new UsageError(`trace file ${path} cannot be written: ${firstLine(error)}`, { cause: error });
  }
}
