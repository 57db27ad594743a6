import assert from "node:assert/strict";
import { test } from "node:test";
import { createExecutor, defineTool, type Clock } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { Stage, touch } from "../support/stage.ts";

test("G5: a call starts as soon as what it waits for is done, not when a level is", async () => {
  const stage = new Stage();
  const running = stage
    .executor()
    .run([
      touch("a1", { writes: ["a"] }),
      touch("b1", { writes: ["b"] }),
      touch("a2", { writes: ["a"] }),
      touch("b2", { writes: ["b"] }),
      touch("both", { reads: ["a", "b"] }),
    ]);
  await stage.settle();
  await stage.finish("a1");
  assert.deepEqual(stage.started, ["a1", "b1", "a2"]);
  await stage.finish("a2");
  assert.deepEqual(stage.started, ["a1", "b1", "a2"]);
  await stage.finish("b1");
  assert.deepEqual(stage.started, ["a1", "b1", "a2", "b2"]);
  await stage.finish("b2");
  assert.deepEqual(stage.started, ["a1", "b1", "a2", "b2", "both"]);
  await stage.finish("both");
  await running;
});

test("G5: a slot that becomes free is taken in the same moment", async () => {
  const stage = new Stage();
  const running = stage.executor({ concurrency: 2 }).run(["1", "2", "3"].map((label) => touch(label)));
  await stage.clock.advance(10);
  await stage.finish("2");
  await stage.clock.advance(5);
  for (const label of ["1", "3"]) await stage.finish(label);
  await running;
  const at = (type: string, call: string) =>
    stage.events.find((event) => event.type === type && "call" in event && event.call === call)?.at;
  assert.equal(at("call.started", "b1.3"), 10);
  assert.equal(at("call.settled", "b1.2"), 10);
});

test("G5: a call that waits for a full pool keeps no slot from one that needs another", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("query", { pools: ["db"], effects: "none" })];
  const running = stage
    .executor({ tools, pools: { db: { concurrency: 1 } }, concurrency: 2 })
    .run([
      { name: "query", input: { as: "q1" } },
      { name: "query", input: { as: "q2" } },
      { name: "query", input: { as: "q3" } },
      touch("free"),
    ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["q1", "free"]);
  for (const label of ["q1", "free", "q2", "q3"]) await stage.finish(label);
  await running;
});

test("G5: a call that waits for a lock keeps no slot from those behind it", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ concurrency: 2 })
    .run([
      touch("w1", { writes: ["a"] }),
      touch("w2", { writes: ["a"] }),
      touch("w3", { writes: ["a"] }),
      touch("free"),
    ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["w1", "free"]);
  for (const label of ["w1", "free", "w2", "w3"]) await stage.finish(label);
  await running;
});

test("G5: a queued call that is cancelled lets those behind it through", async () => {
  const stage = new Stage();
  const executor = stage.executor({ concurrency: 2 });
  const user = new AbortController();
  const runs = [
    executor.run([touch("reads", { reads: ["a"] })]),
    executor.run([touch("writes", { writes: ["a"] })], { signal: user.signal }),
    executor.run([touch("reads too", { reads: ["a"] })]),
  ];
  await stage.settle();
  assert.deepEqual(stage.started, ["reads"]);
  user.abort();
  await stage.settle();
  assert.deepEqual(stage.started, ["reads", "reads too"]);
  for (const label of ["reads", "reads too"]) await stage.finish(label);
  await Promise.all(runs);
});

test("G5: every wait is explained, one after the other, and adds up to `queuedMs`", async () => {
  const stage = new Stage();
  const tools = [
    stage.tool("touch"),
    stage.tool("late", { after: ["touch"], pools: ["db"] }),
    stage.tool("query", { pools: ["db"], effects: "none" }),
  ];
  const executor = stage.executor({ tools, pools: { db: { concurrency: 1 } } });
  const other = executor.run([{ name: "query", input: { as: "query" } }]);
  const batch = executor.open();
  batch.add(touch("first", { reads: ["b"] }));
  batch.add({ name: "late", input: { as: "late", writes: ["a/b"] } });
  const writer = executor.run([touch("writer", { writes: ["a"] })]);
  await stage.clock.advance(3);
  const closing = batch.close();
  await stage.clock.advance(4);
  await stage.finish("first");
  await stage.clock.advance(5);
  await stage.finish("writer");
  await stage.clock.advance(6);
  await stage.finish("query");
  await stage.clock.advance(7);
  await stage.finish("late");
  const outcomes = await closing;
  assert.deepEqual(stage.waits("late"), [
    { for: "close", ms: 3 },
    { for: "call", call: "b2.1", ms: 4 },
    { for: "lock", resource: "a", heldBy: "b3.1", ms: 5 },
    { for: "slot", pool: "db", ms: 6 },
  ]);
  assert.deepEqual(stage.waits("first"), []);
  assert.deepEqual([outcomes[1]?.queuedMs, outcomes[1]?.runningMs], [18, 7]);
  await Promise.all([other, writer]);
});

test("G5: the gate that was full is named: the executor, the tool or the pool", async () => {
  for (const [pool, limits] of [
    ["executor", { concurrency: 1 }],
    ["tool:query", { tool: 1 }],
    ["db", { db: 1 }],
  ] as const) {
    const stage = new Stage();
    const {
      concurrency = 9,
      tool = 9,
      db = 9,
    } = limits as { concurrency?: number; tool?: number; db?: number };
    const query = stage.tool("query", { pools: ["db"], effects: "none", concurrency: tool });
    const executor = stage.executor({ tools: [query], pools: { db: { concurrency: db } }, concurrency });
    const runs = ["1", "2"].map((as) => executor.run([{ name: "query", input: { as } }]));
    await stage.clock.advance(8);
    await stage.finish("1");
    await stage.finish("2");
    await Promise.all(runs);
    assert.deepEqual(stage.waits("2"), [{ for: "slot", pool, ms: 8 }]);
  }
});

test("G5: a call that never started says what it waited for", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const running = stage
    .executor()
    .run([touch("holds", { writes: ["a"], obeys: true }), touch("waits", { reads: ["a/b"] })], {
      signal: user.signal,
    });
  await stage.clock.advance(9);
  user.abort();
  await running;
  assert.deepEqual(stage.waits("waits"), [{ for: "lock", resource: "a", heldBy: "b1.1", ms: 9 }]);
});

test("G5: a call that starts at once is not said to have waited, although the clock goes on", async () => {
  const clock = new VirtualClock();
  let readings = 0;
  const ticking: Clock = {
    now: () => clock.now() + readings++,
    setTimer: (fire, ms) => clock.setTimer(fire, ms),
    clearTimer: (timer) => clock.clearTimer(timer),
  };
  const waits: unknown[] = [];
  const look = defineTool({
    name: "look",
    description: "Looks",
    input: { type: "object" },
    effects: "read",
    execute: () => "seen",
  });
  const executor = createExecutor({
    tools: [look],
    clock: ticking,
    onEvent: (event) => event.type === "call.started" && waits.push(event.waits),
  });
  const batch = executor.open();
  batch.add({ name: "look" });
  batch.add({ name: "look" });
  await batch.close();
  await executor.run([{ name: "look" }]);
  assert.deepEqual(waits, [[], [], []]);
});
