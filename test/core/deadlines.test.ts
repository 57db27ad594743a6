import assert from "node:assert/strict";
import { test } from "node:test";
import { deferred } from "../../src/testing/deferred.ts";
import { brief, errorOf, schemaOf, Stage, touch } from "../support/stage.ts";

function hasty(stage: Stage, timeoutMs = 10) {
  return stage.tool("hasty", { timeoutMs });
}

test("G1, G6: a batch with a call that never ends settles at deadline plus grace, in order (case 19)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ deadlineMs: 100, graceMs: 10, concurrency: 3 });
  let settledAt: number | undefined;
  const running = executor.run([
    touch("quick"),
    touch("deaf", { writes: ["a"] }),
    touch("also quick"),
    touch("behind", { writes: ["a"] }),
    { name: "nobody" },
  ]);
  const noted = running.then(() => (settledAt = stage.clock.now()));
  await stage.clock.advance(50);
  await stage.finish("also quick");
  await stage.finish("quick");
  await stage.clock.runAll();
  await noted;
  assert.equal(settledAt, 110);
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["quick done", "timeout", "also quick done", "blocked", "unknown-tool"]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["ok", "timed-out", "ok", "timed-out", "failed"],
  );
});

test("an attempt has `timeoutMs`, counted from its start and not from its arrival", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [hasty(stage)], concurrency: 1 });
  const running = executor.run(["1", "2"].map((as) => ({ name: "hasty", input: { as, obeys: true } })));
  await stage.clock.advance(9);
  await stage.finish("1");
  await stage.clock.advance(9);
  await stage.finish("2");
  assert.deepEqual(brief(await running), ["1 done", "2 done"]);
});

test("a timeout names the tool and the time, and stops that call alone", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [hasty(stage), stage.tool("touch")] });
  const running = executor.run([touch("slow"), { name: "hasty", input: { as: "hasty", obeys: true } }]);
  await stage.clock.advance(10);
  assert.deepEqual(stage.heard("call.settled"), ["hasty"]);
  await stage.finish("slow");
  const [slow, late] = await running;
  assert.equal(slow?.output, "slow done");
  assert.equal(errorOf(late).message, "hasty took more than 10 ms; it was stopped while it ran");
  assert.equal(errorOf(late).retryable, true);
});

test("the executor's `timeoutMs` is for tools that do not say, and a minute by default", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("patient", { timeoutMs: Infinity })];
  const running = stage
    .executor({ tools })
    .run([touch("default", { obeys: true }), { name: "patient", input: { as: "patient" } }]);
  await stage.clock.advance(59_999);
  assert.deepEqual(stage.heard("call.settled"), []);
  await stage.clock.advance(1);
  assert.deepEqual(stage.heard("call.settled"), ["default"]);
  await stage.clock.advance(10 ** 9);
  await stage.finish("patient");
  assert.deepEqual(brief(await running), ["timeout", "patient done"]);
});

test("progress does not extend any deadline (case 24)", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ tools: [hasty(stage)] })
    .run([{ name: "hasty", input: { as: "busy", obeys: true } }]);
  await stage.settle();
  for (let i = 1; i < 10; i++) {
    await stage.clock.advance(1);
    stage.visit("busy").context.progress({ done: i });
  }
  await stage.clock.advance(1);
  assert.deepEqual(brief(await running), ["timeout"]);
  assert.equal(stage.events.filter(({ type }) => type === "call.progress").length, 9);
});

test("a call's `deadlineMs` counts its waiting, and one that never started says what it stood behind", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("urgent", { deadlineMs: 30 })];
  const running = stage
    .executor({ tools })
    .run([
      touch("holder", { writes: ["customer/7"] }),
      { name: "urgent", input: { as: "urgent", reads: ["customer/7"] } },
    ]);
  await stage.clock.advance(30);
  await stage.finish("holder");
  const [, urgent] = await running;
  const { code, message, retryable, mayHaveTakenEffect } = errorOf(urgent);
  assert.deepEqual(
    { code, retryable, mayHaveTakenEffect },
    { code: "blocked", retryable: true, mayHaveTakenEffect: false },
  );
  assert.equal(
    message,
    "urgent was not done within its deadline of 30 ms while it waited for call b1.1, which holds customer/7; it was not executed",
  );
  assert.deepEqual([urgent?.queuedMs, urgent?.attempts], [30, 0]);
});

test("a call that never started says which of the calls before it was not done", async () => {
  const stage = new Stage();
  const urgent = { deadlineMs: 30, effects: "none" } as const;
  const tools = [
    stage.tool("touch"),
    stage.tool("by_reference", urgent),
    stage.tool("by_tool", { ...urgent, after: ["touch"] }),
  ];
  const running = stage
    .executor({ tools, references: true })
    .run([
      touch("slow"),
      touch("quick"),
      { name: "by_reference", input: { as: "a", of: ["$1", "$2"] } },
      { name: "by_tool", input: { as: "b" } },
    ]);
  await stage.finish("quick");
  await stage.clock.advance(30);
  await stage.finish("slow");
  for (const outcome of (await running).slice(2))
    assert.match(errorOf(outcome).message, /while it waited for call b1\.1, which comes first/);
});

test("a call's `deadlineMs` also ends it while it runs", async () => {
  const stage = new Stage();
  const urgent = stage.tool("urgent", { deadlineMs: 30 });
  const running = stage
    .executor({ tools: [urgent], concurrency: 1 })
    .run(["1", "2"].map((as) => ({ name: "urgent", input: { as, obeys: true, writes: [as] } })));
  await stage.clock.advance(20);
  await stage.finish("1");
  await stage.clock.advance(10);
  const [, second] = await running;
  assert.deepEqual([errorOf(second).code, second?.queuedMs, second?.runningMs], ["timeout", 20, 10]);
  assert.equal(errorOf(second).mayHaveTakenEffect, true);
});

test("a call behind an abandoned write is blocked until its own deadline, and says by whom (case 36)", async () => {
  const stage = new Stage();
  const tools = [hasty(stage), stage.tool("urgent", { deadlineMs: 100 })];
  const executor = stage.executor({ tools, graceMs: 5 });
  const running = executor.run([
    { name: "hasty", input: { as: "deaf", writes: ["a"] } },
    { name: "urgent", input: { as: "urgent", reads: ["a"] } },
  ]);
  await stage.clock.advance(100);
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["timeout", "blocked"]);
  assert.match(
    errorOf(outcomes[1]).message,
    /while it waited for call b1\.1, which holds a; it was not executed$/,
  );
  assert.deepEqual(stage.started, ["deaf"]);
});

test("a validator that hangs is given up on like a tool, and holds up the calls behind it no longer", async () => {
  const stage = new Stage();
  const hangs = stage.tool("hangs", {
    timeoutMs: 10,
    input: schemaOf(() => new Promise<never>(() => {})),
  });
  const running = stage
    .executor({ tools: [hangs, stage.tool("touch")] })
    .run([{ name: "hangs" }, touch("behind")]);
  await stage.clock.advance(9);
  assert.deepEqual(stage.started, []);
  await stage.clock.advance(1);
  assert.deepEqual(stage.started, ["behind"]);
  await stage.finish("behind");
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["blocked", "behind done"]);
  assert.match(errorOf(outcomes[0]).message, /^the check of the input of hangs took too long/);
});

test("an output validator that hangs is given up on after timeout and grace", async () => {
  const stage = new Stage();
  const hangs = stage.tool("hangs", {
    timeoutMs: 10,
    execute: () => 1,
    output: schemaOf(() => new Promise<never>(() => {})),
  });
  const running = stage
    .executor({ tools: [hangs, stage.tool("touch")], graceMs: 5 })
    .run([{ name: "hangs" }]);
  await stage.clock.advance(15);
  assert.deepEqual(brief(await running), ["timeout"]);
});

test("an attempt that is given up on while its output is checked has returned, whatever the check says", async () => {
  const stage = new Stage();
  const verdict = deferred<{ issues: { message: string }[] }>();
  const checked = stage.tool("checked", {
    timeoutMs: 10,
    execute: () => 1,
    output: schemaOf(() => verdict.promise),
  });
  const running = stage.executor({ tools: [checked], graceMs: 5 }).run([{ name: "checked" }]);
  await stage.clock.advance(15);
  verdict.resolve({ issues: [{ message: "odd" }] });
  await stage.settle();
  assert.deepEqual(brief(await running), ["timeout"]);
  const stopped = { type: "attempt.stopped", at: 15, call: "b1.1", attempt: 1, returned: true };
  assert.deepEqual(stage.events.at(-1), stopped);
});

test("what a call returns after it was told to stop is not checked", async () => {
  const stage = new Stage();
  const outputs: unknown[] = [];
  const output = schemaOf((value) => {
    outputs.push(value);
    return { value };
  });
  const executor = stage.executor({ tools: [stage.tool("late", { timeoutMs: 10, output })], graceMs: 5 });
  const running = executor.run([{ name: "late", input: { as: "1" } }]);
  await stage.clock.advance(11);
  await stage.finish("1");
  assert.deepEqual(brief(await running), ["timeout"]);
  assert.deepEqual(outputs, []);
});

test("a deadline longer than the platform's timers reach never fires early", async () => {
  const stage = new Stage();
  const running = stage.executor({ timeoutMs: 2 ** 31, deadlineMs: 2 ** 40 }).run([touch("1")]);
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
  await stage.finish("1");
  assert.deepEqual(brief(await running), ["1 done"]);
});
