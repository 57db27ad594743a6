/** What a trace file is made of: one event per line, the first of which says what it is. */
import type { ExecutorEvent } from "../core/loop-event.ts";
import type { TracedExecutor } from "./trace.ts";

/** The version of the format. A reader of it bears events and fields that it does not know. */
export const TRACE_VERSION = 1;

/** The first line of a trace. */
export interface TraceOpened {
  readonly type: "trace.opened";
  readonly at: number;
  readonly version: typeof TRACE_VERSION;
  /** The moment `at` by the calendar: ISO 8601, UTC. */
  readonly time: string;
  readonly executor?: TracedExecutor | undefined;
}

/** An event of a trace. */
export type TraceEvent = TraceOpened | ExecutorEvent;
