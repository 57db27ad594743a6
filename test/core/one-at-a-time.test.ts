/** Case 61: where one call at a time is wanted, what comes all the same runs one by one, in the model's order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, Stage, touch } from "../support/stage.ts";

test("G1, case 61: calls that have nothing to do with each other run one by one, and all are answered", async () => {
  const stage = new Stage();
  const running = stage.executor().run([touch("1"), touch("2"), touch("3")], { parallel: "one-at-a-time" });
  await stage.settle();
  assert.deepEqual(stage.started, ["1"]);
  await stage.finish("1");
  assert.deepEqual(stage.started, ["1", "2"]);
  await stage.fail("2");
  await stage.finish("3");
  assert.deepEqual(brief(await running), ["1 done", "tool-error", "3 done"]);
});

test("in an open batch a call behind one that waits for the end waits as well", async () => {
  const stage = new Stage();
  const batch = stage.executor().open({ parallel: "one-at-a-time" });
  for (const call of [
    touch("read", { reads: ["a"] }),
    touch("write", { writes: ["b"] }),
    touch("late", { reads: ["c"] }),
  ]) {
    batch.add(call);
  }
  await stage.settle();
  assert.deepEqual(stage.started, ["read"]);
  await stage.finish("read");
  assert.deepEqual(stage.started, ["read"]);
  const closing = batch.close();
  await stage.settle();
  await stage.finish("write");
  assert.deepEqual(stage.started, ["read", "write", "late"]);
  await stage.finish("late");
  assert.deepEqual(brief(await closing), ["read done", "write done", "late done"]);
});

test("it holds for that batch alone: another of the same executor runs side by side", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  const slow = executor.run([touch("1"), touch("2")], { parallel: "one-at-a-time" });
  const quick = executor.run([touch("a"), touch("b")]);
  await stage.settle();
  assert.deepEqual(stage.started.toSorted(), ["1", "a", "b"]);
  for (const label of ["1", "a", "b"]) await stage.finish(label);
  await stage.finish("2");
  assert.deepEqual(brief([...(await slow), ...(await quick)]), ["1 done", "2 done", "a done", "b done"]);
});

test("calls that a tool makes inside itself are that tool's business: they run at once", async () => {
  const stage = new Stage();
  const nest = stage.tool("nest", {
    effects: "read",
    execute: (_: object, { run }) => run([touch("in 1"), touch("in 2")]),
  });
  const running = stage
    .executor({ tools: [stage.tool("touch"), nest] })
    .run([{ name: "nest", input: {} }, touch("next")], { parallel: "one-at-a-time" });
  await stage.settle();
  assert.deepEqual(stage.started, ["in 1", "in 2"]);
  for (const label of ["in 1", "in 2"]) await stage.finish(label);
  await stage.finish("next");
  assert.equal((await running).length, 2);
});
