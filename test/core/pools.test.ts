import assert from "node:assert/strict";
import { test } from "node:test";
import { toolError, type Executor, type Outcome } from "../../src/index.ts";
import { brief, calls, errorOf, pooled, Stage, touch } from "../support/stage.ts";

test("attempts of a pool start no faster than its rate, exactly", async () => {
  const { stage, executor } = pooled({ api: { rate: { count: 10, perMs: 1_000 } } });
  const running = executor.run(calls(5));
  await stage.settle();
  for (let n = 1; n <= 5; n++) {
    assert.equal(stage.started.length, n);
    await stage.clock.advance(99.999);
    assert.equal(stage.started.length, n);
    await stage.clock.advance(0.001);
  }
  stage.finishAll();
  await running;
  assert.deepEqual(stage.waits("3"), [{ for: "rate", pool: "api", ms: 200 }]);
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
});

test("after a pause as many start at once as `burst` says", async () => {
  const { stage, executor } = pooled({ api: { rate: { count: 10, perMs: 1_000 }, burst: 3 } });
  const running = executor.run(calls(5));
  await stage.settle();
  assert.equal(stage.started.length, 3);
  await stage.clock.advance(200);
  assert.equal(stage.started.length, 5);
  stage.finishAll();
  await running;
});

test("no slot is held while a call waits for a rate (G4, G5)", async () => {
  const { stage, executor } = pooled({ api: { rate: { count: 1, perMs: 1_000 } } }, { concurrency: 2 });
  const running = executor.run([...calls(3), { name: "free", input: { as: "free" } }]);
  await stage.settle();
  assert.deepEqual(stage.started, ["1", "free"]);
  assert.equal(executor.stats.running, 2);
  stage.finishAll();
  await stage.clock.advance(2_000);
  stage.finishAll();
  assert.deepEqual(
    (await running).map(({ status }) => status),
    ["ok", "ok", "ok", "ok"],
  );
});

test("G6, G10: an abort while a call waits for a rate leaves no timer", async () => {
  const { stage, executor } = pooled({ api: { rate: { count: 1, perMs: 60_000 } } });
  const controller = new AbortController();
  const running = executor.run(calls(3), { signal: controller.signal });
  await stage.finish("1");
  controller.abort();
  assert.deepEqual(brief(await running), ["1 done", "cancelled", "cancelled"]);
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
});

test("a deadline that passes while a call waits for a rate says so", async () => {
  const { stage, executor } = pooled({ api: { rate: { count: 1, perMs: 1_000 } } });
  const running = executor.run(calls(2), { deadlineMs: 500 });
  await stage.finish("1");
  await stage.clock.advance(500);
  assert.match(
    errorOf((await running)[1]).message,
    /while it waited for the rate of api; it was not executed/,
  );
});

test("how many wait for a pool, and how long, is visible", async () => {
  const { stage, executor } = pooled({ api: { concurrency: 2 } });
  assert.deepEqual(executor.stats.pools, { api: { running: 0, limit: 2, waiting: 0, waitingMs: 0 } });
  const running = executor.run(calls(5));
  await stage.clock.advance(30);
  assert.deepEqual(executor.stats.pools, { api: { running: 2, limit: 2, waiting: 3, waitingMs: 30 } });
  for (let i = 0; i < 3; i++) {
    stage.finishAll();
    await stage.settle();
  }
  await running;
  assert.deepEqual(executor.stats.pools, { api: { running: 0, limit: 2, waiting: 0, waitingMs: 0 } });
});

test("calls beyond `maxQueue` are answered `over-limit`, the last to come first", async () => {
  const { stage, executor } = pooled({ api: { concurrency: 2, maxQueue: 3 } });
  const running = executor.run(calls(7));
  for (let i = 0; i < 3; i++) {
    await stage.settle();
    stage.finishAll();
  }
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), [
    "1 done",
    "2 done",
    "3 done",
    "4 done",
    "5 done",
    "over-limit",
    "over-limit",
  ]);
  assert.equal(outcomes[6]?.status, "skipped");
  assert.equal(
    errorOf(outcomes[6]).message,
    "not executed: 3 calls wait for api already, and no more may; make this call again later",
  );
});

test("`maxQueue: 0` refuses what cannot start at once, and nothing else", async () => {
  const { stage, executor } = pooled({ api: { concurrency: 2, maxQueue: 0 } });
  const running = executor.run(calls(3));
  await stage.settle();
  stage.finishAll();
  assert.deepEqual(brief(await running), ["1 done", "2 done", "over-limit"]);
});

test("a call that is to be tried again is not turned away by a full queue", async () => {
  const { stage, executor } = pooled(
    { api: { concurrency: 1, maxQueue: 1 } },
    { retry: true, random: () => 0.5 },
  );
  const first = executor.run(calls(1));
  await stage.fail("1", toolError({ message: "busy", cause: { status: 429 } }));
  const second = executor.run([touch("2"), touch("3")]);
  await stage.clock.advance(100);
  await stage.finish("2");
  await stage.settle();
  stage.finishAll();
  await stage.settle();
  stage.finishAll();
  assert.equal((await first)[0]?.status, "ok");
  await second;
});

test("a tool may compute its pools: one for each host, made when it is first used", async () => {
  const stage = new Stage();
  const fetchTool = stage.tool("fetch", {
    pools: ({ url }: Record<string, unknown>) => [`host:${new URL(String(url)).host}`],
  });
  const executor = stage.executor({
    tools: [fetchTool],
    pools: { "host:*": { concurrency: 1 }, "host:big": { concurrency: 2 } },
  });
  const url = (as: string, host: string) => ({ name: "fetch", input: { as, url: `https://${host}/` } });
  const running = executor.run([
    url("a1", "a"),
    url("a2", "a"),
    url("b1", "b"),
    url("c1", "big"),
    url("c2", "big"),
    { name: "fetch", input: { url: "?" } },
  ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["a1", "b1", "c1", "c2"]);
  assert.deepEqual(Object.keys(executor.stats.pools), ["host:big", "host:a", "host:b"]);
  for (let i = 0; i < 2; i++) {
    stage.finishAll();
    await stage.settle();
  }
  const outcomes = await running;
  assert.match(errorOf(outcomes[5]).message, /not executed: the pools of `fetch` are unknown: Invalid URL/);
  assert.equal(errorOf(outcomes[5]).code, "invalid-effects");
});

test("a computed name that there is no pool for fails its call alone", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { pools: ({ as }: Record<string, unknown>) => [`p:${String(as)}`] })];
  const executor = stage.executor({ tools, pools: { "p:a": { concurrency: 1 } } });
  const running = executor.run([touch("a"), touch("b")]);
  await stage.finish("a");
  const outcomes = await running;
  assert.equal(outcomes[0]?.status, "ok");
  assert.match(errorOf(outcomes[1]).message, /the pools of `touch` are unknown: there is no pool "p:b"/);
});

test("G10: computed pools that nobody uses are forgotten beyond a thousand", async () => {
  const stage = new Stage();
  const tools = [
    stage.tool("touch", {
      pools: ({ as }: Record<string, unknown>) => [`host:${String(as)}`],
      execute: async () => 1,
    }),
  ];
  const executor = stage.executor({ tools, pools: { "host:*": { concurrency: 1 } } });
  for (let i = 0; i < 3_000; i++) await executor.run([touch(`${i}`)]);
  assert.equal(Object.keys(executor.stats.pools).length, 1_000);
});

test("ten calls that are refused at once, and told when to come again, come again", async () => {
  const { stage, executor } = pooled({ api: { concurrency: 10 } }, { retry: true, random: () => 0.5 });
  const running = executor.run(calls(10));
  await stage.settle();
  for (let i = 1; i <= 10; i++)
    await stage.fail(`${i}`, toolError({ message: "busy", retryAfterMs: 50, cause: { status: 429 } }));
  await stage.clock.advance(100);
  stage.finishAll();
  assert.ok((await running).every(({ status, attempts }) => status === "ok" && attempts === 2));
});

test("an adaptive pool starts with one, grows while all is well, and falls when it is refused", async () => {
  const { stage, executor } = pooled(
    { api: { adaptive: true } },
    { retry: true, random: () => 0.5 },
    { idempotent: true },
  );
  const limit = () => executor.stats.pools["api"]?.limit ?? 0;
  const running = executor.run(calls(40));
  await stage.settle();
  assert.equal(stage.started.length, 1);
  const ended = new Set<string>();
  const finishStarted = async () => {
    await stage.clock.advance(10);
    for (const label of stage.started.filter((one) => !ended.has(one))) {
      ended.add(label);
      await stage.finish(label);
    }
  };
  for (let i = 0; i < 4; i++) await finishStarted();
  const grown = limit();
  assert.ok(grown >= 8, `${grown} after four rounds`);
  await stage.clock.advance(10);
  const open = stage.started.filter((one) => !ended.has(one));
  for (const label of open.slice(0, 4)) {
    ended.add(label);
    await stage.fail(label, toolError({ message: "busy", cause: { status: 429 } }));
  }
  assert.ok(limit() < grown, `${limit()} after refusals, ${grown} before`);
  for (let i = 0; i < 100; i++) {
    stage.finishAll();
    await stage.clock.advance(100);
  }
  await running;
});

test("G1: a batch through every limit at once settles", async () => {
  const { stage, executor } = pooled(
    {
      a: { rate: { count: 5, perMs: 100 }, burst: 2 },
      b: { concurrency: 2, adaptive: true, circuit: true },
      c: { concurrency: 3 },
    },
    { retry: true },
  );
  const outcomes: Promise<Outcome[]>[] = [executor.run(calls(20)), executor.run(calls(20, "x"))];
  for (let i = 0; i < 200; i++) {
    stage.finishAll();
    await stage.clock.advance(20);
  }
  for (const list of await Promise.all(outcomes)) assert.ok(list.every(({ status }) => status === "ok"));
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
});

test("G10: a call that waited for a rate and for a slot leaves no timer, whichever came first", async () => {
  const stage = new Stage();
  const sleeps = async ({ ms }: Record<string, unknown>) => stage.clock.sleep(Number(ms));
  const tools = [
    stage.tool("touch", { pools: ["api"], idempotent: true, retry: true }),
    stage.tool("hasty", { pools: ["api"], deadlineMs: 500 }),
    stage.tool("busy", { execute: sleeps }),
  ];
  const pools = { api: { rate: { count: 1, perMs: 1_000 } } };
  const executor = stage.executor({ tools, pools, concurrency: 3, random: () => 0.5 });
  const busy = (ms: number) => ({ name: "busy", input: { ms } });
  const others = [executor.run([busy(1_000)])];
  await stage.settle();
  const running = executor.run([touch("1"), { name: "hasty" }]);
  await stage.fail("1", toolError({ message: "down", cause: { status: 503 } }));
  others.push(executor.run([busy(1_200), busy(1_200)]));
  await stage.clock.advance(1_000);
  await stage.finishLast("1");
  assert.deepEqual(brief(await running), ["1 done", "blocked"]);
  await stage.clock.advance(200);
  await Promise.all(others);
  assert.equal(stage.clock.pending, 0);
});

test("G4: a pool that was forgotten has one limit when it is used again, for the conversation that knew it as well", async () => {
  const { stage, executor } = computed();
  const batch = executor.open();
  batch.add(touch("first", { reads: ["x"] }));
  await stage.finish("first");
  await useThousand(executor);
  batch.add(touch("again"));
  const other = executor.run([touch("other")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["first", "again"]);
  await stage.finish("again");
  await stage.finish("other");
  await Promise.all([batch.close(), other]);
});

test("G4: a pool is not forgotten while a call that is to use it is held", async () => {
  const { stage, executor } = computed();
  const batch = executor.open();
  batch.add(touch("held", { writes: ["x"] }));
  await useThousand(executor);
  const other = executor.run([touch("other")]);
  const closing = batch.close();
  await stage.settle();
  assert.deepEqual(stage.started, ["other"]);
  await stage.finish("other");
  await stage.finish("held");
  await Promise.all([closing, other]);
});

/** An executor where every call of `touch` uses one pool of one slot, and those of `pass` each one of their own. */
function computed() {
  const stage = new Stage();
  const tools = [
    stage.tool("touch", { pools: () => ["host:a"] }),
    stage.tool("pass", {
      pools: ({ as }: Record<string, unknown>) => [`host:${String(as)}`],
      execute: () => undefined,
    }),
  ];
  return { stage, executor: stage.executor({ tools, pools: { "host:*": { concurrency: 1 } } }) };
}

async function useThousand(executor: Executor): Promise<void> {
  for (let i = 0; i < 1_001; i++) await executor.run([{ name: "pass", input: { as: `${i}` } }]);
}

test("`pools` that are none are a TypeError", () => {
  for (const pools of [null, 5, []])
    assert.throws(
      () => new Stage().executor({ pools: pools as never }),
      /`pools` must be an object of pools by name/,
    );
});
