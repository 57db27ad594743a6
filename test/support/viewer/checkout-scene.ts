/**
 * A run in which everything happens that a trace can tell of: a coding agent on the virtual clock. It reads while the model
 * writes, waits for locks, slots, a rate and an approval, fails, tries again, hedges, and makes calls inside a call.
 */
import { defineTool, type Executor, type Tool, type ToolContext } from "../../../src/index.ts";
import { runAgent } from "../../../src/agent/run-agent.ts";
import type { ExecutorEvent } from "../../../src/core/loop-event.ts";
import { createExecutor } from "../../../src/executor/create-executor.ts";
import { scriptedModel, type ScriptedModel, type ScriptedStep } from "../../../src/testing/scripted-model.ts";
import { VirtualClock } from "../../../src/testing/virtual-clock.ts";
import { openTrace } from "../../../src/trace/open-trace.ts";
import type { TraceEvent } from "../../../src/trace/trace-event.ts";
import { toTraceLine } from "../../../src/trace/trace-line.ts";

/** What differs from one playing to the next. */
export interface CheckoutOptions {
  /** @default 4 */
  readonly concurrency?: number;
}

/** A playing of the scene, which goes on when its clock does. */
export interface Checkout {
  readonly clock: VirtualClock;
  readonly executor: Executor;
  /** Plays it to its end. */
  readonly play: () => Promise<void>;
}

/** Sets the scene. */
export function stageCheckout({ concurrency = 4 }: CheckoutOptions = {}): Checkout {
  const clock = new VirtualClock();
  const executor = createExecutor({
    tools: toolsOf(clock),
    clock,
    concurrency,
    random: () => 0.8,
    retry: { attempts: 3, baseMs: 300 },
    pools: { github: { concurrency: 2, rate: { count: 5, perMs: 1_000 } } },
    approve: async () => {
      await clock.sleep(900);
      return "allow" as const;
    },
  });
  const play = async () => {
    const { result } = runAgent({
      model: modelOf(clock),
      executor,
      prompt: "The checkout test fails. Fix it.",
    });
    await clock.runAll();
    await result;
  };
  return { clock, executor, play };
}

/** The events of the scene, the same each time. */
export async function checkoutEvents(options?: CheckoutOptions): Promise<TraceEvent[]> {
  const { executor, play } = stageCheckout(options);
  const events: TraceEvent[] = [{ ...openTrace(executor), time: "2026-03-04T09:30:00.000Z" }];
  executor.events.listen((event: ExecutorEvent) => events.push(event));
  await play();
  return events;
}

/** The same as the text of a trace file. */
export async function checkoutTrace(options?: CheckoutOptions): Promise<string> {
  return (await checkoutEvents(options)).map((event) => `${toTraceLine(event)}\n`).join("");
}

interface Asked {
  readonly path?: string;
  readonly issue?: number;
  readonly suite?: string;
}

function toolsOf(clock: VirtualClock): Tool[] {
  const input = { type: "object" } as const;
  const file = (given: unknown) => [["file", (given as Asked).path ?? ""]];
  const pause = (ms: number, { signal }: ToolContext) => clock.sleep(ms, signal);
  let fetched = 0;
  let searched = 0;
  return [
    defineTool({
      name: "read_file",
      description: "Reads a file",
      input,
      effects: (given) => ({ reads: file(given) }),
      execute: async (given, context) => {
        const { path = "" } = given as Asked;
        await pause(120 + path.length * 11, context);
        if (path.includes("missing")) throw new Error(`ENOENT: no such file, open '${path}'`);
        return `// ${path}\nexport function total(items) {\n  return items.reduce((sum, { price }) => sum + price, 0);\n}\n`;
      },
    }) as Tool,
    defineTool({
      name: "edit_file",
      description: "Replaces text in a file",
      input,
      effects: (given) => ({ writes: file(given) }),
      execute: async (given, context) => {
        await pause(380, context);
        return { path: (given as Asked).path, replaced: 1 };
      },
    }) as Tool,
    defineTool({
      name: "search",
      description: "Searches the code",
      input,
      effects: "none",
      idempotent: true,
      hedge: { afterMs: 350 },
      execute: async (_, context) => {
        await pause(++searched === 1 ? 1_400 : 260, context);
        return { matches: ["src/price.ts:12", "src/cart.ts:48", "test/checkout.test.ts:7"] };
      },
    }) as Tool,
    defineTool({
      name: "fetch_issue",
      description: "Gets an issue",
      input,
      effects: "none",
      idempotent: true,
      pools: ["github"],
      execute: async (given, context) => {
        await pause(420, context);
        if (++fetched === 3) throw Object.assign(new Error("503 Service Unavailable"), { status: 503 });
        return {
          issue: (given as Asked).issue,
          title: "Discount is taken twice",
          labels: ["bug", "checkout"],
        };
      },
    }) as Tool,
    defineTool({
      name: "run_shard",
      description: "Runs a part of a suite",
      input,
      effects: "none",
      execute: async (given, context) => {
        await pause(((given as Asked).suite ?? "").endsWith("3") ? 900 : 500, context);
        return { passed: 41, failed: 0 };
      },
    }) as Tool,
    defineTool({
      name: "run_tests",
      description: "Runs a suite",
      input,
      effects: () => ({ reads: ["file"] }),
      execute: async (given, context) => {
        const { suite = "all" } = given as Asked;
        await pause(200, context);
        context.progress({ collected: 164 });
        await context.run(
          [1, 2, 3, 4].map((part) => ({ name: "run_shard", input: { suite: `${suite} ${part}` } })),
        );
        await pause(150, context);
        return { passed: 164, failed: 0 };
      },
    }) as Tool,
    defineTool({
      name: "deploy",
      description: "Deploys to staging",
      input,
      effects: () => ({ writes: ["staging"] }),
      needsApproval: true,
      execute: async (_, context) => {
        await pause(700, context);
        return { url: "https://staging.example", version: "4312" };
      },
    }) as Tool,
  ];
}

function modelOf(clock: VirtualClock): ScriptedModel {
  const call = (name: string, input: Asked & { readonly words?: string }) => ({ name, input });
  const response = (usage: number, steps: () => ScriptedStep[]) => ({
    usage: {
      inputTokens: usage,
      outputTokens: Math.round(usage / 9),
      cachedInputTokens: Math.round(usage / 2),
    },
    // Made when the model is asked: its pauses begin then.
    get steps() {
      return steps();
    },
  });
  const at = (ms: number) => clock.sleep(ms);
  return scriptedModel([
    response(2_140, () => [
      at(420),
      "I'll look at the cart, the prices and the issue.",
      at(600),
      call("read_file", { path: "src/cart.ts" }),
      at(690),
      call("read_file", { path: "src/price.ts" }),
      at(780),
      call("search", { words: "discount" }),
      at(870),
      ...[4312, 4290, 4177, 3986].map((issue) => call("fetch_issue", { issue })),
      at(1_050),
      call("read_file", { path: "test/missing.test.ts" }),
      at(1_200),
    ]),
    response(3_420, () => [
      at(380),
      "The discount is taken twice: in the cart and in the price.",
      at(560),
      call("edit_file", { path: "src/price.ts" }),
      at(680),
      call("edit_file", { path: "src/price.ts" }),
      at(760),
      call("edit_file", { path: "src/cart.ts" }),
      at(820),
      call("read_file", { path: "src/price.ts" }),
      at(900),
      call("run_tests", { suite: "checkout" }),
      at(1_050),
    ]),
    response(4_980, () => [
      at(350),
      "The tests pass. I'll put it on staging.",
      at(500),
      call("deploy", { path: "staging" }),
      at(560),
      call("fetch_issue", { issue: 4312 }),
      at(640),
    ]),
    response(5_410, () => [at(300), "Fixed: the discount is taken once, and it is on staging.", at(800)]),
  ]);
}
