import assert from "node:assert/strict";
import { test } from "node:test";
import { createExecutor, defineTool, type BatchEvent } from "../../src/index.ts";
import { brief } from "../support/stage.ts";
import { act, cell, isolated, isolating, raise, raised, threadsFor } from "../support/threads.ts";

test("other calls make progress while a tool computes in its thread (case J84)", async (t) => {
  const [begun, until] = [cell(), cell()];
  const settled: string[] = [];
  const look = defineTool({
    name: "look",
    description: "Looks.",
    input: { type: "object" },
    effects: "none",
    execute: async () => {
      await raised(begun);
      return "looked";
    },
  });
  const executor = isolating(t, {
    tools: [isolated(), look],
    onEvent: (event) => {
      if (event.type !== "call.settled") return;
      settled.push(event.outcome.call.name);
      // The thread computes until the other call has ended: if it held that up, this test would never end.
      if (event.outcome.call.name === "look") raise(until);
    },
  });
  const outcomes = await executor.run([act({ begun, until, value: 42 }), { name: "look" }]);
  assert.deepEqual(brief(outcomes), [42, "looked"]);
  assert.deepEqual(settled, ["look", "act"]);
});

test("two isolated calls compute at the same time, each in its own thread", async (t) => {
  const [one, two] = [cell(), cell()];
  const executor = isolating(t, { threads: { max: 2 } });
  const outcomes = await executor.run([
    act({ begun: one, until: two, value: 1 }),
    act({ begun: two, until: one, value: 2 }),
  ]);
  assert.deepEqual(brief(outcomes), [1, 2]);
});

test("progress arrives while the thread still computes", async (t) => {
  const until = cell();
  const heard: unknown[] = [];
  const executor = isolating(t, {
    onEvent: (event) => {
      if (event.type !== "call.progress") return;
      heard.push(event.value);
      raise(until);
    },
  });
  assert.deepEqual(brief(await executor.run([act({ progress: { done: 0.5 }, until, value: "end" })])), [
    "end",
  ]);
  assert.deepEqual(heard, [{ done: 0.5 }]);
});

test("G4: no more isolated calls run than there are threads, over all tools; those that wait say for what", async (t) => {
  const [begun, until] = [cell(), cell()];
  const events: BatchEvent[] = [];
  const executor = isolating(t, {
    tools: [isolated(), isolated({ name: "act_too" })],
    threads: { max: 1 },
    onEvent: (event) => events.push(event),
  });
  const running = executor.run([act({ begun, until }), act({}, "act_too")]);
  await raised(begun);
  assert.equal(executor.stats.running, 1);
  raise(until);
  assert.deepEqual(brief(await running), [undefined, undefined]);
  const second = events.filter((event) => event.type === "call.started")[1];
  assert.deepEqual(
    second?.waits?.map((wait) => ({ ...wait, ms: 0 })),
    [{ for: "slot", pool: "threads", ms: 0 }],
  );
});

test("threads take more calls than there are threads, first come first served", async (t) => {
  const until = cell();
  const threads = threadsFor(t, { max: 1 });
  const ended: number[] = [];
  const runs = [0, 1, 2].map(async (value) => ended.push((await threads.act({ until, value })) as number));
  raise(until);
  await Promise.all(runs);
  assert.deepEqual(ended, [0, 1, 2]);
});

test("a thread is used again, unless it has been killed", async (t) => {
  const threads = threadsFor(t, { max: 4 });
  const first = await threads.act({ ending: "nameThread" });
  assert.equal(await threads.act({ ending: "nameThread" }), first);
  await assert.rejects(threads.act({ ending: "exit" }));
  assert.notEqual(await threads.act({ ending: "nameThread" }), first);
});

test("an isolated tool has no function of its own to call", () => {
  const tool = isolated();
  assert.throws(
    () => tool.execute({} as never, {} as never),
    /act is isolated, and this executor has no threads/,
  );
});

test("after shutdown nothing of the threads is left", async () => {
  const executor = createExecutor({ tools: [isolated()] });
  assert.deepEqual(brief(await executor.run([act({ value: 1 }), act({ value: 2 })])), [1, 2]);
  await executor.shutdown();
  const left = process.getActiveResourcesInfo().filter((name) => /worker|port/i.test(name));
  assert.deepEqual(left, []);
});
