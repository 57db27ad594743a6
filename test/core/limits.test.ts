import assert from "node:assert/strict";
import { test } from "node:test";
import { createExecutor, defineTool, type CallRequest, type Executor } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { brief, Stage, touch } from "../support/stage.ts";

/** Ends calls one by one until none is left, and says how many ran at once at most. */
async function peakOf(stage: Stage): Promise<number> {
  let peak = 0;
  await stage.settle();
  for (let ended = 0; ended < stage.started.length; ended++) {
    peak = Math.max(peak, stage.started.length - ended);
    await stage.finish(stage.started[ended] as string);
  }
  return peak;
}

const FIFTY = Array.from({ length: 50 }, (_, i) => touch(String(i)));

function mixed(calls: readonly CallRequest[]): CallRequest[] {
  return calls.flatMap((call) => [call, { name: "nobody" }, { name: "touch", inputText: "{" }]);
}

test("G4: no more than `concurrency` calls run, all of them do, in order (case 26)", async () => {
  const stage = new Stage();
  const running = stage.executor({ concurrency: 4 }).run(FIFTY);
  assert.equal(await peakOf(stage), 4);
  assert.deepEqual(
    stage.started,
    FIFTY.map(({ id }) => id),
  );
  assert.deepEqual(
    brief(await running),
    FIFTY.map(({ id }) => `${id} done`),
  );
});

test("G4: ten is the default", async () => {
  const stage = new Stage();
  const running = stage.executor().run(FIFTY);
  assert.equal(await peakOf(stage), 10);
  await running;
});

const PATHS: Readonly<
  Record<string, (executor: Executor, calls: readonly CallRequest[]) => Promise<unknown>>
> = {
  run: (executor, calls) => executor.run(calls),
  "two conversations": (executor, calls) =>
    Promise.all([executor.run(calls.slice(0, 60)), executor.run(calls.slice(60))]),
  "open, all at once": (executor, calls) => {
    const batch = executor.open();
    for (const call of calls) batch.add(call);
    return batch.close();
  },
  "open, streamed": async (executor, calls) => {
    const batch = executor.open({ eager: "all" });
    for (const call of calls) {
      batch.add(call);
      await Promise.resolve();
    }
    return batch.close();
  },
};

for (const [path, start] of Object.entries(PATHS)) {
  test(`G4: the limit holds for calls by ${path} (case 27)`, async () => {
    const stage = new Stage();
    const running = start(stage.executor({ concurrency: 3 }), mixed(FIFTY.slice(0, 30)));
    assert.equal(await peakOf(stage), 3);
    assert.equal(stage.started.length, 30);
    await running;
  });
}

test("G4: the limits of the executor, of a tool and of its pools hold together (case 28)", async () => {
  const stage = new Stage();
  const tools = [
    stage.tool("query", { pools: ["db"], effects: "none" }),
    stage.tool("report", { pools: ["db", "printer"], effects: "none", concurrency: 1 }),
    stage.tool("insert", { pools: ["db"], effects: "none" }),
    stage.tool("touch"),
  ];
  const pools = { db: { concurrency: 2 }, printer: { concurrency: 1 } };
  const call = (name: string, as: string) => ({ name, input: { as } });
  const running = stage
    .executor({ tools, pools, concurrency: 3 })
    .run([
      call("report", "report 1"),
      call("report", "report 2"),
      call("query", "query 1"),
      call("insert", "insert 1"),
      touch("free 1"),
      touch("free 2"),
    ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["report 1", "query 1", "free 1"]);
  await stage.finish("free 1");
  assert.deepEqual(stage.started.slice(3), ["free 2"]);
  await stage.finish("query 1");
  assert.deepEqual(stage.started.slice(4), ["insert 1"]);
  await stage.finish("insert 1");
  assert.deepEqual(stage.started.slice(5), []);
  await stage.finish("report 1");
  assert.deepEqual(stage.started.slice(5), ["report 2"]);
  await stage.finish("report 2");
  await stage.finish("free 2");
  await running;
});

test("the limit of a tool holds across the batches of an executor", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", { concurrency: 1 })] });
  const runs = [executor.run([touch("1"), touch("2")]), executor.run([touch("3")])];
  assert.equal(await peakOf(stage), 1);
  assert.deepEqual(stage.started, ["1", "3", "2"]);
  await Promise.all(runs);
});

test("a free slot goes to the conversation that holds the fewest, and to its first call (case 30)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ concurrency: 2 });
  const runs = [executor.run([touch("a1"), touch("a2"), touch("a3")]), executor.run([touch("b1")])];
  runs.push(executor.run([touch("c1")]));
  assert.equal(await peakOf(stage), 2);
  assert.deepEqual(stage.started, ["a1", "a2", "b1", "c1", "a3"]);
  await Promise.all(runs);
});

test("an exclusive call in a long queue runs in its turn (case 30)", async () => {
  const stage = new Stage();
  const calls = Array.from({ length: 20 }, (_, i) =>
    i === 10 ? touch("exclusive", { writes: [""] }) : touch(`r${i}`, { reads: ["a"] }),
  );
  const running = stage.executor({ concurrency: 2 }).run(calls);
  await peakOf(stage);
  assert.equal(stage.started.indexOf("exclusive"), 10);
  await running;
});

test("`concurrency: 1` is strict serial order, whatever the calls touch (cases 37, 61)", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("late", { after: ["touch"] })];
  const executor = stage.executor({ tools, concurrency: 1 });
  const running = executor.run([
    { name: "late", input: { as: "last" } },
    touch("1", { writes: ["a"] }),
    { name: "nobody" },
    touch("2", { writes: ["b"] }),
    touch("3", { reads: ["a"] }),
    touch("4"),
  ]);
  assert.equal(await peakOf(stage), 1);
  assert.deepEqual(stage.started, ["1", "2", "3", "4", "last"]);
  assert.deepEqual(brief(await running), [
    "last done",
    "1 done",
    "unknown-tool",
    "2 done",
    "3 done",
    "4 done",
  ]);
});

test("`concurrency: 1` lets no call overtake one that waits for a lock (case 61)", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("hasty", { timeoutMs: 10 })];
  const executor = stage.executor({ tools, concurrency: 1, graceMs: 5 });
  const first = executor.run([{ name: "hasty", input: { as: "deaf", writes: ["a"] } }]);
  const second = executor.run([touch("waits", { reads: ["a"] }), touch("free")]);
  await stage.clock.advance(15);
  assert.deepEqual([stage.started, executor.stats.running], [["deaf"], 0]);
  for (const label of ["deaf", "waits", "free"]) await stage.finish(label);
  assert.deepEqual(stage.started, ["deaf", "waits", "free"]);
  await Promise.all([first, second]);
});

test("`concurrency: 1` keeps the model's order while a batch is open: a read does not overtake a write (case 61)", async () => {
  const stage = new Stage();
  const batch = stage.executor({ concurrency: 1 }).open();
  batch.add(touch("write", { writes: ["a"] }));
  batch.add(touch("read", { reads: ["b"] }));
  await stage.settle();
  assert.deepEqual(stage.started, []);
  const closing = batch.close();
  assert.equal(await peakOf(stage), 1);
  assert.deepEqual(stage.started, ["write", "read"]);
  await closing;
});

test("G4: an attempt that was told to stop holds its slot until it stops, or is given up on at `graceMs`", async () => {
  const stage = new Stage();
  const executor = stage.executor({ concurrency: 1, graceMs: 20 });
  const user = new AbortController();
  const first = executor.run([touch("deaf")], { signal: user.signal });
  const second = executor.run([touch("next")]);
  await stage.settle();
  user.abort();
  await stage.clock.advance(19);
  assert.deepEqual([stage.started, executor.stats.running], [["deaf"], 1]);
  await stage.clock.advance(1);
  assert.deepEqual(
    [stage.started, executor.stats],
    [["deaf", "next"], { running: 1, abandoned: 1, batches: 1, pools: {} }],
  );
  await stage.finish("deaf");
  assert.equal(executor.stats.abandoned, 0);
  await stage.finish("next");
  await Promise.all([first, second]);
});

test("G3: with room for one, a call that settles before its turn lets nothing behind it overtake", async () => {
  const clock = new VirtualClock();
  const started: string[] = [];
  const tool = (name: string, options: object) =>
    defineTool({
      name,
      description: name,
      input: { type: "object" },
      effects: "none",
      execute: () => {
        started.push(name);
      },
      ...options,
    });
  const executor = createExecutor({
    tools: [
      // It writes, ignores its signal, and so keeps its lock long after its slot is free again.
      tool("deaf", { effects: "write", timeoutMs: 5, execute: () => clock.sleep(100) }),
      tool("read", { effects: "read" }),
      tool("hasty", { deadlineMs: 2 }),
      tool("last", {}),
    ],
    concurrency: 1,
    graceMs: 5,
    clock,
  });
  const running = executor.run(["deaf", "read", "hasty", "last"].map((name) => ({ name })));
  await clock.advance(50);
  assert.deepEqual(started, []);
  await clock.runAll();
  assert.deepEqual(started, ["read", "last"]);
  const statuses = (await running).map(({ status }) => status);
  assert.deepEqual(statuses, ["timed-out", "ok", "timed-out", "ok"]);
});
