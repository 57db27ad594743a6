/** A run on a virtual clock, whose events have the same times whenever it is run. */
import { runAgent } from "../../src/agent/run-agent.ts";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { defineTool, type ToolContext } from "../../src/core/tool.ts";
import { scriptedModel, type ScriptedStep } from "../../src/testing/scripted-model.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";

const input = { type: "object" } as const;

/**
 * The events of a run whose model commits, at 200, 300, … 600 ms, a read of `a` and one of `b`, two writes of `a` and a read
 * that fails, stops at 700 ms, and speaks from 1,500 ms to 1,800 ms. A read takes 400 ms, a write 300 ms, the failure 100 ms.
 */
export async function virtualRun(options: { readonly concurrency?: number } = {}): Promise<RunEvent[]> {
  const clock = new VirtualClock();
  const events: RunEvent[] = [];
  const tool = (name: string, ms: number, run: (id: string) => unknown) =>
    defineTool({
      name,
      description: "A tool.",
      input,
      effects: (value: unknown) => ({ [name === "write" ? "writes" : "reads"]: [idOf(value)] }),
      execute: async (value: unknown, { signal }: ToolContext) => {
        await clock.sleep(ms, signal);
        return run(idOf(value));
      },
    });
  const tools = [
    tool("read", 400, (id) => id),
    tool("write", 300, (id) => id),
    tool("fail", 100, () => {
      throw new Error("there is no such thing");
    }),
  ];
  const at = (ms: number) => clock.sleep(ms);
  const call = (name: string, id: string): ScriptedStep => ({ name, input: { id } });
  const calls = [
    call("read", "a"),
    call("read", "b"),
    call("write", "a"),
    call("write", "a"),
    call("fail", "c"),
  ];
  const model = scriptedModel([
    { steps: ["Let me see.", ...calls.flatMap((step, i) => [at(200 + i * 100), step]), at(700)] },
    { steps: [at(1_500), "Done.", at(1_800)] },
  ]);
  const executor = createExecutor({ tools, clock, ...options });
  const run = runAgent({ model, executor, prompt: "Go.", onEvent: (event) => events.push(event) });
  await clock.runAll();
  await run.result;
  return events;
}

/** What had happened by a moment. */
export function until(events: readonly RunEvent[], ms: number): RunEvent[] {
  return events.filter(({ at }) => at <= ms);
}

function idOf(value: unknown): string {
  return (value as { readonly id: string }).id;
}
