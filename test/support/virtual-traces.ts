/** Traces of runs on a virtual clock, as files that commands read. */
import { runAgent } from "../../src/agent/run-agent.ts";
import { batchTool } from "../../src/core/batch-tool.ts";
import { defineTool, type ToolContext } from "../../src/core/tool.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { parseTrace } from "../../src/trace/parse-trace.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { recordTrace } from "../../src/trace/record-trace.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { virtualRun } from "./virtual-runs.ts";

const input = { type: "object" } as const;

/** The trace of `virtualRun`, as text. */
export async function virtualTrace(options: { readonly concurrency?: number } = {}): Promise<string> {
  const events = await virtualRun(options);
  return events.map((event) => `${toTraceLine(event)}\n`).join("");
}

/** Text, read. */
export function traceOf(text: string): Trace {
  return readTrace(parseTrace(text).events);
}

/**
 * The trace of two runs at once, as text, with all that a call can go through: a pool of three slots that both runs share, a
 * call that is refused once, one that is slow and hedged, calls inside a call, and a list of calls.
 */
export async function busyTrace(): Promise<string> {
  const clock = new VirtualClock();
  const asked = new Set<string>();
  const get = defineTool({
    name: "get",
    description: "A tool.",
    input,
    effects: "read",
    idempotent: true,
    pools: ["api"],
    hedge: { afterMs: 400 },
    execute: async (value: unknown, { signal }: ToolContext) => {
      const { id } = value as { readonly id: string };
      const isFirst = !asked.has(id);
      asked.add(id);
      await clock.sleep(id === "slow" && isFirst ? 3_000 : 200, signal);
      if (id !== "refused" || !isFirst) return id;
      const headers = { "retry-after": "1" };
      throw Object.assign(new Error("too many requests"), { status: 429, headers });
    },
  });
  const report = defineTool({
    name: "report",
    description: "A tool.",
    input,
    effects: "read",
    execute: async (_, context: ToolContext) => {
      await clock.sleep(100, context.signal);
      await context.run([{ name: "get", input: { id: "inner" } }]);
      await clock.sleep(100, context.signal);
      return "done";
    },
  });
  const tools = [get, report, batchTool()];
  const executor = createExecutor({
    tools,
    clock,
    retry: true,
    random: () => 0,
    pools: { api: { concurrency: 3 } },
  });
  const lines: string[] = [];
  const stop = recordTrace(executor, (line) => lines.push(line));
  const calls = (...ids: string[]) => ids.map((id) => ({ name: "get", input: { id } }));
  const say = (...steps: Parameters<typeof scriptedModel>[0][number]["steps"][number][]) => ({ steps });
  const runs = [
    scriptedModel([
      say(clock.sleep(300), ...calls("slow", "refused"), { name: "report", input: {} }),
      say("Done."),
    ]),
    scriptedModel([
      say(clock.sleep(500), { name: "parallel", input: { calls: calls("x", "y") } }),
      say("Done."),
    ]),
  ].map((model) => runAgent({ model, executor, prompt: "Go." }).result);
  await clock.runAll();
  await Promise.all(runs);
  stop();
  // The moment by the calendar is the machine's.
  return lines.join("").replace(/"time":"[^"]+"/, '"time":"2026-01-01T00:00:00.000Z"');
}
