/** The first event of a trace: what it is, when it was, and what the executor was like. */
import type { Executor } from "../core/executor.ts";
import type { Tool } from "../core/tool.ts";
import { TRACE_VERSION, type TraceOpened } from "./trace-event.ts";
import type { TracedTool } from "./trace.ts";

/** The first event of a trace of an executor that is written from now on. */
export function openTrace({ clock, concurrency, tools, pools }: Executor): TraceOpened {
  return {
    type: "trace.opened",
    at: clock.now(),
    version: TRACE_VERSION,
    time: new Date().toISOString(),
    executor: { concurrency, tools: tools.map(factsOf), pools },
  };
}

function factsOf({ name, description, effects, concurrency }: Tool): TracedTool {
  const said = typeof effects === "string" ? effects : "by-input";
  return { name, description, effects: said, ...(Number.isFinite(concurrency) && { concurrency }) };
}
