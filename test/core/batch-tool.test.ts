/** The batch tool: a list of calls that run by the same rules as though the model had made each of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { batchTool } from "../../src/index.ts";
import { brief, errorOf, Stage, touch, type Part } from "../support/stage.ts";

type Answer = {
  readonly name: string;
  readonly status: string;
  readonly output?: unknown;
  readonly error?: { code: string; message: string };
};

const use = (as: string, part: Part = {}) => ({ name: "touch", input: { as, ...part } });
const batch = (...calls: readonly object[]) => ({ id: "list", name: "batch", input: { calls } });
const stageWithBatch = (options = {}) => {
  const stage = new Stage();
  return { stage, executor: stage.executor({ tools: [stage.tool("touch"), batchTool()], ...options }) };
};
const codes = (answers: unknown) =>
  (answers as Answer[]).map(({ status, output, error }) => error?.code ?? output ?? status);

test("the model is told of it as of any other tool", () => {
  const { executor } = stageWithBatch();
  const tool = executor.tools.find(({ name }) => name === "batch");
  assert.match(tool?.description ?? "", /several tool calls at once/);
  assert.deepEqual(Object.keys((tool?.inputSchema["properties"] ?? {}) as object), ["calls"]);
  assert.equal(batchTool({ name: "many", description: "Makes many." }).name, "many");
  assert.throws(() => batchTool({ name: "no spaces" }), /`name` must be/);
  const misspelt = { nmae: "x" } as object;
  assert.throws(() => batchTool(misspelt), /`batchTool` has no option `nmae`; it knows name, description/);
});

test("G3, G5: its calls run at once, but for those in conflict, and are answered together under its id", async () => {
  const { stage, executor } = stageWithBatch();
  const running = executor.run([
    touch("first", { writes: ["a"] }),
    batch(use("behind", { reads: ["a"] }), use("free"), use("also free")),
  ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["first", "free", "also free"]);
  await stage.finish("first");
  assert.equal(stage.started.at(-1), "behind");
  for (const label of ["free", "also free", "behind"]) await stage.finish(label);
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ call, status }) => [call.id, status]),
    [
      ["first", "ok"],
      ["list", "ok"],
    ],
  );
  assert.deepEqual(codes(outcomes[1]?.output), ["behind done", "free done", "also free done"]);
});

test("G2: one bad call in a list is answered there, and the others run", async () => {
  const { stage, executor } = stageWithBatch();
  const running = executor.run([
    batch(
      use("fine"),
      { name: "nobody", input: {} },
      { name: "touch", input: '{"as":' },
      use("fails"),
      batch(use("inner")),
    ),
  ]);
  await stage.settle();
  await stage.finish("fine");
  await stage.fail("fails");
  const [outcome] = await running;
  assert.deepEqual(codes(outcome?.output), [
    "fine done",
    "unknown-tool",
    "invalid-json",
    "tool-error",
    "tool-error",
  ]);
  assert.match((outcome?.output as Answer[] | undefined)?.[4]?.error?.message ?? "", /cannot hold another/);
  assert.equal(stage.started.includes("inner"), false);
});

test("an empty list has an empty answer, and what is no list is told field by field", async () => {
  const { executor } = stageWithBatch();
  const outcomes = await executor.run([
    batch(),
    { name: "batch", input: {} },
    { name: "batch", input: { calls: [{ input: {} }] } },
    { name: "batch", inputText: '{"calls":[' },
  ]);
  assert.deepEqual(brief(outcomes), [[], "invalid-input", "invalid-input", "invalid-json"]);
  assert.match(errorOf(outcomes[1]).message, /calls/);
});

test("G4: limits hold for its calls, and one at a time is one at a time", async () => {
  for (const limits of [{ concurrency: 1 }, { concurrency: 10, serial: true }]) {
    const { stage, executor } = stageWithBatch({ concurrency: limits.concurrency });
    const running = executor.run([batch(use("1"), use("2")), touch("3")], {
      parallel: "serial" in limits ? "one-at-a-time" : "auto",
    });
    await stage.settle();
    for (const label of ["1", "2", "3"]) {
      assert.deepEqual(stage.started.slice(-1), [label]);
      await stage.finish(label);
    }
    assert.equal((await running).length, 2);
  }
});

test("`maxCalls` counts its calls, and those beyond are answered in the list", async () => {
  const { stage, executor } = stageWithBatch({ maxCalls: 3 });
  const running = executor.run([batch(use("1"), use("2"), use("3"))]);
  await stage.settle();
  for (const label of stage.started) await stage.finish(label);
  assert.deepEqual(codes((await running)[0]?.output), ["1 done", "2 done", "over-limit"]);
});

test("G9: a list that was cut off runs none of its calls; in an open batch reads start and writes wait", async () => {
  const { stage, executor } = stageWithBatch();
  const open = executor.open();
  open.add(batch(use("read", { reads: ["a"] }), use("write", { writes: ["b"] })));
  open.add({ ...batch(use("cut")), truncated: true });
  await stage.settle();
  assert.deepEqual(stage.started, ["read"]);
  const closing = open.close({ truncated: true });
  await stage.finish("read");
  const [list, cut] = await closing;
  assert.deepEqual(codes(list?.output), ["read done", "truncated"]);
  assert.equal(errorOf(cut).code, "truncated");
});
