import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRequest, ExecutorOptions } from "../../src/index.ts";
import { brief, errorOf, Stage, touch } from "../support/stage.ts";

/** `fetch`, and `send`, whose calls come after those of `fetch`; neither touches anything. */
function chain(options: Partial<ExecutorOptions> = {}) {
  const stage = new Stage();
  const tools = [
    stage.tool("fetch", { effects: "none" }),
    stage.tool("send", { effects: "none", after: ["fetch"] }),
    stage.tool("log", { effects: "none", after: ["send"], onDependencyFailure: "run" }),
    stage.tool("touch"),
  ];
  return { stage, executor: stage.executor({ tools, ...options }) };
}

function call(name: string, as = name): CallRequest {
  return { name, input: { as } };
}

test("a call waits for every call of the tools in its `after`, wherever they stand", async () => {
  const { stage, executor } = chain();
  const running = executor.run([call("send"), call("fetch", "f1"), { name: "nobody" }, call("fetch", "f2")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["f1", "f2"]);
  await stage.finish("f2");
  assert.deepEqual(stage.started, ["f1", "f2"]);
  await stage.finish("f1");
  assert.deepEqual(stage.started, ["f1", "f2", "send"]);
  await stage.finish("send");
  assert.deepEqual(brief(await running), ["send done", "f1 done", "unknown-tool", "f2 done"]);
});

test("`after` a tool that was not called waits for nothing", async () => {
  const { stage, executor } = chain();
  const running = executor.run([call("send")]);
  await stage.settle();
  await stage.finish("send");
  assert.deepEqual(brief(await running), ["send done"]);
});

test("`after` means the same batch: another conversation's calls are not waited for", async () => {
  const { stage, executor } = chain();
  const runs = [executor.run([call("fetch")]), executor.run([call("send")])];
  await stage.settle();
  assert.deepEqual(stage.started, ["fetch", "send"]);
  for (const label of stage.started) await stage.finish(label);
  await Promise.all(runs);
});

test("while the batch is open a call with `after` waits for `close`, since more may come", async () => {
  const { stage, executor } = chain();
  const batch = executor.open();
  batch.add(call("fetch", "f1"));
  batch.add(call("send"));
  await stage.settle();
  await stage.finish("f1");
  assert.deepEqual(stage.started, ["f1"]);
  batch.add(call("fetch", "f2"));
  const closing = batch.close();
  await stage.settle();
  assert.deepEqual(stage.started, ["f1", "f2"]);
  await stage.finish("f2");
  assert.deepEqual(stage.started, ["f1", "f2", "send"]);
  await stage.finish("send");
  assert.deepEqual(brief(await closing), ["f1 done", "send done", "f2 done"]);
});

test("there are no levels: a call starts when its own predecessors are done", async () => {
  const { stage, executor } = chain();
  const running = executor.run([call("fetch"), call("send"), touch("slow")]);
  await stage.settle();
  await stage.finish("fetch");
  assert.deepEqual(stage.started, ["fetch", "slow", "send"]);
  for (const label of ["send", "slow"]) await stage.finish(label);
  await running;
});

test("a call that depends on one that failed is skipped, and names it; those it does not concern run", async () => {
  const { stage, executor } = chain();
  const running = executor.run([call("fetch", "f1"), call("fetch", "f2"), call("send"), touch("other")]);
  await stage.settle();
  await stage.fail("f2");
  // Nothing that is still to come can change it.
  assert.deepEqual(stage.heard("call.settled"), ["f2", "send"]);
  for (const label of ["f1", "other"]) await stage.finish(label);
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["f1 done", "tool-error", "dependency-failed", "other done"]);
  assert.equal(outcomes[2]?.status, "skipped");
  assert.equal(
    errorOf(outcomes[2]).message,
    "not executed: it depends on call 2 (fetch), which did not succeed",
  );
});

test("a call depends on those that never ran as well: unknown input, truncated, cancelled (case 64)", async () => {
  const bad: readonly CallRequest[] = [
    { name: "fetch", inputText: "{" },
    { name: "fetch", input: {}, truncated: true },
    { name: "fetch", input: [] },
  ];
  for (const one of bad) {
    const { executor } = chain();
    const outcomes = await executor.run([call("send"), one]);
    assert.equal(outcomes[0]?.status, "skipped");
    assert.match(errorOf(outcomes[0]).message, /depends on call 2 \(fetch\)/);
  }
});

test('`onDependencyFailure: "run"` waits, and then runs all the same', async () => {
  const { stage, executor } = chain();
  const running = executor.run([call("log"), call("fetch"), call("send")]);
  await stage.settle();
  await stage.fail("fetch");
  assert.deepEqual(stage.started, ["fetch", "log"]);
  await stage.finish("log");
  assert.deepEqual(brief(await running), ["log done", "tool-error", "dependency-failed"]);
});

test("G2: a write behind a failed write of the same resource is skipped, a read behind it runs", async () => {
  const stage = new Stage();
  const running = stage
    .executor()
    .run([
      touch("write a", { writes: ["a"] }),
      touch("write a/b", { writes: ["a/b"] }),
      touch("read a", { reads: ["a"] }),
      touch("write b", { writes: ["b"] }),
      touch("read a, write c", { reads: ["a"], writes: ["c"] }),
      touch("write all", { writes: [""] }),
    ]);
  await stage.settle();
  await stage.fail("write a");
  for (const label of ["read a", "write b", "read a, write c"]) await stage.finish(label);
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), [
    "tool-error",
    "dependency-failed",
    "read a done",
    "write b done",
    "read a, write c done",
    "dependency-failed",
  ]);
  assert.match(errorOf(outcomes[1]).message, /depends on call 1 \(touch\)/);
});

test("a failed write before it in time, but not in order, does not skip a write", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  const first = executor.run([touch("other batch", { writes: ["a"] })]);
  const second = executor.run([touch("write", { writes: ["a"] })]);
  await stage.settle();
  await stage.fail("other batch");
  assert.deepEqual(stage.started, ["other batch", "write"]);
  await stage.finish("write");
  await Promise.all([first, second]);
});

test("a write behind one that was skipped is skipped, and so on down the line", async () => {
  const stage = new Stage();
  const running = stage.executor().run(["1", "2", "3"].map((label) => touch(label, { writes: ["a"] })));
  await stage.settle();
  await stage.fail("1");
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["tool-error", "dependency-failed", "dependency-failed"]);
  assert.deepEqual(
    outcomes.slice(1).map((outcome) => errorOf(outcome).message.match(/call \d/)?.[0]),
    ["call 1", "call 1"],
  );
});

test('`onDependencyFailure: "run"` lets a write run behind a failed write', async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { onDependencyFailure: "run" })];
  const running = stage.executor({ tools }).run(["1", "2"].map((label) => touch(label, { writes: ["a"] })));
  await stage.settle();
  await stage.fail("1");
  await stage.finish("2");
  assert.deepEqual(brief(await running), ["tool-error", "2 done"]);
});

test("G3: serial order is the model's, moved only by `after`: writes keep it", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("late", { after: ["touch"] })];
  const running = stage
    .executor({ tools })
    .run([
      { name: "late", input: { as: "late 1", writes: ["a"] } },
      touch("1", { writes: ["a"] }),
      { name: "late", input: { as: "late 2", writes: ["a"] } },
      touch("2", { writes: ["a"] }),
    ]);
  await stage.settle();
  for (const label of ["1", "2", "late 1", "late 2"]) {
    assert.equal(stage.started.at(-1), label);
    await stage.finish(label);
  }
  assert.deepEqual(brief(await running), ["late 1 done", "1 done", "late 2 done", "2 done"]);
});

test("G2: of writes that commute and writes that do not, the later is skipped behind a failed one", async () => {
  const stage = new Stage();
  const effects = ({ writes, commutes }: { writes?: string[]; commutes?: string[] }) => ({
    writes,
    commutes,
  });
  const executor = stage.executor({ tools: [stage.tool("touch", { effects: effects as never })] });
  const kinds = ["writes", "commutes"] as const;
  for (const [i, kind] of kinds.entries()) {
    const [one, other] = [`first ${i}`, `second ${i}`];
    const running = executor.run([
      touch(one, { [kind]: ["x"] }),
      touch(other, { [kinds[1 - i] as string]: ["x"] }),
    ]);
    await stage.settle();
    await stage.fail(one);
    const [, second] = await Promise.race([running, Promise.resolve([])]);
    assert.equal(second?.status, "skipped");
  }
});
