import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import {
  createExecutor,
  defineTool,
  toolError,
  type CallRequest,
  type Executor,
  type Tool,
  type ToolContext,
} from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { heapUsed } from "../support/heap.ts";
import { touch } from "../support/stage.ts";

const MB = 2 ** 20;
const BATCHES = 10_000;

/** A batch of every fate that leaves no attempt running. */
const MIXED: readonly CallRequest[] = [
  touch("ok", { reads: ["a"] }),
  touch("write", { writes: ["a/b"] }),
  touch("throws", { writes: ["c"] }),
  touch("behind", { writes: ["c"] }),
  { name: "nobody" },
  { name: "touch", inputText: "{" },
  { name: "parallel", input: { calls: [{ name: "touch", input: { as: "wrapped" } }] } },
  touch("nests"),
];

/** An executor of the platform's clock, whose tool ends in the same tick. */
function executorOf(options: { concurrency?: number } = {}): Executor {
  const tool = defineTool({
    name: "touch",
    description: "Touches.",
    input: { type: "object" },
    effects: ({ reads, writes }) => ({ reads: reads as string[], writes: writes as string[] }),
    execute: async ({ as }, context: ToolContext) => {
      context.signal.addEventListener("abort", () => {}, { once: true });
      context.defer(() => {});
      if (as === "throws") throw new Error("it broke");
      if (as === "nests") await context.run([touch("inside")]);
      return as;
    },
  });
  return createExecutor({ tools: [tool], ...options });
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
}

async function runMany(executor: Executor, batches: number): Promise<void> {
  const { signal } = new AbortController();
  for (let i = 0; i < batches; i++) await executor.run(MIXED, { signal, deadlineMs: 60_000 });
}

test("G10: 10,000 batches leave the heap, the timers and the listeners as they were", async () => {
  const executor = executorOf();
  const timersBefore = timers();
  await runMany(executor, 500);
  const before = await heapUsed();
  await runMany(executor, BATCHES);
  const grown = (await heapUsed()) - before;
  // One leaked object of 200 bytes per batch would be 2 MB.
  assert.ok(grown < 1.5 * MB, `the heap grew by ${(grown / MB).toFixed(1)} MB`);
  assert.equal(timers(), timersBefore);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("G10: 10,000 batches that are aborted, discarded or cut off leave nothing either", async () => {
  const executor = executorOf();
  const round = async () => {
    const user = new AbortController();
    const aborted = executor.run(MIXED, { signal: user.signal });
    const cut = executor.open({ signal: user.signal });
    const discarded = executor.open();
    for (const call of MIXED) {
      cut.add(call);
      discarded.add(call);
    }
    await Promise.all([cut.close({ truncated: true }), discarded.discard()]);
    user.abort();
    await aborted;
    assert.equal(getEventListeners(user.signal, "abort").length, 0);
  };
  for (let i = 0; i < 300; i++) await round();
  const before = await heapUsed();
  for (let i = 0; i < BATCHES / 4; i++) await round();
  const grown = (await heapUsed()) - before;
  assert.ok(grown < 1.5 * MB, `the heap grew by ${(grown / MB).toFixed(1)} MB`);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("G10: 10,000 batches of calls that are shared, gathered, hedged, tried again and refused leave nothing", async () => {
  const define = (name: string, options: object) =>
    defineTool({
      name,
      description: name,
      input: { type: "object" },
      effects: "read",
      idempotent: true,
      pools: ["api"],
      execute: async ({ fails }: Record<string, unknown>) => {
        await Promise.resolve();
        if (fails === true) throw toolError({ message: "down", cause: { status: 503 } });
        return name;
      },
      ...options,
    } as never) as Tool;
  const tools = [
    define("shared", {
      share: { ttlMs: 1 },
      pools: ({ i }: Record<string, unknown>) => [`host:${Number(i) % 7}`],
    }),
    define("hedged", { hedge: { afterMs: 1_000 } }),
    define("tried", { retry: { attempts: 2, baseMs: 0.01 } }),
    define("gathered", {
      execute: undefined,
      gather: { maxSize: 3, execute: async (inputs: readonly unknown[]) => inputs.map(() => "gathered") },
    }),
    define("outer", {
      execute: async (_: unknown, context: ToolContext) =>
        context.run([{ name: "shared" }, { name: "gathered" }, { name: "gathered" }]),
    }),
  ];
  const pools = {
    api: { concurrency: 4, adaptive: { min: 2 }, circuit: { failures: 100, openMs: 1 }, maxQueue: 8 },
    "host:*": { rate: { count: 100, perMs: 1 }, burst: 5 },
  } as const;
  const executor = createExecutor({ tools, pools } as never);
  const round = async (i: number) => {
    const user = new AbortController();
    const calls = ["shared", "shared", "hedged", "tried", "gathered", "gathered", "outer"];
    const running = executor.run(
      calls.map((name) => ({ name, input: { i, fails: name === "tried" && i % 5 === 0 } })),
      { signal: user.signal },
    );
    if (i % 7 === 0) user.abort();
    await running;
  };
  const many = async (from: number, to: number) => {
    for (let i = from; i < to; i += 4) await Promise.all([0, 1, 2, 3].map((k) => round(i + k)));
  };
  // A thousand results may be remembered.
  await many(0, 2_000);
  const before = await heapUsed();
  await many(2_000, 12_000);
  const grown = (await heapUsed()) - before;
  assert.ok(grown < 1.5 * MB, `the heap grew by ${(grown / MB).toFixed(1)} MB`);
  const { running, abandoned, batches, pools: left } = executor.stats;
  assert.deepEqual([running, abandoned, batches], [0, 0, 0]);
  assert.ok(Object.values(left).every((pool) => pool.running + pool.waiting === 0));
});

test("G10: the outcomes of a batch can be let go of while its executor lives", async () => {
  const executor = executorOf();
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    const outcomes = await executor.run([
      { name: "touch", input: { as: "ok", payload: Array.from({ length: 1_000 }, () => i) } },
    ]);
    refs.push(new WeakRef(outcomes), new WeakRef(outcomes[0]?.call.input as object));
  }
  await heapUsed();
  await heapUsed();
  assert.ok(refs.filter((ref) => ref.deref() !== undefined).length <= 4);
});

test("G10: a width of 100, a thousand times, warns of no listeners and leaves none (case 25)", async () => {
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.name);
  process.on("warning", note);
  const executor = executorOf({ concurrency: 100 });
  const { signal } = new AbortController();
  const timersBefore = timers();
  const wide = Array.from({ length: 100 }, (_, i) => touch(String(i)));
  for (let i = 0; i < 1_000; i++) {
    // Several turns share the user's signal, as sub-agents do.
    const runs =
      i % 100 === 0
        ? Array.from({ length: 9 }, () => executor.run(wide, { signal }))
        : [executor.run(wide, { signal })];
    await Promise.all(runs);
  }
  await setImmediate();
  process.off("warning", note);
  assert.deepEqual(warnings, []);
  assert.equal(getEventListeners(signal, "abort").length, 0);
  assert.equal(timers(), timersBefore);
});

test("G10: what ran inside a call is let go of with it", async () => {
  const executor = executorOf();
  const refs: WeakRef<object>[] = [];
  const outer = defineTool({
    name: "outer",
    description: "Runs others.",
    input: { type: "object" },
    effects: "none",
    execute: async (_, context) => {
      refs.push(new WeakRef(context), new WeakRef(await context.run([{ name: "nobody", input: {} }])));
    },
  });
  const nesting = createExecutor({ tools: [outer, ...executor.tools] });
  for (let i = 0; i < 10; i++) await nesting.run([{ name: "outer" }]);
  await heapUsed();
  await heapUsed();
  assert.ok(refs.filter((ref) => ref.deref() !== undefined).length <= 4);
});

test("G10: what was shared is let go of when its time is over, with the next that is remembered", async () => {
  const clock = new VirtualClock();
  const get = defineTool({
    name: "get",
    description: "Gets.",
    input: { type: "object" },
    effects: "none",
    idempotent: true,
    share: { ttlMs: 10 },
    execute: () => Array.from({ length: 1_000 }, (_, i) => i),
  });
  const executor = createExecutor({ tools: [get], clock });
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    const [outcome] = await executor.run([{ name: "get", input: { i } }]);
    refs.push(new WeakRef(outcome?.output as object));
    await clock.advance(10);
  }
  await heapUsed();
  await heapUsed();
  assert.ok(refs.filter((ref) => ref.deref() !== undefined).length <= 2);
});
