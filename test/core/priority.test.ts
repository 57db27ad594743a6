/** Which call starts first where there are more than slots: the one with the longest expected path behind it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createExecutor, defineTool, planTool, type ExpectedMs, type Footprint } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing.ts";
import { Stage, touch } from "../support/stage.ts";

/** What a call of the property's tool takes, and what it needs. */
interface Work {
  readonly ms: number;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly commutes?: readonly string[];
  /** The indices of calls before it. */
  readonly needs: readonly number[];
}

/** Runs calls on a clock of their own; tells when each started and ended. */
async function play(works: readonly Work[], concurrency: number, expectedMs?: ExpectedMs<Work>) {
  const clock = new VirtualClock();
  const spans: { index: number; from: number; to: number }[] = [];
  const executor = createExecutor({
    clock,
    concurrency,
    references: true,
    timeoutMs: Infinity,
    maxCalls: Infinity,
    tools: [
      defineTool({
        name: "work",
        description: "works",
        input: { type: "object" },
        effects: ({ reads, writes, commutes }) => ({ reads, writes, commutes }) as Footprint,
        ...(expectedMs !== undefined && { expectedMs: expectedMs as unknown as ExpectedMs<never> }),
        execute: async (input, { call }) => {
          const span = { index: call.index, from: clock.now(), to: NaN };
          spans.push(span);
          await clock.sleep((input as unknown as Work).ms);
          span.to = clock.now();
          return 0;
        },
      }),
    ],
  });
  const running = executor.run(
    works.map(({ needs, ...work }) => ({
      name: "work",
      input: { ...work, needs: needs.map((i) => `$${i + 1}`) },
    })),
  );
  await clock.runAll();
  const outcomes = await running;
  assert.ok(outcomes.every(({ status }) => status === "ok"));
  return spans;
}

/** Whether the second must wait for the first. */
function comesBefore(works: readonly Work[], i: number, j: number): boolean {
  const [a, b] = [works[i] as Work, works[j] as Work];
  const meet = (some: readonly string[], others: readonly string[]) =>
    some.some((one) => others.some((other) => one === "" || other === "" || one === other));
  const [ours = [], theirs = []] = [a.commutes, b.commutes];
  return (
    i < j &&
    (b.needs.includes(i) ||
      meet(a.writes, [...b.reads, ...b.writes, ...theirs]) ||
      meet(a.reads, [...b.writes, ...theirs]) ||
      meet(ours, [...b.reads, ...b.writes]))
  );
}

/** The longest path from each call on, found the plain way. */
function pathsOf(works: readonly Work[]): number[] {
  const paths: number[] = [];
  for (let i = works.length - 1; i >= 0; i--) {
    let longest = 0;
    for (let j = i + 1; j < works.length; j++)
      if (comesBefore(works, i, j)) longest = Math.max(longest, paths[j] as number);
    paths[i] = (works[i] as Work).ms + longest;
  }
  return paths;
}

const resource = fc.constantFrom("a", "a", "b", "c", "");
const works: fc.Arbitrary<Work[]> = fc
  .array(
    fc.record({
      ms: fc.integer({ min: 1, max: 20 }),
      reads: fc.array(resource, { maxLength: 1 }),
      writes: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 2, arbitrary: fc.array(resource, { maxLength: 1 }) },
      ),
      commutes: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(resource, { maxLength: 1 }) },
      ),
      needs: fc.array(fc.nat(), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((list) =>
    list.map((work, i) => ({ ...work, needs: i === 0 ? [] : [...new Set(work.needs.map((of) => of % i))] })),
  );

describe("priority", () => {
  test("of the calls that could start the one starts whose path is the longest, in any batch", async () => {
    await fc.assert(
      fc.asyncProperty(works, fc.integer({ min: 2, max: 4 }), async (list, concurrency) => {
        const spans = await play(list, concurrency, ({ ms }) => ms);
        const paths = pathsOf(list);
        const from = new Map(spans.map((span) => [span.index, span.from]));
        const to = new Map(spans.map((span) => [span.index, span.to]));
        for (const [i] of list.entries()) {
          for (const [j] of list.entries()) {
            // What ends in one moment ends one after the other: only who was ready before it counts.
            const readyAt = Math.max(
              -1,
              ...list.map((_, k) => (comesBefore(list, k, j) ? (to.get(k) as number) : -1)),
            );
            // `j` could start when `i` did, and started later although its path is longer.
            const overtaken =
              readyAt < (from.get(i) as number) &&
              (from.get(j) as number) > (from.get(i) as number) &&
              (paths[j] as number) > (paths[i] as number);
            assert.ok(!overtaken, `call ${i + 1} started before call ${j + 1}, whose path is longer`);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("no schedule takes longer than Graham's bound, whatever is expected", async () => {
    await fc.assert(
      fc.asyncProperty(
        works,
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 5 }),
        async (list, concurrency, guesses) => {
          const spans = await play(list, concurrency, ({ ms }) => guesses[ms % guesses.length] as number);
          const makespan = Math.max(...spans.map(({ to }) => to));
          const work = list.reduce((sum, { ms }) => sum + ms, 0);
          const critical = Math.max(...pathsOf(list));
          const bound = work / concurrency + (1 - 1 / concurrency) * critical;
          assert.ok(makespan <= bound + 1e-9, `${makespan} ms, and the bound is ${bound} ms`);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("a chain of writes starts before calls that nothing waits for", async () => {
    const stage = new Stage();
    const running = stage
      .executor({ concurrency: 2 })
      .run([
        touch("r1"),
        touch("r2"),
        touch("w1", { writes: ["x"] }),
        touch("w2", { writes: ["x"] }),
        touch("r3"),
      ]);
    await stage.settle();
    assert.deepEqual(stage.started, ["w1", "r1"]);
    await stage.finish("r1");
    assert.deepEqual(stage.started, ["w1", "r1", "r2"]);
    await stage.finish("w1");
    assert.deepEqual(stage.started, ["w1", "r1", "r2", "w2"]);
    for (const label of ["r2", "w2", "r3"]) await stage.finish(label);
    await running;
  });

  test("a call of a plan counts what waits for the plan", async () => {
    const stage = new Stage();
    const executor = stage.executor({
      concurrency: 1 + 1,
      references: true,
      tools: [stage.tool("touch"), planTool()],
    });
    const inPlan = { id: "a", tool: "touch", input: { as: "a" } };
    const running = executor.run([
      touch("r1"),
      touch("r2"),
      { name: "plan", input: { calls: [inPlan] } },
      { name: "touch", input: { as: "last", of: "$3" } },
    ]);
    await stage.settle();
    assert.deepEqual(stage.started, ["a", "r1"]);
    for (const label of ["a", "r1", "r2", "last"]) await stage.finish(label);
    await running;
  });

  test("what nothing tells apart starts in serial order", async () => {
    const stage = new Stage();
    const labels = Array.from({ length: 9 }, (_, i) => `c${i}`);
    const running = stage.executor({ concurrency: 2 }).run(labels.map((label) => touch(label)));
    await stage.settle();
    for (const label of labels) await stage.finish(label);
    await running;
    assert.deepEqual(stage.started, labels);
  });

  test("how long a tool takes is learned", async () => {
    const clock = new VirtualClock();
    const started: string[] = [];
    const tool = (name: string, ms: number) =>
      defineTool({
        name,
        description: name,
        input: { type: "object" },
        effects: "none",
        execute: () => {
          started.push(name);
          return clock.sleep(ms);
        },
      });
    const executor = createExecutor({ clock, concurrency: 2, tools: [tool("quick", 1), tool("slow", 50)] });
    const calls = ["quick", "quick", "quick", "slow"].map((name) => ({ name }));
    for (const _ of [1, 2]) {
      const running = executor.run(calls);
      await clock.runAll();
      await running;
    }
    assert.deepEqual(started.slice(0, 4), ["quick", "quick", "quick", "slow"]);
    assert.deepEqual(started.slice(4), ["slow", "quick", "quick", "quick"]);
  });

  test("an expectation that throws, or is no number, is none", async () => {
    for (const expectedMs of [
      () => NaN,
      () => "5" as never,
      (() => Promise.reject(new Error("no idea"))) as never,
      () => {
        throw new Error("no idea");
      },
    ]) {
      const spans = await play(
        [1, 2, 3].map((ms) => ({ ms, reads: [], writes: [], needs: [] })),
        2,
        expectedMs,
      );
      assert.deepEqual(
        spans.map(({ index }) => index),
        [0, 1, 2],
      );
    }
  });

  test("calls that come while the model streams take their place when the turn is over", async () => {
    const stage = new Stage();
    const batch = stage.executor({ concurrency: 1 + 1, eager: "reads" }).open();
    for (const label of ["r1", "r2", "r3"]) batch.add(touch(label));
    await stage.settle();
    batch.add(touch("w1", { writes: ["x"] }));
    batch.add(touch("w2", { writes: ["x"] }));
    const running = batch.close();
    await stage.finish("r1");
    assert.deepEqual(stage.started, ["r1", "r2", "w1"]);
    for (const label of ["r2", "w1", "r3", "w2"]) await stage.finish(label);
    await running;
  });

  test("how urgent the calls of one conversation are takes nothing from another's turn", async () => {
    const stage = new Stage();
    const executor = stage.executor({ concurrency: 2 });
    const chain = executor.run(["a1", "a2", "a3", "a4"].map((label) => touch(label, { writes: ["a"] })));
    const other = executor.run(["b1", "b2", "b3", "b4"].map((label) => touch(label)));
    await stage.settle();
    assert.deepEqual(stage.started, ["a1", "b1"]);
    for (const label of ["b1", "a1", "b2", "a2", "b3", "a3", "b4", "a4"]) await stage.finish(label);
    await Promise.all([chain, other]);
    assert.deepEqual(stage.started, ["a1", "b1", "b2", "a2", "b3", "a3", "b4", "a4"]);
  });
});
