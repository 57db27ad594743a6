/** Writes a trace to a file as it happens, so that it is there even if the process is killed. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Executor } from "../../core/executor.ts";
import { recordTrace, type RecordOptions } from "../../trace/record-trace.ts";
import { firstLine, UsageError } from "../usage-error.ts";

/** A trace that is being written. */
export interface TraceFile {
  /** Ends the file. Returns why the trace is not whole, if it is not. */
  close(): string | undefined;
}

/**
 * Starts the trace of an executor, in place of what the file held.
 *
 * @throws UsageError if the file cannot be written
 */
export function openTraceFile(path: string, executor: Executor, options: RecordOptions): TraceFile {
  let failure: string | undefined;
  const file = open(path);
  const write = (lines: string) => {
    if (failure !== undefined) return;
    try {
      writeSync(file, lines);
    } catch (error) {
      failure = firstLine(error);
    }
  };
  const stop = recordTrace(executor, write, options);
  return {
    close: () => {
      stop();
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
