import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, errorOf, schemaOf, Stage, touch } from "../support/stage.ts";

test("a read that is committed starts while the batch is open; a write waits for `close` (case 78)", async () => {
  const stage = new Stage();
  const batch = stage.executor().open();
  batch.add(touch("read", { reads: ["a"] }));
  batch.add(touch("write", { writes: ["b"] }));
  batch.add(touch("free"));
  await stage.clock.advance(10);
  assert.deepEqual(stage.started, ["read", "free"]);
  const closing = batch.close();
  await stage.settle();
  assert.deepEqual(stage.started, ["read", "free", "write"]);
  for (const label of stage.started) await stage.finish(label);
  assert.deepEqual(brief(await closing), ["read done", "write done", "free done"]);
  assert.deepEqual(stage.waits("write"), [{ for: "close", ms: 10 }]);
});

test("G3: a read behind a held write of the same resource is held with it, one beside it is not", async () => {
  const stage = new Stage();
  const batch = stage.executor().open();
  batch.add(touch("write", { writes: ["a/b"] }));
  batch.add(touch("below", { reads: ["a/b/c"] }));
  batch.add(touch("above", { reads: ["a"] }));
  batch.add(touch("beside", { reads: ["a/c"] }));
  await stage.settle();
  assert.deepEqual(stage.started, ["beside"]);
  const closing = batch.close();
  await stage.settle();
  assert.deepEqual(stage.started, ["beside", "write"]);
  await stage.finish("write");
  assert.deepEqual(stage.started, ["beside", "write", "below", "above"]);
  for (const label of ["beside", "below", "above"]) await stage.finish(label);
  await closing;
});

test('`eager: "off"` starts nothing before `close`, `"all"` starts writes too, in order', async () => {
  const calls = [touch("read", { reads: ["a"] }), touch("write", { writes: ["a"] }), touch("free")];
  for (const [eager, before] of [
    ["off", []],
    ["all", ["read", "free"]],
  ] as const) {
    const stage = new Stage();
    const batch = stage.executor().open({ eager });
    for (const call of calls) batch.add(call);
    await stage.settle();
    assert.deepEqual(stage.started, before);
    const closing = batch.close();
    await stage.settle();
    for (const label of ["free", "read", "write"]) await stage.finish(label);
    assert.deepEqual(brief(await closing), ["read done", "write done", "free done"]);
  }
});

test("the batch's own `eager` wins over the executor's", async () => {
  const stage = new Stage();
  const executor = stage.executor({ eager: "off" });
  const [off, all] = [executor.open(), executor.open({ eager: "all" })];
  off.add(touch("off"));
  all.add(touch("all"));
  await stage.settle();
  assert.deepEqual(stage.started, ["all"]);
  const closing = [off.close(), all.close()];
  await stage.settle();
  for (const label of ["all", "off"]) await stage.finish(label);
  await Promise.all(closing);
});

test("a call that has started runs once, whatever is added after it (case 79)", async () => {
  const stage = new Stage();
  const batch = stage.executor().open();
  const input = { as: "early", reads: ["a"] };
  const call = batch.add({ id: "1", name: "touch", input });
  await stage.settle();
  batch.add({ id: "1", name: "touch", input: { as: "again" } });
  const closing = batch.close();
  await stage.settle();
  assert.deepEqual(stage.started, ["early", "again"]);
  assert.equal(stage.visit("early").context.call, call);
  for (const label of stage.started) await stage.finish(label);
  assert.equal((await closing).length, 2);
});

test("G9: a turn that is cut off has changed nothing; what was read before is kept", async () => {
  const stage = new Stage();
  const batch = stage.executor().open();
  batch.add(touch("read", { reads: ["a"] }));
  batch.add(touch("write", { writes: ["b"] }));
  batch.add(touch("reads it", { reads: ["b"] }));
  batch.add({ name: "nobody" });
  batch.add({ name: "touch", inputText: '{"as":"cut', truncated: true });
  await stage.settle();
  assert.equal(batch.hasWritten, false);
  const closing = batch.close({ truncated: true });
  await stage.finish("read");
  const outcomes = await closing;
  assert.deepEqual(brief(outcomes), ["read done", "truncated", "truncated", "unknown-tool", "truncated"]);
  assert.deepEqual(stage.started, ["read"]);
  assert.match(errorOf(outcomes[1]).message, /^not executed: the reply was cut off/);
});

test("a batch that is discarded cancels what runs, never starts what is held, and answers nothing (case 48, engine)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ graceMs: 10 });
  const batch = executor.open();
  batch.add(touch("read", { reads: ["a"], obeys: true }));
  batch.add(touch("deaf"));
  batch.add(touch("write", { writes: ["b"] }));
  await stage.settle();
  let discarded = false;
  const noted = batch.discard(new Error("connection reset")).then(() => (discarded = true));
  await stage.clock.advance(9);
  assert.deepEqual([discarded, stage.heard("call.settled")], [false, ["write", "read"]]);
  await stage.clock.advance(1);
  await noted;
  assert.deepEqual(stage.started, ["read", "deaf"]);
  const { reason } = stage.visit("read").context.signal as { reason: { by: string; cause: Error } };
  assert.deepEqual([reason.by, reason.cause.message], ["shutdown", "connection reset"]);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 1, batches: 0, pools: {} });
  assert.throws(() => batch.add(touch("late")), { code: "batch-closed" });
});

test("a batch rejects its `close` while it is being discarded, and its `discard` once it is closed", async () => {
  const stage = new Stage();
  const executor = stage.executor({ graceMs: 10 });
  const discarded = executor.open();
  discarded.add(touch("deaf"));
  await stage.settle();
  const done = discarded.discard();
  await assert.rejects(discarded.close(), { name: "TuttiError", code: "batch-discarded" });
  await stage.clock.advance(10);
  await done;
  const closed = executor.open();
  closed.add(touch("one"));
  const closing = closed.close();
  await assert.rejects(closed.discard(), { name: "TuttiError", code: "batch-closed" });
  await stage.finish("one");
  assert.deepEqual(brief(await closing), ["one done"]);
});

test("an empty batch can be discarded", async () => {
  const stage = new Stage();
  const executor = stage.executor({ deadlineMs: 10 });
  await executor.open().discard();
  assert.equal(executor.stats.batches, 0);
  assert.equal(stage.clock.pending, 0);
});

test("calls wait for each other's validation in the model's order, and `close` waits for it too", async () => {
  const stage = new Stage();
  const checked = stage.tool("checked", {
    input: schemaOf(async (value: unknown) => {
      await stage.clock.sleep(5);
      return (value as { bad?: true }).bad === true ? { issues: [{ message: "bad" }] } : { value };
    }),
  });
  const batch = stage.executor({ tools: [checked, stage.tool("touch")] }).open();
  batch.add({ name: "checked", input: { as: "1", writes: ["a"] } });
  batch.add({ name: "checked", input: { bad: true } });
  batch.add(touch("2", { reads: ["a"] }));
  batch.add({ name: "nobody" });
  const closing = batch.close();
  await stage.clock.advance(5);
  assert.deepEqual(stage.started, ["1"]);
  await stage.finish("1");
  await stage.finish("2");
  assert.deepEqual(brief(await closing), ["1 done", "invalid-input", "2 done", "unknown-tool"]);
});

test("G9: writes that are still being checked when the turn is cut off never run", async () => {
  const stage = new Stage();
  const checked = stage.tool("checked", {
    input: schemaOf(async (value: unknown) => {
      await stage.clock.sleep(5);
      return { value };
    }),
  });
  const batch = stage.executor({ tools: [checked] }).open();
  batch.add({ name: "checked", input: { as: "write", writes: ["a"] } });
  const closing = batch.close({ truncated: true });
  await stage.clock.advance(5);
  assert.deepEqual(brief(await closing), ["truncated"]);
  assert.deepEqual(stage.started, []);
});

test("a discarded batch has no outcomes once it has settled, either, and may be discarded again", async () => {
  const stage = new Stage();
  const batch = stage.executor().open();
  batch.add(touch("held", { writes: ["a"] }));
  await batch.discard("the stream broke");
  await assert.rejects(batch.close(), { name: "TuttiError", code: "batch-discarded" });
  await batch.discard("again");
});
