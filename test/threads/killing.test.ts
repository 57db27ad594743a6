import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { errorOf, brief } from "../support/stage.ts";
import {
  act,
  cell,
  hostOf,
  isolated,
  isolating,
  moduleOf,
  raise,
  raised,
  threadsFor,
} from "../support/threads.ts";

test("G6: an endless loop is killed when its time is over, and the executor goes on (case J84)", async (t) => {
  const executor = isolating(t, { tools: [isolated({ timeoutMs: 300 })], threads: { max: 1 } });
  const [outcome] = await executor.run([act({ ending: "loop" })]);
  assert.equal(outcome?.status, "timed-out");
  const { running, abandoned, batches } = executor.stats;
  assert.deepEqual({ running, abandoned, batches }, { running: 0, abandoned: 0, batches: 0 });
  assert.deepEqual(brief(await executor.run([act({ value: "still here" })])), ["still here"]);
});

test("G6, G2: an endless loop is killed when the user aborts, and no other call's thread is touched", async (t) => {
  const [looping, begun, until] = [cell(), cell(), cell()];
  const user = new AbortController();
  const executor = isolating(t, { threads: { max: 2 } });
  const other = executor.run([act({ begun, until, value: "untouched" })]);
  const mine = executor.run([act({ begun: looping, ending: "loop" })], { signal: user.signal });
  await Promise.all([raised(looping), raised(begun)]);
  user.abort();
  assert.equal((await mine)[0]?.status, "cancelled");
  assert.equal(executor.stats.abandoned, 0);
  raise(until);
  assert.deepEqual(brief(await other), ["untouched"]);
});

test("G3: when a killed call has ended, its thread has stopped", async (t) => {
  const [begun, counter] = [cell(), cell()];
  const user = new AbortController();
  const executor = isolating(t, { tools: [isolated({ effects: "write" })] });
  const mine = executor.run([act({ begun, counter, until: cell() })], { signal: user.signal });
  await raised(begun);
  user.abort();
  const [outcome] = await mine;
  const counted = Atomics.load(counter, 0);
  assert.deepEqual(brief(await executor.run([act({ value: "next" })])), ["next"]);
  assert.equal(Atomics.load(counter, 0), counted);
  // It may have written before.
  assert.equal(errorOf(outcome).mayHaveTakenEffect, true);
});

test("a call is killed with the signal's own reason, before it has its thread as well", async (t) => {
  const threads = threadsFor(t, { max: 1 });
  const user = new AbortController();
  const reason = { why: "enough" };
  const early = threads.act({ ending: "loop" }, user.signal);
  const inLine = threads.act({ value: 1 }, user.signal);
  user.abort(reason);
  const late = threads.act({ value: 1 }, user.signal);
  for (const run of [early, inLine, late]) await assert.rejects(run, (thrown) => thrown === reason);
  assert.equal(await threads.act({ value: "next" }), "next");
});

test("a call in line gets a thread when the one before it is killed", async (t) => {
  const threads = threadsFor(t, { max: 1 });
  const begun = cell();
  const user = new AbortController();
  const first = threads.act({ begun, ending: "loop" }, user.signal);
  const second = threads.act({ value: "second" });
  await raised(begun);
  user.abort();
  await assert.rejects(first);
  assert.equal(await second, "second");
});

test("a thread that ends in the middle of a call fails that call, and the next one has a new thread", async (t) => {
  const executor = isolating(t, { threads: { max: 1 } });
  const [exited, threw] = await executor.run([act({ ending: "exit" }), act({ ending: "throwLater" })]);
  assert.equal(errorOf(exited).message, "the thread ended in the middle of the call, with exit code 3");
  assert.equal(errorOf(threw).message, "thrown outside of the call");
  assert.deepEqual(brief(await executor.run([act({ value: 1 })])), [1]);
});

test("closing kills what runs and what waits, and takes no more", async (t) => {
  const threads = threadsFor(t, { max: 1 });
  const begun = cell();
  const runs = [threads.act({ begun, ending: "loop" }), threads.act({ value: 1 })].map((run) =>
    assert.rejects(run, { message: "the threads have been closed" }),
  );
  await raised(begun);
  await threads.close();
  await Promise.all(runs);
  await assert.rejects(threads.act({ value: 1 }), { message: "the threads have been closed" });
});

test("shutdown kills what runs", async (t) => {
  const executor = isolating(t);
  const begun = cell();
  const running = executor.run([act({ begun, ending: "loop" })]);
  await raised(begun);
  await executor.shutdown();
  assert.equal((await running)[0]?.status, "cancelled");
});

test("G10: a call leaves no listener on its signal, however it ends", async (t) => {
  const threads = threadsFor(t, { max: 1 });
  for (const ending of [undefined, "throwError", "exit", "returnFunction"] as const) {
    const { signal } = new AbortController();
    await threads.run(moduleOf("act.ts").href, { ending }, hostOf(signal)).catch(() => {});
    await turn();
    assert.equal(getEventListeners(signal, "abort").length, 0, ending);
  }
});
