import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { brief, Stage, touch } from "../support/stage.ts";

const ENDS: Readonly<Record<string, (stage: Stage, user: AbortController) => unknown>> = {
  success: (stage) => stage.finish("call"),
  error: (stage) => stage.fail("call"),
  abort: (_, user) => user.abort(),
  timeout: (stage) => stage.clock.advance(20),
};

for (const [how, end] of Object.entries(ENDS)) {
  test(`a disposer runs exactly once after ${how}, and before the batch settles (case 86)`, async () => {
    const stage = new Stage();
    const user = new AbortController();
    const log: string[] = [];
    const running = stage
      .executor({ timeoutMs: 20, graceMs: 5 })
      .run([touch("call", { obeys: true }), { name: "nobody" }], { signal: user.signal });
    const noted = running.then(() => log.push("settled"));
    await stage.settle();
    stage.visit("call").context.defer(() => log.push("disposed"));
    assert.deepEqual(log, []);
    await end(stage, user);
    await stage.settle();
    await noted;
    await stage.clock.runAll();
    assert.deepEqual(log, ["disposed", "settled"]);
  });
}

test("a disposer of a call that is given up on runs once, at `graceMs`, not again when it stops (case 86)", async () => {
  const stage = new Stage();
  const log: number[] = [];
  const running = stage.executor({ timeoutMs: 20, graceMs: 5 }).run([touch("deaf")]);
  await stage.settle();
  stage.visit("deaf").context.defer(() => log.push(stage.clock.now()));
  await stage.clock.advance(24);
  assert.deepEqual(log, []);
  await stage.clock.advance(1);
  assert.deepEqual(brief(await running), ["timeout"]);
  assert.deepEqual(log, [25]);
  await stage.finish("deaf");
  assert.deepEqual(log, [25]);
});

test("a disposer that comes after the end runs at once", async () => {
  const stage = new Stage();
  const log: string[] = [];
  const running = stage.executor({ timeoutMs: 20, graceMs: 5 }).run([touch("deaf"), touch("done")]);
  await stage.settle();
  await stage.finish("done");
  stage.visit("done").context.defer(() => log.push("of one that is done"));
  await stage.clock.advance(25);
  stage.visit("deaf").context.defer(() => log.push("of one that is abandoned"));
  stage.visit("deaf").context.defer(() => Promise.reject(new Error("unheard")));
  assert.deepEqual(log, ["of one that is done", "of one that is abandoned"]);
  await running;
});

test("disposers run last in, first out, each after the one before is done", async () => {
  const stage = new Stage();
  const log: string[] = [];
  const running = stage.executor().run([touch("call")]);
  await stage.settle();
  const { context } = stage.visit("call");
  context.defer(() => log.push("connection"));
  context.defer(async () => {
    log.push("transaction: rolling back");
    await setImmediate();
    log.push("transaction: rolled back");
    context.defer(() => log.push("added by a disposer"));
  });
  context.defer(() => log.push("cursor"));
  await stage.finish("call");
  await running;
  assert.deepEqual(log, [
    "cursor",
    "transaction: rolling back",
    "transaction: rolled back",
    "added by a disposer",
    "connection",
  ]);
});

test("G3: an attempt ends after its disposers: until then it keeps its slot and its locks", async () => {
  const stage = new Stage();
  const running = stage
    .executor()
    .run([touch("first", { writes: ["a"] }), touch("second", { writes: ["a"] })]);
  await stage.settle();
  stage.visit("first").context.defer(() => stage.clock.sleep(10));
  await stage.finish("first");
  await stage.clock.advance(9);
  assert.deepEqual(stage.started, ["first"]);
  await stage.clock.advance(1);
  assert.deepEqual(stage.started, ["first", "second"]);
  await stage.finish("second");
  assert.deepEqual(brief(await running), ["first done", "second done"]);
});

test("G2: a disposer that throws or rejects stops none of the others, and its call keeps its outcome (case 18)", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const stage = new Stage();
  const log: string[] = [];
  const running = stage.executor().run([touch("call"), touch("sibling")]);
  await stage.settle();
  const { context } = stage.visit("call");
  context.defer(() => log.push("last"));
  context.defer(() => {
    throw new Error("no");
  });
  context.defer(() => Promise.reject(new Error("neither")));
  context.defer("no function" as never);
  await stage.finish("call");
  await stage.finish("sibling");
  await stage.settle();
  process.off("unhandledRejection", note);
  assert.deepEqual(brief(await running), ["call done", "sibling done"]);
  assert.deepEqual(log, ["last"]);
  assert.deepEqual(unhandled, []);
});

test("G6: a disposer that hangs is given up on like the tool itself", async () => {
  const stage = new Stage();
  const executor = stage.executor({ timeoutMs: 20, graceMs: 5 });
  const running = executor.run([touch("call")]);
  await stage.settle();
  stage.visit("call").context.defer(() => new Promise(() => {}));
  await stage.finish("call");
  await stage.clock.advance(25);
  assert.deepEqual(brief(await running), ["timeout"]);
  assert.equal(executor.stats.abandoned, 1);
});

test("`context.defer` and the others may be taken out of the context", async () => {
  const stage = new Stage();
  const log: unknown[] = [];
  const tool = stage.tool("apart", {
    effects: "none",
    execute: async (_, context) => {
      const { defer, progress, run } = context as {
        [K in keyof typeof context]: (typeof context)[K] & object;
      };
      defer(() => log.push("disposed"));
      progress("half");
      log.push(brief(await run([{ name: "nobody" }])));
    },
  });
  await stage.executor({ tools: [tool] }).run([{ name: "apart" }]);
  assert.deepEqual(log, [["unknown-tool"], "disposed"]);
});

test("G4: calls that a disposer runs, and does not wait for, do not outlive the call", async () => {
  const stage = new Stage();
  const outer = stage.tool("outer", {
    effects: "none",
    execute: (_, context) => context.defer(() => void context.run([touch("inside", { obeys: true })])),
  });
  const executor = stage.executor({ tools: [outer, stage.tool("touch")] });
  const running = executor.run([{ name: "outer" }]);
  await stage.settle();
  assert.equal((await running)[0]?.status, "ok");
  assert.deepEqual(stage.started, ["inside"]);
  assert.equal(stage.visit("inside").context.signal.aborted, true);
  assert.deepEqual([executor.stats.running, executor.stats.batches], [0, 0]);
});
