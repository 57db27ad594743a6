/** Random runs on the virtual clock, for what is read off a trace: models that take their time, limits, failures, calls inside calls. */
import fc from "fast-check";
import { runAgent } from "../../src/agent/run-agent.ts";
import type { RunEvent } from "../../src/agent/run-event.ts";
import type { Decision } from "../../src/core/approvals.ts";
import type { Executor } from "../../src/core/executor.ts";
import { batchTool } from "../../src/core/batch-tool.ts";
import type { ExecutorEvent } from "../../src/core/loop-event.ts";
import { toolError } from "../../src/core/tool-error.ts";
import { defineTool, type ToolContext } from "../../src/core/tool.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { scriptedModel, type ScriptedStep } from "../../src/testing/scripted-model.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { openTrace } from "../../src/trace/open-trace.ts";

/** A call of a random run. */
export interface RunCallPlan {
  readonly tool:
    "read" | "write" | "pooled" | "rated" | "flaky" | "hedged" | "asks" | "outer" | "pair" | "nobody";
  readonly path: string;
  /** How long the model writes it, and how long it then takes. */
  readonly writtenMs: number;
  readonly ms: number;
  readonly fails: boolean;
}

/** A random run. */
export interface RunPlan {
  readonly concurrency: number;
  readonly turns: readonly { readonly thinksMs: number; readonly calls: readonly RunCallPlan[] }[];
  readonly abortMs: number | undefined;
}

const call: fc.Arbitrary<RunCallPlan> = fc.record({
  tool: fc.constantFrom(
    "read",
    "read",
    "write",
    "pooled",
    "rated",
    "flaky",
    "hedged",
    "asks",
    "outer",
    "pair",
    "nobody",
  ),
  path: fc.constantFrom("a", "a/b", "c"),
  writtenMs: fc.integer({ min: 0, max: 9 }),
  // What takes no time at all has no place among what happens at one moment.
  ms: fc.integer({ min: 1, max: 40 }),
  fails: fc.boolean(),
});

/** Random runs: turns of up to eight calls. */
export const runPlans: fc.Arbitrary<RunPlan> = fc.record({
  concurrency: fc.constantFrom(1, 2, 3, 10),
  turns: fc.array(
    fc.record({ thinksMs: fc.integer({ min: 0, max: 30 }), calls: fc.array(call, { maxLength: 8 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  abortMs: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined, freq: 4 }),
});

/** The events of a trace of some runs that share an executor, and those that each run told of itself. */
export interface PlayedRuns {
  readonly events: readonly TraceEvent[];
  readonly told: readonly (readonly RunEvent[])[];
}

/** Plays runs side by side to their end; `watch` is given the executor before. */
export async function playRuns(
  plans: readonly RunPlan[],
  watch: (executor: Executor) => void = () => {},
): Promise<PlayedRuns> {
  const clock = new VirtualClock();
  const executor = createExecutor({
    tools: toolsOn(clock),
    clock,
    concurrency: plans[0]?.concurrency ?? 10,
    pools: { db: { concurrency: 2 }, api: { rate: { count: 1, perMs: 10 } } },
    graceMs: 5,
    approve: async (): Promise<Decision> => {
      await clock.sleep(7);
      return "allow";
    },
  });
  watch(executor);
  const events: TraceEvent[] = [openTrace(executor)];
  executor.events.listen((event: ExecutorEvent) => events.push(event));
  const told = plans.map((): RunEvent[] => []);
  const results = plans.map((plan, i) => {
    const controller = new AbortController();
    if (plan.abortMs !== undefined) clock.setTimer(() => controller.abort(), plan.abortMs);
    return runAgent({
      model: modelOf(plan, clock),
      executor,
      prompt: "Go.",
      signal: controller.signal,
      onEvent: (event) => told[i]?.push(event),
    }).result;
  });
  await clock.runAll();
  await Promise.all(results);
  return { events, told };
}

function modelOf({ turns }: RunPlan, clock: VirtualClock) {
  const scripted = scriptedModel([]);
  let asked = 0;
  const request: typeof scripted.request = (asks) => {
    const turn = turns[asked++];
    let ms = 0;
    const after = (more: number) => clock.sleep((ms += more));
    const usage = { inputTokens: 100 * asked, outputTokens: 10, cachedInputTokens: 0 };
    const steps: ScriptedStep[] =
      turn === undefined
        ? [after(5), "Done."]
        : [
            after(turn.thinksMs),
            "So.",
            ...turn.calls.flatMap((plan) => [after(plan.writtenMs), requestOf(plan)]),
          ];
    return scriptedModel([{ steps, usage, model: "scripted-1" }]).request(asks);
  };
  return { ...scripted, request };
}

function requestOf(plan: RunCallPlan) {
  const input = { path: plan.path, ms: plan.ms, fails: plan.fails };
  if (plan.tool !== "pair") return { name: plan.tool, input };
  return {
    name: "batch",
    input: {
      calls: [
        { name: "read", input },
        { name: "write", input },
      ],
    },
  };
}

interface Input {
  readonly path: string;
  readonly ms: number;
  readonly fails: boolean;
}

function toolsOn(clock: VirtualClock) {
  const attempts = new Map<string, number>();
  const work = async ({ ms, fails }: Input, { signal }: ToolContext) => {
    await clock.sleep(ms, signal);
    if (fails) throw new Error("it failed");
    return ms;
  };
  const tool = (name: string, options: object = {}) =>
    defineTool({
      name,
      description: name,
      input: { type: "object" },
      effects: (input: unknown) => ({ reads: [(input as Input).path] }),
      execute: (input: unknown, context: ToolContext) => work(input as Input, context),
      ...options,
    });
  return [
    tool("read"),
    tool("write", { effects: ({ path }: Input) => ({ writes: [path] }) }),
    tool("pooled", { pools: ["db"] }),
    tool("rated", { pools: ["api"] }),
    tool("flaky", {
      idempotent: true,
      retry: { attempts: 3, baseMs: 4, maxMs: 9 },
      execute: async (input: Input, context: ToolContext) => {
        const tries = (attempts.get(context.call.key) ?? 0) + 1;
        attempts.set(context.call.key, tries);
        await clock.sleep(1, context.signal);
        if (tries <= input.ms % 3) throw toolError({ message: "not now", retryable: true });
        return work(input, context);
      },
    }),
    tool("hedged", { idempotent: true, hedge: { afterMs: 5 } }),
    tool("asks", { needsApproval: true }),
    tool("outer", {
      execute: async (input: Input, context: ToolContext) => {
        await clock.sleep(input.ms, context.signal);
        const inner = { ...input, ms: input.ms % 7 };
        await context.run([
          { name: "read", input: inner },
          { name: "pooled", input: inner },
        ]);
        return work(inner, context);
      },
    }),
    batchTool(),
  ];
}
