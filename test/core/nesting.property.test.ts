/** Calls that make calls inside them, across limits that they share: no limit can deadlock them (contract §7). */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { createExecutor, defineTool, type CallRequest, type ToolContext } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing.ts";

/** What a call does: some work, calls inside it, some more work; perhaps that twice, or at once. */
interface Plan {
  readonly tool: string;
  readonly ms: number;
  readonly inner: readonly Plan[];
  readonly moreMs: number;
  readonly again: readonly Plan[];
  readonly atOnce: boolean;
}

/** The tools, and the pools of each; those called `one-…` run one at a time. */
const POOLS: Readonly<Record<string, readonly string[]>> = {
  p: ["p"],
  q: ["q"],
  pq: ["p", "q"],
  qr: ["q", "r"],
  r: ["r"],
  "one-a": [],
  "one-b": ["r"],
  free: [],
};
const LIMITS: Readonly<Record<string, number>> = { p: 1, q: 1, r: 2, "one-a": 1, "one-b": 1 };

function plans(depth: number): fc.Arbitrary<Plan> {
  const inner = depth === 0 ? fc.constant([]) : fc.array(plans(depth - 1), { maxLength: 3 });
  return fc.record({
    tool: fc.constantFrom(...Object.keys(POOLS)),
    ms: fc.nat(4),
    inner,
    moreMs: fc.nat(4),
    again: depth < 2 ? fc.constant([]) : inner,
    atOnce: fc.boolean(),
  });
}

/** The limits that a call of this tool counts against. */
function limitsOf(tool: string): string[] {
  return [...(POOLS[tool] ?? []), ...(tool.startsWith("one-") ? [tool] : []), "executor"];
}

async function play(batches: readonly (readonly Plan[])[], concurrency: number): Promise<void> {
  const clock = new VirtualClock();
  const running = new Map<string, number>();
  const limit = (name: string) => (name === "executor" ? concurrency : (LIMITS[name] as number));
  const count = (tool: string, by: 1 | -1) => {
    for (const name of limitsOf(tool)) {
      const now = (running.get(name) ?? 0) + by;
      running.set(name, now);
      assert.ok(now <= limit(name), `G4: ${now} run in ${name}`);
    }
  };
  const request = (plan: Plan): CallRequest => ({ name: plan.tool, input: plan });
  const body = async (plan: Plan, { run }: ToolContext): Promise<number> => {
    // While it waits for calls inside it, it does not run: its slots are lent.
    const inside = async (...lists: (readonly Plan[])[]) => {
      const some = lists.filter((list) => list.length > 0);
      if (some.length === 0) return;
      count(plan.tool, -1);
      const outcomes = await Promise.all(some.map((list) => run(list.map(request))));
      count(plan.tool, 1);
      assert.ok(
        outcomes.flat().every(({ status }) => status === "ok"),
        JSON.stringify(outcomes),
      );
    };
    count(plan.tool, 1);
    await clock.sleep(plan.ms);
    if (plan.atOnce) await inside(plan.inner, plan.again);
    else {
      await inside(plan.inner);
      await clock.sleep(plan.moreMs);
      await inside(plan.again);
    }
    await clock.sleep(plan.moreMs);
    count(plan.tool, -1);
    return 1;
  };
  const executor = createExecutor({
    clock,
    concurrency,
    timeoutMs: Infinity,
    pools: Object.fromEntries(["p", "q", "r"].map((name) => [name, { concurrency: limit(name) }])),
    tools: Object.entries(POOLS).map(([name, pools]) =>
      defineTool({
        name,
        description: name,
        input: { type: "object" },
        effects: "none",
        pools,
        ...(name.startsWith("one-") && { concurrency: 1 }),
        execute: (input, context) => body(input as unknown as Plan, context),
      }),
    ),
  });
  const all = Promise.all(batches.map((batch) => executor.run(batch.map(request))));
  await clock.runAll();
  const settled = await Promise.race([all, setImmediate(undefined)]);
  assert.ok(settled, "no timer is left, and some calls wait for each other");
  for (const outcome of settled.flat()) assert.equal(outcome.status, "ok", outcome.error?.message);
  assert.equal(executor.stats.running, 0);
  for (const [name, stats] of Object.entries(executor.stats.pools))
    assert.equal(stats.running + stats.waiting, 0, `${name} is not empty`);
}

const call = (tool: string, ...inner: Plan[]): Plan => ({
  tool,
  ms: 1,
  inner,
  moreMs: 1,
  again: [],
  atOnce: false,
});

test("two calls that each make one inside them of the other's full pool both end", async () => {
  await play([[call("p", call("q")), call("q", call("p"))]], 10);
  await play([[call("p", call("q"))], [call("q", call("p"))]], 10);
  await play([[call("one-a", call("one-b")), call("one-b", call("one-a"))]], 10);
});

test("G4: no limit can deadlock calls inside calls, and none is exceeded", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(plans(2), { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      fc.constantFrom(2, 3, 10),
      play,
    ),
    { numRuns: Number(process.env["NESTED_PLANS"] ?? 1_500) },
  );
});
