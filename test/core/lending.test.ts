/** The slots of a call that waits for calls inside it: who may run on them, and when it goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toolError, type CallRequest, type ExecutorOptions, type ToolContext } from "../../src/index.ts";
import { SlotGate, Passage } from "../../src/core/gate.ts";
import type { Filed } from "../../src/core/filed-lanes.ts";
import { BorrowingPassage, LentSlot } from "../../src/core/lent-slot.ts";
import { brief, errorOf, Stage, touch } from "../support/stage.ts";

/** A stage with the pools `p` and `q`; the tools `p` and `q` use one each, and make the calls in their input, if any. */
function scene(pools: NonNullable<ExecutorOptions["pools"]>) {
  const stage = new Stage();
  const execute = async (input: { readonly calls?: readonly CallRequest[] }, context: ToolContext) => {
    if (input.calls === undefined) return stage.enter({}, context);
    const outcomes = await context.run(input.calls);
    return brief(outcomes);
  };
  const names = ["touch", ...Object.keys(pools)];
  const tools = names.map((name) =>
    stage.tool(name, { effects: "none", pools: name === "touch" ? [] : [name], execute }),
  );
  return { stage, executor: stage.executor({ tools, pools }) };
}

const inPool = (name: string, as: string, ...calls: readonly CallRequest[]): CallRequest => ({
  name,
  input: { as, ...(calls.length > 0 && { calls }) },
});

test("G5: a call that runs two batches at once goes on as soon as one of them is over", async () => {
  const stage = new Stage();
  const outer = stage.tool("outer", {
    effects: "none",
    execute: async (_, context) => {
      // The long one runs on the slot that is lent.
      const long = context.run([touch("long")]);
      await context.run([touch("short")]);
      await stage.enter({}, context);
      return brief(await long);
    },
  });
  const executor = stage.executor({
    tools: [outer, stage.tool("touch", { effects: "none" })],
    concurrency: 2,
  });
  const running = executor.run([{ name: "outer" }]);
  await stage.settle();
  await stage.finish("short");
  assert.deepEqual(stage.started, ["long", "short", "outer"]);
  await stage.finish("outer");
  await stage.finish("long");
  assert.deepEqual(brief(await running), [["long done"]]);
});

test("G6: a call that is told to stop waits for nobody who runs on its slot, which goes back when that has stopped", async () => {
  const { stage, executor } = scene({ p: { concurrency: 1 } });
  const user = new AbortController();
  const lending = executor.run([inPool("p", "lends", touch("inside"))], { signal: user.signal });
  const borrowing = executor.run([inPool("touch", "borrows", inPool("p", "guest"))]);
  await stage.settle();
  assert.deepEqual(stage.started, ["inside", "guest"]);
  await stage.finish("inside");
  user.abort();
  await stage.settle();
  assert.deepEqual(brief(await lending), ["cancelled"]);
  assert.equal(executor.stats.pools["p"]?.running, 1);
  const next = executor.run([inPool("p", "next")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["inside", "guest"]);
  await stage.finish("guest");
  assert.deepEqual(stage.started, ["inside", "guest", "next"]);
  await stage.finish("next");
  await Promise.all([borrowing, next]);
  assert.equal(executor.stats.pools["p"]?.running, 0);
});

test("a call inside another takes a slot that is free rather than one that is lent", async () => {
  const { stage, executor } = scene({ p: { concurrency: 2 } });
  const lending = executor.run([inPool("p", "lends", touch("inside"))]);
  const other = executor.run([inPool("touch", "other", inPool("p", "guest"))]);
  await stage.settle();
  await stage.finish("inside");
  assert.deepEqual(brief(await lending), [["inside done"]]);
  await stage.finish("guest");
  await other;
});

test("no call borrows a slot while a holder runs, which will give its own back", async () => {
  const { stage, executor } = scene({ p: { concurrency: 2 } });
  const lending = executor.run([inPool("p", "lends", touch("inside")), inPool("p", "runs")]);
  await stage.settle();
  const other = executor.run([inPool("touch", "other", inPool("p", "guest"))]);
  await stage.settle();
  assert.deepEqual(stage.started, ["runs", "inside"]);
  await stage.finish("runs");
  assert.equal(stage.started.at(-1), "guest");
  await stage.finish("inside");
  await stage.finish("guest");
  await Promise.all([lending, other]);
});

test("no call that stands in no other borrows a slot", async () => {
  const { stage, executor } = scene({ p: { concurrency: 1 } });
  const running = executor.run([inPool("p", "lends", touch("inside")), inPool("p", "next")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["inside"]);
  await stage.finish("inside");
  await stage.finish("next");
  await running;
});

test("a place in time is not lent: each call inside needs one of its own", async () => {
  const { stage, executor } = scene({ p: { rate: { count: 1, perMs: 100 } } });
  const running = executor.run([inPool("p", "outer", inPool("p", "inside"))]);
  await stage.settle();
  assert.deepEqual(stage.started, []);
  await stage.clock.advance(100);
  assert.deepEqual(stage.started, ["inside"]);
  await stage.finish("inside");
  await running;
});

test("G7: a call that says that nothing happened does not speak for the calls inside it", async () => {
  const stage = new Stage();
  const outer = stage.tool("outer", {
    effects: "write",
    execute: async ({ runs }: { readonly runs: boolean }, context) => {
      if (runs) await context.run([{ name: "inner" }]);
      throw toolError({ message: "refused", nothingHappened: true });
    },
  });
  const inner = stage.tool("inner", { effects: "write", execute: () => "written" });
  const executor = stage.executor({ tools: [outer, inner] });
  for (const runs of [true, false]) {
    const [outcome] = await executor.run([{ name: "outer", input: { runs } }]);
    assert.equal(errorOf(outcome).mayHaveTakenEffect, runs);
  }
});

/** A gate whose limit the test changes, and two of its slots, taken and lent. */
function lentGate() {
  const limit = { slots: 2 };
  const steps: string[] = [];
  const wakeList = { push: (lanes: { wake(): void }) => lanes.wake() };
  const gate = new SlotGate("p", limit, wakeList);
  const passage = new Passage(gate);
  const lent = [1, 2].map(() => {
    const facts = { slot: passage.take(), capacity: passage, loans: gate.loans, wakeList };
    return new LentSlot({ ...facts, onFree: () => {} });
  });
  const borrower = new BorrowingPassage(new Passage(gate), gate.loans);
  const filed = (name: string): Filed => ({
    lane: { seq: 0, urgency: 0, spare: false, step: () => steps.push(name) },
    capacity: borrower,
    at: 0,
  });
  return { limit, steps, gate, passage, lent, borrower, filed };
}

test("G5: where a limit has shrunk, the end of the last holder that ran wakes those who may borrow", () => {
  const { limit, steps, lent, borrower, filed, passage } = lentGate();
  limit.slots = 1;
  lent[0]?.lend();
  borrower.file(filed("borrower"));
  assert.deepEqual(steps, []);
  passage.give();
  assert.deepEqual(steps, ["borrower"]);
});

test("G10: a lane that nobody waits in is filed neither with a gate nor with the slots that it may borrow", () => {
  const { steps, lent, borrower, filed, gate } = lentGate();
  const some = filed("gone");
  borrower.file(some);
  borrower.unfile(some);
  const [first, second] = lent as [LentSlot, LentSlot];
  first.take();
  first.file(some);
  first.unfile(some);
  first.give();
  first.lend();
  second.lend();
  first.end();
  assert.equal(gate.taken, 1);
  assert.deepEqual(steps, []);
});
