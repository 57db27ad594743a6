import assert from "node:assert/strict";
import { test } from "node:test";
import { toolError } from "../../src/index.ts";
import { brief, Stage, touch } from "../support/stage.ts";

const HEDGED = { idempotent: true, hedge: { afterMs: 10 } } as const;

test("a slow attempt is joined by a second one, and what comes first counts", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ tools: [stage.tool("touch", HEDGED)] })
    .run([touch("a", { reads: ["x"] })]);
  await stage.clock.advance(9);
  assert.deepEqual(stage.started, ["a"]);
  await stage.clock.advance(1);
  assert.deepEqual(stage.started, ["a", "a"]);
  await stage.clock.advance(5);
  await stage.finishLast("a", "the second");
  const [outcome] = await running;
  assert.equal(outcome?.output, "the second");
  assert.equal(outcome.attempts, 2);
  assert.equal(outcome.runningMs, 15);
  assert.equal(stage.visit("a").context.signal.aborted, true, "the loser is told to stop");
  await stage.fail("a", new Error("stopped"));
  assert.deepEqual(stage.heard("attempt.stopped"), ["a"]);
  assert.equal(stage.clock.pending, 0);
});

test("a third attempt joins a second that is slow as well, and a fourth does not", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ tools: [stage.tool("touch", HEDGED)] })
    .run([touch("a", { reads: ["x"] })]);
  await stage.clock.advance(19);
  assert.equal(stage.started.length, 2);
  await stage.clock.advance(1);
  assert.equal(stage.started.length, 3);
  await stage.clock.advance(100);
  assert.equal(stage.started.length, 3);
  await stage.finishLast("a");
  assert.equal((await running)[0]?.attempts, 3);
  stage.finishAll();
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
});

test("a fast attempt is not joined, and leaves no timer (G10)", async () => {
  const stage = new Stage();
  const running = stage.executor({ tools: [stage.tool("touch", HEDGED)] }).run([touch("a")]);
  await stage.clock.advance(9);
  await stage.finish("a");
  await running;
  assert.equal(stage.clock.pending, 0);
  await stage.clock.advance(100);
  assert.deepEqual(stage.started, ["a"]);
});

test("G4: the loser holds its slot until it stops or is given up on", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", HEDGED)], concurrency: 2, graceMs: 20 });
  const running = executor.run([touch("a", { reads: ["x"] })]);
  await stage.clock.advance(10);
  await stage.finishLast("a");
  await running;
  assert.equal(executor.stats.running, 1);
  await stage.clock.advance(20);
  assert.deepEqual([executor.stats.running, executor.stats.abandoned], [0, 1]);
  await stage.finish("a");
  assert.equal(executor.stats.abandoned, 0);
});

test("a second attempt waits behind every call that waits for a slot", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", HEDGED)], concurrency: 1 + 1 });
  const running = executor.run([touch("slow"), touch("b"), touch("c")]);
  await stage.clock.advance(10);
  await stage.finish("b");
  assert.deepEqual(stage.started, ["slow", "b", "c"]);
  await stage.finish("c");
  assert.deepEqual(stage.started, ["slow", "b", "c", "slow"]);
  await stage.finishLast("slow");
  await running;
});

test("a second attempt waits behind the calls of other conversations, too", async () => {
  const stage = new Stage();
  const executor = stage.executor({
    tools: [stage.tool("touch", HEDGED), stage.tool("plain")],
    concurrency: 2,
  });
  const plain = (as: string) => ({ name: "plain", input: { as } });
  const slow = executor.run([touch("slow")]);
  const others = executor.run([plain("a1"), plain("a2"), plain("a3")]);
  await stage.clock.advance(10);
  await stage.finish("a1");
  await stage.finish("a2");
  assert.deepEqual(stage.started, ["slow", "a1", "a2", "a3"]);
  await stage.finish("a3");
  assert.deepEqual(stage.started.slice(4), ["slow"]);
  stage.finishAll();
  await Promise.all([slow, others]);
});

test("a call that writes is never joined by a second attempt", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ tools: [stage.tool("touch", HEDGED)] })
    .run([touch("a", { writes: ["x"] })]);
  await stage.clock.advance(100);
  assert.deepEqual(stage.started, ["a"]);
  await stage.finish("a");
  await running;
});

test("when one of two attempts fails the other decides; when both do, the call has failed", async () => {
  for (const second of ["finish", "fail"] as const) {
    const stage = new Stage();
    const running = stage.executor({ tools: [stage.tool("touch", HEDGED)] }).run([touch("a")]);
    await stage.clock.advance(10);
    await stage.fail("a", new Error("the first"));
    if (second === "finish") await stage.finishLast("a");
    else await stage.failLast("a", new Error("the second"));
    const [outcome] = await running;
    assert.equal(outcome?.status, second === "finish" ? "ok" : "failed");
    assert.equal(outcome.attempts, 2);
  }
});

test("G6: an abort stops both attempts", async () => {
  const stage = new Stage();
  const controller = new AbortController();
  const executor = stage.executor({ tools: [stage.tool("touch", HEDGED)] });
  const running = executor.run([touch("a", { obeys: true })], { signal: controller.signal });
  await stage.clock.advance(10);
  assert.equal(executor.stats.running, 2);
  controller.abort();
  assert.deepEqual(brief(await running), ["cancelled"]);
  assert.equal(executor.stats.running, 0);
  assert.equal(stage.clock.pending, 0);
});

test("an attempt that times out while the other runs does not end the call", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { ...HEDGED, timeoutMs: 30 })];
  const running = stage.executor({ tools, graceMs: 5 }).run([touch("a", { reads: ["x"] })]);
  await stage.clock.advance(36);
  assert.deepEqual(stage.heard("attempt.abandoned"), ["a"]);
  await stage.finishLast("a");
  assert.equal((await running)[0]?.status, "ok");
  await stage.finish("a");
  await stage.clock.advance(100);
  assert.equal(stage.clock.pending, 0);
});

test("G3: a write behind two attempts waits for the call, and not for the loser, whose reads nobody sees", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch", HEDGED)] });
  const running = executor.run([touch("a", { reads: ["x"] }), touch("w", { writes: ["x"] })]);
  await stage.clock.advance(10);
  assert.deepEqual(stage.started, ["a", "a"]);
  await stage.finishLast("a");
  assert.deepEqual(stage.started, ["a", "a", "w"]);
  await stage.finish("w");
  await running;
  await stage.finish("a");
});

test("when both attempts have failed a call may be tried again", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { ...HEDGED, retry: true })];
  const running = stage.executor({ tools, random: () => 0.5 }).run([touch("a")]);
  await stage.clock.advance(10);
  const refusal = () => toolError({ message: "busy", cause: { status: 429 } });
  await stage.fail("a", refusal());
  await stage.failLast("a", refusal());
  await stage.clock.advance(200);
  assert.equal(stage.started.length, 3);
  await stage.finishLast("a");
  assert.equal((await running)[0]?.attempts, 3);
});

test("a percentile is learned from the tool's own calls", async () => {
  const stage = new Stage();
  let ms = 10;
  let attempts = 0;
  const tool = stage.tool("learn", {
    idempotent: true,
    hedge: { percentile: 90 },
    execute: async () => {
      attempts++;
      await stage.clock.sleep(ms);
    },
  });
  const executor = stage.executor({ tools: [tool] });
  const call = async () => {
    const running = executor.run([{ name: "learn" }]);
    await stage.clock.runAll();
    await running;
  };
  for (let i = 0; i < 100; i++) await call();
  assert.equal(attempts, 100);
  ms = 1_000;
  await call();
  assert.equal(attempts, 103, "and a third joins the second, as that is slow as well");
});

test("G4: calls inside a call have one attempt at a time, as they run on a slot that is lent", async () => {
  const stage = new Stage();
  const outer = stage.tool("outer", { execute: (_, context) => context.run([touch("in")]), effects: "read" });
  const tools = [outer, stage.tool("touch", { ...HEDGED, effects: "read" })];
  const executor = stage.executor({ tools, concurrency: 2 });
  const running = executor.run([{ name: "outer" }]);
  await stage.clock.advance(100);
  assert.deepEqual(stage.started, ["in"]);
  await stage.finish("in");
  await running;
  assert.equal(executor.stats.running, 0);
});

test("G1: a disposer that stops the batch, when one of two attempts is given up on, stops the other", async () => {
  const stage = new Stage();
  const controller = new AbortController();
  const waits = stage.tool("touch");
  const tool = stage.tool("touch", {
    ...HEDGED,
    timeoutMs: 30,
    execute: (input, context) => {
      context.defer(() => controller.abort());
      return waits.execute(input, context);
    },
  });
  const executor = stage.executor({ tools: [tool], graceMs: 5 });
  const running = executor.run([touch("a", { reads: ["x"] })], { signal: controller.signal });
  await stage.clock.advance(50);
  assert.deepEqual(brief(await running), ["cancelled"]);
  stage.finishAll();
  await stage.settle();
  assert.deepEqual([executor.stats.running, executor.stats.abandoned, stage.clock.pending], [0, 0, 0]);
});

test("a percentile that is meant as a fraction, or that nothing can lie beyond, is a TypeError", () => {
  const stage = new Stage();
  for (const percentile of [0, 0.95, 100, NaN])
    assert.throws(
      () => stage.tool("t", { idempotent: true, hedge: { percentile } }),
      /`hedge.percentile` must be a number from 1 to below 100, such as 95/,
    );
});
