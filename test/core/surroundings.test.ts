import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import type { Executor } from "../../src/index.ts";
import type { Beginning, StartingAttempt, Surroundings } from "../../src/core/surroundings.ts";
import { calls, Stage, touch } from "../support/stage.ts";

/** What surroundings were told. */
function watch(executor: Executor, around: Surroundings["around"] = (_attempts, start) => start()) {
  const begun: Beginning[] = [];
  const started: string[] = [];
  const stop = executor.events.surround({
    began: (event) => begun.push(event),
    around: (attempts: readonly StartingAttempt[], start) => {
      started.push(attempts.map(({ key, number }) => `${key}#${number}`).join(" "));
      around(attempts, start);
    },
  });
  return { begun, started, stop };
}

test("surroundings hear of what begins at once, and go around each attempt, until they are taken off", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  const { begun, started, stop } = watch(executor);
  const batch = executor.open();
  assert.deepEqual(
    begun.map(({ type }) => type),
    ["batch.opened"],
  );
  batch.add(touch("a", { writes: ["x"] }));
  batch.add(touch("b", { writes: ["x"] }));
  assert.deepEqual(
    begun.map(({ type }) => type),
    ["batch.opened", "call.queued", "call.queued"],
  );
  const outcomes = batch.close();
  await stage.settle();
  assert.deepEqual(started, ["b1.1#1"]);
  await stage.finish("a");
  assert.deepEqual(started, ["b1.1#1", "b1.2#1"]);
  await stage.finish("b");
  await outcomes;
  stop();
  const later = executor.run([touch("c")]);
  await stage.settle();
  await stage.finish("c");
  await later;
  assert.deepEqual([begun.length, started.length], [3, 2]);
});

test("a tool runs in the context in which surroundings start it", async () => {
  const stage = new Stage();
  const context = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const tool = stage.tool("touch", {
    execute: async () => {
      await stage.clock.sleep(5);
      seen.push(context.getStore());
    },
  });
  const executor = stage.executor({ tools: [tool] });
  watch(executor, ([first], start) => context.run(first?.key ?? "", start));
  const outcomes = executor.run(calls(3));
  await stage.clock.runAll();
  await outcomes;
  assert.deepEqual(new Set(seen), new Set(["b1.1", "b1.2", "b1.3"]));
});

test("calls that run together are started together", async () => {
  const stage = new Stage();
  const gather = { maxSize: 10, execute: (inputs: readonly unknown[]) => inputs.map(() => "done") };
  const tool = stage.tool("touch", { execute: undefined, gather } as never);
  const executor = stage.executor({ tools: [tool] });
  const { started } = watch(executor);
  await executor.run(calls(3));
  assert.deepEqual(started, ["b1.1#1 b1.2#1 b1.3#1"]);
});

test("an attempt starts once, whatever the code around it does", async () => {
  const arounds: Surroundings["around"][] = [
    () => {},
    (_attempts, start) => {
      start();
      start();
    },
    () => {
      throw new Error("no");
    },
    (_attempts, start) => {
      start();
      throw new Error("no");
    },
  ];
  for (const around of arounds) {
    const stage = new Stage();
    const executor = stage.executor();
    watch(executor, around);
    watch(executor);
    const outcomes = executor.run([touch("a")]);
    await stage.settle();
    assert.deepEqual(stage.started, ["a"]);
    stage.finishAll();
    assert.equal((await outcomes)[0]?.status, "ok");
  }
});

test("a tool is told the traceparent of its attempt, if there is one", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  const none = { began: () => {}, around: (_attempts: unknown, start: () => void) => start() };
  executor.events.surround(none);
  executor.events.surround({
    ...none,
    traceparent: () => {
      throw new Error("no");
    },
  });
  executor.events.surround({ ...none, traceparent: (call, attempt) => `${call}-${attempt}` });
  const outcomes = executor.run([touch("a")]);
  await stage.settle();
  assert.equal(stage.visit("a").context.traceparent, "b1.1-1");
  stage.finishAll();
  await outcomes;
  assert.equal(stage.visit("a").context.traceparent, "b1.1-1");
});

test("a batch inside a call says in which attempt it runs", async () => {
  const stage = new Stage();
  const outer = stage.tool("outer", { execute: (_input, { run }) => run([touch("inner")]) });
  const executor = stage.executor({ tools: [outer, stage.tool("touch")] });
  const { begun } = watch(executor);
  const outcomes = executor.run([{ name: "outer", input: {} }]);
  await stage.settle();
  await stage.finish("inner");
  await outcomes;
  const inside = begun.find((event) => event.type === "batch.opened" && event.parent !== undefined);
  assert.deepEqual(inside, { type: "batch.opened", at: 0, batch: "b2", parent: "b1.1", attempt: 1 });
});

test("what cannot go around is refused", () => {
  const { events } = new Stage().executor();
  assert.throws(() => events.surround({ began: () => {} } as never), {
    name: "TypeError",
    message: "`surroundings.around` must be a function, got undefined",
  });
});
