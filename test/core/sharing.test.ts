import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, Stage, touch } from "../support/stage.ts";

const SHARED = { idempotent: true, share: true } as const;
const read = (as: string, input: object = {}) => ({
  id: as,
  name: "touch",
  input: { reads: ["x"], ...input },
});

test("identical calls in flight run once, and each gets its own result (case 76)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const running = executor.run(["1", "2", "3", "4", "5"].map((id) => read(id)));
  await stage.settle();
  assert.deepEqual(stage.started, ["touch"]);
  await stage.finish("touch", { answer: 42 });
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ output }) => output),
    Array.from({ length: 5 }, () => ({ answer: 42 })),
  );
  assert.deepEqual(
    outcomes.map(({ attempts }) => attempts),
    [1, 0, 0, 0, 0],
  );
  assert.deepEqual(
    outcomes.map(({ call }) => call.id),
    ["1", "2", "3", "4", "5"],
  );
});

test("without `share` identical calls run as often as they were made (case 76)", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ tools: [stage.tool("touch", { idempotent: true })] })
    .run(["1", "2", "3", "4", "5"].map((id) => read(id)));
  await stage.settle();
  assert.equal(stage.started.length, 5);
  stage.finishAll();
  await running;
});

test("the order of fields makes no difference, another value does", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const running = executor.run([
    { name: "touch", input: { reads: ["x"], a: 1, b: { c: 2, d: 3 } } },
    { name: "touch", input: { b: { d: 3, c: 2 }, reads: ["x"], a: 1 } },
    { name: "touch", input: { b: { d: 3, c: 4 }, reads: ["x"], a: 1 } },
  ]);
  await stage.settle();
  assert.equal(stage.started.length, 2);
  stage.finishAll();
  await running;
});

test("write X, write Y, write X: writes are never shared (case 77)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const write = (value: string) => ({ name: "touch", input: { writes: ["x"], as: value } });
  const running = executor.run([write("X"), write("Y"), write("X")]);
  for (let i = 0; i < 3; i++) {
    await stage.settle();
    stage.finishAll();
  }
  await running;
  assert.deepEqual(stage.started, ["X", "Y", "X"]);
});

test("G3: a write in between reopens: the read behind it runs itself", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const running = executor.run([
    { name: "touch", input: { reads: ["x"], q: 1 } },
    touch("w", { writes: ["x"] }),
    { name: "touch", input: { reads: ["x"], q: 1 } },
  ]);
  await stage.finish("touch", "before");
  await stage.finish("w");
  await stage.finishLast("touch", "after");
  assert.deepEqual(brief(await running), ["before", "w done", "after"]);
});

test("two conversations share; a leader that is stopped leaves those that joined it to run themselves (G2)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const controller = new AbortController();
  const first = executor.run([read("1", { obeys: true })], { signal: controller.signal });
  const second = executor.run([read("2", { obeys: true })]);
  const third = executor.run([read("3", { obeys: true })]);
  await stage.settle();
  assert.equal(stage.started.length, 1);
  controller.abort();
  assert.deepEqual(brief(await first), ["cancelled"]);
  await stage.settle();
  assert.equal(stage.started.length, 2);
  await stage.finishLast("touch", "again");
  assert.deepEqual([brief(await second), brief(await third)], [["again"], ["again"]]);
});

test("a failure of the tool is everybody's, in its own words", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const running = executor.run([read("1"), read("2")]);
  await stage.fail("touch", new Error("not found"));
  assert.deepEqual(
    (await running).map(({ error }) => error?.message),
    ["not found", "not found"],
  );
});

test("G6: a call that waits for another's result can be stopped alone, at once", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const first = executor.run([read("1")]);
  const controller = new AbortController();
  const second = executor.run([read("2")], { signal: controller.signal });
  await stage.settle();
  controller.abort();
  const [outcome] = await second;
  assert.equal(outcome?.status, "cancelled");
  assert.match(outcome.error?.message ?? "", /it was not executed/);
  await stage.finish("touch");
  await first;
});

test("with `ttlMs` a result is remembered for so long", async () => {
  const stage = new Stage();
  const executor = stage.executor({
    tools: [stage.tool("touch", { idempotent: true, share: { ttlMs: 100 } })],
  });
  const run = () => executor.run([read("1")]);
  const first = run();
  await stage.finish("touch", "one");
  await first;
  await stage.clock.advance(99);
  assert.deepEqual(brief(await run()), ["one"]);
  assert.equal(stage.started.length, 1);
  await stage.clock.advance(1);
  const later = run();
  await stage.finishLast("touch", "two");
  assert.deepEqual(brief(await later), ["two"]);
  assert.equal(stage.clock.pending, 0);
});

test("G3: what is remembered is forgotten when a call writes what it was read from, and only then", async () => {
  const stage = new Stage();
  const executor = stage.executor({
    tools: [stage.tool("touch", { idempotent: true, share: { ttlMs: 1_000 } })],
  });
  const first = executor.run([read("1")]);
  await stage.finish("touch", "one");
  await first;
  const other = executor.run([touch("other", { writes: ["y"] })]);
  await stage.finish("other");
  await other;
  assert.deepEqual(brief(await executor.run([read("2")])), ["one"]);
  const running = executor.run([touch("w", { writes: ["x/deep"] }), read("3")]);
  await stage.finish("w");
  await stage.finishLast("touch", "two");
  assert.deepEqual(brief(await running), ["w done", "two"]);
});

test("a failure is not remembered", async () => {
  const stage = new Stage();
  const executor = stage.executor({
    tools: [stage.tool("touch", { idempotent: true, share: { ttlMs: 1_000 } })],
  });
  const first = executor.run([read("1")]);
  await stage.fail("touch");
  await first;
  const second = executor.run([read("2")]);
  await stage.finishLast("touch", "well");
  assert.deepEqual(brief(await second), ["well"]);
});

test("a call that shares says what it waited for", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)] });
  const running = executor.run([read("1"), read("2")]);
  await stage.clock.advance(30);
  await stage.finish("touch");
  await running;
  await stage.settle();
  const waits = stage.events.flatMap((event) => (event.type === "call.settled" ? [event.waits ?? []] : []));
  assert.deepEqual(waits, [[], [{ for: "call", call: "b1.1", ms: 30 }]]);
});

test("a tool that is not idempotent, or that only writes, cannot share or be hedged", () => {
  const stage = new Stage();
  assert.throws(() => stage.tool("t", { share: true }), /`share` of `t` needs `idempotent: true`/);
  assert.throws(() => stage.tool("t", { hedge: { afterMs: 1 } }), /`hedge` of `t` needs `idempotent: true`/);
  assert.throws(
    () => stage.tool("t", { share: true, idempotent: true, effects: "write" }),
    /`share` of `t` is for tools that read; it writes/,
  );
});

test("G5: of calls that are the same, each is turned away in turn by a queue that is full, at once", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", SHARED), stage.tool("pooled", { ...SHARED, pools: ["api"] })];
  const executor = stage.executor({ tools, pools: { api: { concurrency: 1, maxQueue: 0 } } });
  const pooled = (as: string) => ({ name: "pooled", input: { as } });
  const busy = executor.run([pooled("busy")]);
  const running = executor.run([pooled("same"), pooled("same"), pooled("same")]);
  await stage.settle();
  assert.deepEqual(brief(await running), ["over-limit", "over-limit", "over-limit"]);
  await stage.finish("busy");
  await busy;
});

test("G5: when the call that leads is told to stop, one that joined it takes its place at once", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", SHARED)], graceMs: 1_000 });
  const controller = new AbortController();
  const deaf = executor.run([read("1")], { signal: controller.signal });
  const others = [executor.run([read("2")]), executor.run([read("3")])];
  await stage.clock.advance(10);
  controller.abort();
  await stage.settle();
  assert.equal(stage.started.length, 2);
  await stage.finishLast("touch", "again");
  assert.deepEqual((await Promise.all(others)).map(brief), [["again"], ["again"]]);
  await stage.clock.advance(1_000);
  assert.deepEqual(brief(await deaf), ["cancelled"]);
});

test("G3: inside a call that writes by itself what a call inside has read, that is not remembered", async () => {
  const stage = new Stage();
  let value = "before";
  const tools = [
    stage.tool("outer", {
      effects: () => ({ writes: ["x"], reads: ["y"] }),
      execute: async (_, context) => {
        const get = async (what: string) => brief(await context.run([{ name: "get", input: { what } }]));
        const seen = [await get("x"), await get("y")];
        value = "after";
        return [...seen, await get("x"), await get("y")].flat();
      },
    }),
    stage.tool("get", {
      effects: ({ what }: Record<string, unknown>) => ({ reads: [String(what)] }),
      idempotent: true,
      share: { ttlMs: 1_000 },
      execute: () => value,
    }),
  ];
  const outcomes = await stage.executor({ tools }).run([{ name: "outer" }]);
  assert.deepEqual(brief(outcomes), [["before", "before", "after", "before"]]);
});
