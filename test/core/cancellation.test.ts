import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { Cancellation } from "../../src/index.ts";
import { brief, errorOf, schemaOf, Stage, touch } from "../support/stage.ts";

test("G6, G7: an abort in mid-batch: finished keeps its result, running is cancelled, queued is not executed (case 22)", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const running = stage
    .executor({ concurrency: 3 })
    .run(
      [
        touch("done"),
        touch("reading", { reads: ["r"], obeys: true }),
        touch("writing", { writes: ["w"], obeys: true }),
        touch("next", { obeys: true }),
        touch("queued"),
        touch("behind", { writes: ["w"] }),
        { name: "nobody" },
      ],
      { signal: user.signal },
    );
  await stage.settle();
  await stage.finish("done");
  assert.deepEqual(stage.started.sort(), ["done", "next", "reading", "writing"]);
  user.abort("enough");
  await stage.settle();
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), [
    "done done",
    "cancelled",
    "cancelled",
    "cancelled",
    "cancelled",
    "cancelled",
    "unknown-tool",
  ]);
  assert.deepEqual(
    outcomes.slice(1, 6).map((outcome) => [outcome.attempts, errorOf(outcome).mayHaveTakenEffect]),
    [
      [1, false],
      [1, true],
      [1, false],
      [0, false],
      [0, false],
    ],
  );
  assert.match(errorOf(outcomes[1]).message, /^cancelled by the user; it was stopped while it ran$/);
  assert.match(errorOf(outcomes[2]).message, /while it ran and may have taken effect$/);
  assert.match(errorOf(outcomes[4]).message, /it was not executed$/);
  const { cause } = errorOf(outcomes[2]);
  assert.ok(cause instanceof Cancellation);
  assert.deepEqual([cause.by, cause.cause], ["user", "enough"]);
});

test("G6: a queued call settles at once when its signal aborts, a running one gets its signal at once", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const running = stage
    .executor({ concurrency: 1, graceMs: 30 })
    .run([touch("deaf"), touch("queued")], { signal: user.signal });
  await stage.settle();
  const { signal } = stage.visit("deaf").context;
  user.abort();
  assert.equal(signal.aborted, true);
  await stage.settle();
  assert.deepEqual(stage.heard("call.settled"), ["queued"]);
  await stage.clock.advance(30);
  assert.deepEqual(stage.heard("call.settled"), ["queued", "deaf"]);
  assert.deepEqual(brief(await running), ["cancelled", "cancelled"]);
});

test("G6: a batch that is aborted waits for its running calls, and nothing happens after it has settled (case 17)", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const effects: string[] = [];
  const tidy = stage.tool("tidy", {
    effects: "write",
    execute: async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await stage.clock.sleep(20);
      effects.push("rolled back");
      throw signal.reason;
    },
  });
  let settled = false;
  const running = stage
    .executor({ tools: [tidy], graceMs: 50 })
    .run([{ name: "tidy" }], { signal: user.signal });
  const noted = running.then(() => (settled = true));
  await stage.settle();
  user.abort();
  await stage.clock.advance(19);
  assert.deepEqual([settled, effects], [false, []]);
  await stage.clock.advance(1);
  await noted;
  assert.deepEqual(effects, ["rolled back"]);
  await stage.clock.runAll();
  assert.deepEqual(effects, ["rolled back"]);
});

test("G6: one that ignores its signal is given up on after `graceMs`, and that is reported (case 17)", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const executor = stage.executor({ graceMs: 40 });
  const running = executor.run([touch("deaf"), touch("quick", { obeys: true })], { signal: user.signal });
  await stage.settle();
  user.abort();
  await stage.clock.advance(39);
  assert.deepEqual(stage.heard("attempt.abandoned"), []);
  await stage.clock.advance(1);
  assert.deepEqual(stage.heard("attempt.abandoned"), ["deaf"]);
  assert.deepEqual(brief(await running), ["cancelled", "cancelled"]);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 1, batches: 0, pools: {} });
});

test("a result that comes after its call was given up on is discarded, and an event says so (case 20)", async () => {
  for (const late of ["finish", "fail"] as const) {
    const stage = new Stage();
    const user = new AbortController();
    const executor = stage.executor({ graceMs: 5 });
    const running = executor.run([touch("late")], { signal: user.signal });
    await stage.settle();
    user.abort();
    await stage.clock.advance(5);
    const outcomes = await running;
    const before = structuredClone(brief(outcomes));
    await stage[late]("late");
    assert.deepEqual(brief(outcomes), before);
    assert.deepEqual(stage.heard("call.settled"), ["late"]);
    const stopped = stage.events.at(-1);
    assert.deepEqual(stopped, {
      type: "attempt.stopped",
      at: 5,
      call: "b1.1",
      attempt: 1,
      returned: late === "finish",
    });
    assert.equal(executor.stats.abandoned, 0);
  }
});

test("G6: a tool that finishes in spite of its signal is still answered as cancelled", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const running = stage.executor().run([touch("stubborn", { writes: ["a"] })], { signal: user.signal });
  await stage.settle();
  user.abort();
  await stage.finish("stubborn");
  const [outcome] = await running;
  assert.equal(outcome?.status, "cancelled");
  assert.equal(errorOf(outcome).mayHaveTakenEffect, true);
});

test("G6: a signal that has aborted before starts nothing (case 23)", async () => {
  const stage = new Stage();
  const signal = AbortSignal.abort(new Error("too late"));
  const outcomes = await stage
    .executor()
    .run([touch("1"), { name: "nobody" }, touch("2", { writes: ["a"] })], { signal });
  assert.deepEqual(brief(outcomes), ["cancelled", "cancelled", "cancelled"]);
  assert.deepEqual(stage.started, []);
  const batch = stage.executor().open({ signal });
  batch.add(touch("3"));
  assert.deepEqual(brief(await batch.close()), ["cancelled"]);
  assert.deepEqual(stage.started, []);
});

test("G6: an abort while calls are held, checked, locked out and waiting for slots settles each (case 23)", async () => {
  const stage = new Stage();
  const slow = stage.tool("slow", {
    input: schemaOf(() => new Promise<never>(() => {})),
  });
  const executor = stage.executor({ tools: [slow, stage.tool("touch")], concurrency: 2 });
  const others = executor.run([touch("holds a", { writes: ["a"] }), touch("holds b", { writes: ["b"] })]);
  const user = new AbortController();
  const batch = executor.open({ signal: user.signal });
  batch.add(touch("waits for a lock", { reads: ["a"] }));
  batch.add(touch("waits for a slot"));
  batch.add(touch("is held", { writes: ["c"] }));
  batch.add({ name: "slow", input: { as: "is checked" } });
  batch.add(touch("is behind the check"));
  await stage.settle();
  user.abort();
  await stage.settle();
  assert.deepEqual(stage.heard("call.settled"), [
    "waits for a lock",
    "waits for a slot",
    "is held",
    "is checked",
    "is behind the check",
  ]);
  batch.add(touch("comes later"));
  const outcomes = await batch.close();
  assert.deepEqual(
    brief(outcomes),
    Array.from({ length: 6 }, () => "cancelled"),
  );
  assert.ok(outcomes.every(({ attempts }) => attempts === 0));
  assert.deepEqual(stage.started, ["holds a", "holds b"]);
  for (const label of stage.started) await stage.finish(label);
  await others;
});

test("G6: a second abort changes nothing: the first cause stays (case 23)", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const executor = stage.executor({ graceMs: 10 });
  const running = executor.run([touch("deaf")], { signal: user.signal, deadlineMs: 5 });
  await stage.clock.advance(2);
  user.abort("first");
  user.abort("second");
  const down = executor.shutdown();
  await stage.clock.advance(10);
  const [outcome] = await running;
  await down;
  const { cause } = errorOf(outcome);
  assert.deepEqual([(cause as Cancellation).by, (cause as Cancellation).cause], ["user", "first"]);
  assert.equal(stage.clock.now(), 12);
});

test("G6: the cause survives to the outcome and to the tool's own signal", async () => {
  const causes = {
    user: (stop: { user: AbortController }) => stop.user.abort(),
    timeout: ({ stage }: { stage: Stage }) => stage.clock.advance(100),
    shutdown: ({ executor }: { executor: { shutdown(): Promise<void> } }) => executor.shutdown(),
    "sibling-failed": ({ stage }: { stage: Stage }) => stage.fail("sibling"),
  };
  for (const [by, stop] of Object.entries(causes)) {
    const stage = new Stage();
    const user = new AbortController();
    const executor = stage.executor({ onFailure: "cancel-siblings", deadlineMs: 100 });
    const running = executor.run([touch("obedient", { obeys: true }), touch("sibling", { obeys: true })], {
      signal: user.signal,
    });
    await stage.settle();
    await stop({ stage, user, executor });
    const [outcome] = await running;
    const { signal } = stage.visit("obedient").context;
    assert.equal((signal.reason as Cancellation).by, by);
    assert.equal(errorOf(outcome).cause, signal.reason);
    assert.equal((signal.reason as Error).name, by === "timeout" ? "TimeoutError" : "AbortError");
  }
});

test("G6: shutdown cancels every batch, takes no more, and resolves when all have settled", async () => {
  const stage = new Stage();
  const executor = stage.executor({ graceMs: 10 });
  const one = executor.run([touch("obedient", { obeys: true })]);
  const two = executor.run([touch("deaf")]);
  const open = executor.open();
  open.add(touch("held", { writes: ["a"] }));
  await stage.settle();
  let down = false;
  const noted = executor.shutdown().then(() => (down = true));
  await stage.clock.advance(9);
  assert.equal(down, false);
  await stage.clock.advance(1);
  await noted;
  assert.deepEqual(brief([...(await one), ...(await two), ...(await open.close())]), [
    "cancelled",
    "cancelled",
    "cancelled",
  ]);
  assert.throws(() => executor.open(), { name: "TuttiError", code: "executor-shut-down" });
  await assert.rejects(executor.run([touch("1")]), { name: "TuttiError", code: "executor-shut-down" });
});

test("G10: a batch that has settled listens no longer, however it ended", async () => {
  for (const how of ["finish", "fail", "abort"] as const) {
    const stage = new Stage();
    const user = new AbortController();
    const running = stage.executor().run([touch("1", { obeys: true })], { signal: user.signal });
    await stage.settle();
    assert.equal(getEventListeners(user.signal, "abort").length, 1);
    if (how === "abort") user.abort();
    else await stage[how]("1");
    await running;
    assert.equal(getEventListeners(user.signal, "abort").length, 0, how);
    assert.equal(stage.clock.pending, 0, how);
  }
});
