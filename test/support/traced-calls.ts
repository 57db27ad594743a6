/** Calls on the virtual clock, and the trace that they leave: for tests of what is read off one. */
import type { CallRequest } from "../../src/core/call-request.ts";
import type { ExecutorEvent } from "../../src/core/loop-event.ts";
import type { Tool, ToolContext } from "../../src/core/tool.ts";
import { defineTool } from "../../src/core/tool.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import type { ExecutorOptions } from "../../src/executor/executor-options.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { openTrace } from "../../src/trace/open-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import type { Trace } from "../../src/trace/trace.ts";

/** What a call of a test is asked for: to take its time, and to touch what it says. */
export interface Asked {
  readonly ms: number;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** Calls of `work` that it makes inside itself, when its time has passed. */
  readonly inside?: readonly Asked[];
}

/** A call of the tool `work`, or of another with the same body. */
export function ask(asked: Asked, name = "work"): CallRequest {
  return { name, input: asked };
}

/** A tool that does as it is asked. */
export function worker(clock: VirtualClock, name: string, options: object = {}): Tool {
  return defineTool({
    name,
    description: name,
    input: { type: "object" },
    effects: (input: unknown) => {
      const { reads = [], writes = [] } = input as Asked;
      return { reads, writes };
    },
    execute: async (input: unknown, context: ToolContext) => {
      const { ms, inside } = input as Asked;
      await clock.sleep(ms, context.signal);
      if (inside !== undefined) await context.run(inside.map((asked) => ask(asked)));
      return ms;
    },
    ...options,
  });
}

/** The trace of batches that are run one after the other on one executor. */
export async function traceOf(
  batches: readonly (readonly CallRequest[])[],
  options: (clock: VirtualClock) => Partial<ExecutorOptions> = () => ({}),
): Promise<{ readonly trace: Trace; readonly events: readonly TraceEvent[] }> {
  const clock = new VirtualClock();
  const executor = createExecutor({ tools: [worker(clock, "work")], clock, ...options(clock) });
  const events: TraceEvent[] = [openTrace(executor)];
  executor.events.listen((event: ExecutorEvent) => events.push(event));
  for (const batch of batches) {
    const outcomes = executor.run(batch);
    await clock.runAll();
    await outcomes;
  }
  return { trace: readTrace(events), events };
}
