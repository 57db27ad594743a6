import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRequest, Executor } from "../../src/index.ts";
import { brief, schemaOf, Stage, touch } from "../support/stage.ts";

/** Runs calls whose ends the test decides; `ends` are the labels in the order in which they end. */
async function play(calls: readonly CallRequest[], ends: readonly string[], executor?: Executor) {
  const stage = new Stage();
  const running = (executor ?? stage.executor()).run(calls);
  await stage.settle();
  const startedAfter: Record<string, string[]> = { nothing: stage.started };
  for (const label of ends) {
    await stage.finish(label);
    startedAfter[label] = stage.started;
  }
  return { stage, startedAfter, outcomes: await running };
}

test("G3: two writes of one resource run one after the other, in call order, under any spelling (case 31)", async () => {
  const spellings = ["file/a.txt", "./file/a.txt", "file//a.txt", "/file/x/../a.txt", "file/a.txt/"];
  const calls = spellings.map((path) => touch(path, { writes: [path] }));
  const { startedAfter, stage } = await play(calls, spellings);
  assert.deepEqual(startedAfter["nothing"], [spellings[0]]);
  for (const [i, path] of spellings.entries())
    assert.deepEqual(startedAfter[path], spellings.slice(0, i + 2), path);
  assert.deepEqual(stage.started, spellings);
});

test("G3: what both calls write is there in the end (case 31)", async () => {
  const stage = new Stage();
  let text = "abc";
  const edit = stage.tool("edit", {
    effects: ({ path }) => ({ writes: [path as string] }),
    execute: async ({ from, to }) => {
      const read = text;
      await stage.clock.sleep(10);
      text = read.replace(from as string, to as string);
    },
  });
  const running = stage.executor({ tools: [edit] }).run([
    { name: "edit", input: { path: "a.txt", from: "a", to: "A" } },
    { name: "edit", input: { path: "./a.txt", from: "c", to: "C" } },
  ]);
  await stage.clock.runAll();
  await running;
  assert.equal(text, "AbC");
});

test("writes of different resources overlap in time (case 32)", async () => {
  const { startedAfter } = await play(
    [touch("a", { writes: ["file/a"] }), touch("b", { writes: ["file/b"] })],
    ["b", "a"],
  );
  assert.deepEqual(startedAfter["nothing"], ["a", "b"]);
});

test("G3: a read behind a write sees it, and the reads before it do not wait (case 33)", async () => {
  const { startedAfter } = await play(
    [
      touch("before", { reads: ["a"] }),
      touch("also before", { reads: ["a/x"] }),
      { name: "nobody" },
      touch("write", { writes: ["a"] }),
      touch("after", { reads: ["a/x"] }),
      touch("beside", { reads: ["b"] }),
    ],
    ["before", "also before", "write", "after", "beside"],
  );
  assert.deepEqual(startedAfter["nothing"], ["before", "also before", "beside"]);
  assert.deepEqual(startedAfter["before"], ["before", "also before", "beside"]);
  assert.deepEqual(startedAfter["also before"], ["before", "also before", "beside", "write"]);
  assert.deepEqual(startedAfter["write"], ["before", "also before", "beside", "write", "after"]);
});

test('G3: a tool that declares "write" is a barrier for all but "none" (case 34)', async () => {
  const stage = new Stage();
  const tools = [
    stage.tool("touch"),
    stage.tool("change", { effects: "write" }),
    stage.tool("look", { effects: "read" }),
    stage.tool("think", { effects: "none" }),
  ];
  const running = stage
    .executor({ tools })
    .run([
      touch("reader", { reads: ["a"] }),
      { name: "change", input: { as: "barrier" } },
      touch("writer", { writes: ["b"] }),
      { name: "look", input: { as: "look" } },
      { name: "think", input: { as: "think" } },
    ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["reader", "think"]);
  await stage.finish("reader");
  assert.deepEqual(stage.started, ["reader", "think", "barrier"]);
  await stage.finish("barrier");
  assert.deepEqual(stage.started, ["reader", "think", "barrier", "writer"]);
  await stage.finish("writer");
  assert.deepEqual(stage.started, ["reader", "think", "barrier", "writer", "look"]);
  await stage.finish("think");
  await stage.finish("look");
  await running;
});

test("G3: a write of the root conflicts with everything that names a resource", async () => {
  for (const root of ["", "/", ".", "a/.."]) {
    const { startedAfter } = await play(
      [touch("all", { writes: [root] }), touch("one", { reads: ["deep/down/here"] }), touch("none")],
      ["all", "one", "none"],
    );
    assert.deepEqual(startedAfter["nothing"], ["all", "none"], `root as "${root}"`);
  }
});

const NAMES = ["a", "b", "c"];

test("G3: calls that lock several resources in any order do not deadlock (case 35)", async () => {
  const permutations = NAMES.flatMap((x) =>
    NAMES.filter((y) => y !== x).map((y) => [x, y, ...NAMES.filter((z) => z !== x && z !== y)]),
  );
  const calls = permutations.flatMap((order) => [
    touch(`write ${order.join("")}`, { writes: order }),
    touch(`both ${order.join("")}`, { reads: order.slice(0, 2), writes: order.slice(2) }),
  ]);
  const labels = calls.map(({ id }) => id as string);
  const { stage, outcomes } = await play(calls, labels);
  assert.deepEqual(stage.started, labels);
  assert.ok(outcomes.every(({ status }) => status === "ok"));
});

test("a failed call gives its locks back at once (case 36)", async () => {
  const stage = new Stage();
  const running = stage
    .executor()
    .run([touch("fails", { writes: ["a"] }), touch("reads", { reads: ["a"] }), { name: "nobody" }]);
  await stage.settle();
  assert.deepEqual(stage.started, ["fails"]);
  await stage.fail("fails");
  assert.deepEqual(stage.started, ["fails", "reads"]);
  await stage.finish("reads");
  await running;
});

test("G3: a write that timed out keeps its lock until it has really stopped (case 36)", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("hasty", { timeoutMs: 10 })];
  const executor = stage.executor({ tools, graceMs: 5 });
  const deaf = executor.run([{ name: "hasty", input: { as: "deaf", reads: ["r"], writes: ["a"] } }]);
  const next = executor.run([touch("write", { writes: ["a"] }), touch("read", { reads: ["r", "b"] })]);
  const reader = executor.run([touch("over r", { writes: ["r"] })]);
  await stage.clock.advance(15);
  assert.deepEqual(brief(await deaf), ["timeout"]);
  // What it reads is nobody's concern any more; what it writes is.
  assert.deepEqual(stage.started, ["deaf", "read"]);
  await stage.finish("read");
  assert.deepEqual(stage.started, ["deaf", "read", "over r"]);
  await stage.finish("over r");
  assert.equal(executor.stats.abandoned, 1);
  await stage.finish("deaf");
  assert.deepEqual(stage.started, ["deaf", "read", "over r", "write"]);
  await stage.finish("write");
  assert.deepEqual(brief(await next), ["write done", "read done"]);
  await reader;
  assert.equal(executor.stats.abandoned, 0);
});

test("G3: two batches of one executor exclude each other, two executors do not", async () => {
  const stage = new Stage();
  const shared = stage.executor();
  const runs = [
    shared.run([touch("1", { writes: ["a"] })]),
    shared.run([touch("2", { writes: ["a"] })]),
    stage.executor().run([touch("3", { writes: ["a"] })]),
  ];
  await stage.settle();
  assert.deepEqual(stage.started, ["1", "3"]);
  for (const label of ["1", "3", "2"]) await stage.finish(label);
  await Promise.all(runs);
});

test("a writer in a long line of readers gets its turn, first come first served (case 30)", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  const runs = [executor.run([touch("r1", { reads: ["a"] })]), executor.run([touch("w", { writes: ["a"] })])];
  for (const label of ["r2", "r3"]) runs.push(executor.run([touch(label, { reads: ["a"] })]));
  await stage.settle();
  assert.deepEqual(stage.started, ["r1"]);
  await stage.finish("r1");
  assert.deepEqual(stage.started, ["r1", "w"]);
  await stage.finish("w");
  assert.deepEqual(stage.started, ["r1", "w", "r2", "r3"]);
  for (const label of ["r2", "r3"]) await stage.finish(label);
  await Promise.all(runs);
});

test("G3: a call whose input is still being checked holds its place in line", async () => {
  const stage = new Stage();
  const slow = stage.tool("slow", {
    input: schemaOf(async (value: unknown) => {
      await stage.clock.sleep(5);
      return { value };
    }),
  });
  const running = stage
    .executor({ tools: [slow, stage.tool("touch")] })
    .run([
      { name: "slow", input: { as: "first", writes: ["a"] } },
      touch("second", { writes: ["a"] }),
      { name: "nobody" },
    ]);
  await stage.clock.advance(5);
  assert.deepEqual(stage.started, ["first"]);
  assert.deepEqual(stage.waits("first"), [{ for: "validation", ms: 5 }]);
  await stage.finish("first");
  await stage.finish("second");
  assert.deepEqual(brief(await running), ["first done", "second done", "unknown-tool"]);
});
