import assert from "node:assert/strict";
import { test } from "node:test";
import type { BatchEvent } from "../../src/index.ts";
import { brief, Stage, touch } from "../support/stage.ts";

function sequence(events: readonly BatchEvent[]): string[] {
  return events.map((event) => {
    if (!("call" in event)) return event.type;
    const key = typeof event.call === "string" ? event.call : event.call.key;
    return `${event.type} ${key}`;
  });
}

test("events come in the order in which things happen, stamped with the time", async () => {
  const stage = new Stage();
  const running = stage
    .executor()
    .run([touch("1", { writes: ["a"] }), { name: "nobody" }, touch("2", { writes: ["a"] })]);
  await stage.clock.advance(5);
  stage.visit("1").context.progress("half");
  await stage.finish("1");
  await stage.clock.advance(2);
  await stage.fail("2");
  await running;
  assert.deepEqual(sequence(stage.events), [
    "batch.opened",
    "call.queued b1.1",
    "call.queued b1.2",
    "call.settled b1.2",
    "call.queued b1.3",
    "call.started b1.1",
    "call.progress b1.1",
    "call.settled b1.1",
    "call.started b1.3",
    "attempt.failed b1.3",
    "call.settled b1.3",
    "batch.closed",
  ]);
  assert.deepEqual(
    stage.events.map(({ at }) => at),
    [0, 0, 0, 0, 0, 0, 5, 5, 5, 7, 7, 7],
  );
});

test("the event of a fast call's end is there before the slow one ends (case 83)", async () => {
  const stage = new Stage();
  const running = stage.executor().run([touch("slow"), touch("fast")]);
  await stage.settle();
  await stage.finish("fast");
  assert.deepEqual(stage.heard("call.settled"), ["fast"]);
  await stage.finish("slow");
  assert.deepEqual(stage.heard("call.settled"), ["fast", "slow"]);
  assert.deepEqual(brief(await running), ["slow done", "fast done"]);
});

test("G10: a listener that throws, rejects, hangs or is slow changes nothing (case 83)", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const listeners: Readonly<Record<string, (event: BatchEvent) => unknown>> = {
    throws: () => {
      throw undefined;
    },
    rejects: () => Promise.reject(new Error("the listener failed")),
    hangs: () => new Promise(() => {}),
    returns: () => "something",
  };
  const sequences: string[][] = [];
  for (const onEvent of Object.values(listeners)) {
    const stage = new Stage();
    const heard: BatchEvent[] = [];
    const running = stage.executor({ onEvent }).run([touch("1"), { name: "nobody" }, touch("2")], {
      onEvent: (event) => {
        heard.push(event);
        return onEvent(event);
      },
    });
    await stage.settle();
    await stage.finish("2");
    await stage.finish("1");
    assert.deepEqual(brief(await running), ["1 done", "unknown-tool", "2 done"]);
    await stage.settle();
    sequences.push(sequence(heard));
  }
  process.off("unhandledRejection", note);
  assert.equal(new Set(sequences.map((one) => one.join())).size, 1);
  assert.equal(sequences[0]?.length, 10);
  assert.deepEqual(unhandled, []);
});

test("a listener may call back in: it sees a settled state, and what it adds is run", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch")], concurrency: 1 });
  let closing: Promise<unknown[]> | undefined;
  const batch = executor.open({
    onEvent: (event) => {
      if (event.type !== "call.settled" || event.outcome.output !== "1 done") return;
      batch.add(touch("2"));
      closing = batch.close().then(brief);
    },
  });
  batch.add(touch("1"));
  await stage.settle();
  await stage.finish("1");
  await stage.finish("2");
  assert.deepEqual(await closing, ["1 done", "2 done"]);
});

test("a batch's own listener hears of that batch alone, the executor's of all", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  const own: BatchEvent[] = [];
  const runs = [
    executor.run([touch("1")], { onEvent: (event) => own.push(event) }),
    executor.run([touch("2")]),
  ];
  await stage.settle();
  await stage.finish("1");
  await stage.finish("2");
  await Promise.all(runs);
  await stage.settle();
  assert.deepEqual(sequence(own), [
    "batch.opened",
    "call.queued b1.1",
    "call.started b1.1",
    "call.settled b1.1",
    "batch.closed",
  ]);
  assert.equal(stage.events.length, 10);
});

test("progress is heard while the call runs, and not after it has ended", async () => {
  const stage = new Stage();
  const running = stage.executor({ graceMs: 5, timeoutMs: 10 }).run([touch("1"), touch("deaf")]);
  await stage.settle();
  const { progress } = stage.visit("1").context as { readonly progress: (value: unknown) => void };
  progress({ rows: 10 });
  await stage.finish("1");
  progress({ rows: 20 });
  await stage.clock.advance(15);
  stage.visit("deaf").context.progress("too late");
  await stage.settle();
  await running;
  const values = stage.events.flatMap((event) => (event.type === "call.progress" ? [event.value] : []));
  assert.deepEqual(values, [{ rows: 10 }]);
});

test("the events of a batch are all there when its outcomes are", async () => {
  const stage = new Stage();
  const running = stage.executor().run([touch("1")]);
  await stage.settle();
  stage.visit("1").resolve(1);
  await running;
  await Promise.resolve();
  assert.equal(stage.events.at(-1)?.type, "batch.closed");
});

test("what was in the way last is told last, though it was in the way before, too", async () => {
  const stage = new Stage();
  const executor = stage.executor({
    tools: [stage.tool("touch"), stage.tool("asked", { pools: ["api"] })],
    concurrency: 1,
    pools: { api: { rate: { count: 1, perMs: 100 } } },
  });
  const asked = (as: string) => ({ name: "asked", input: { as } });
  const running = executor.run([asked("first")]);
  await stage.clock.advance(1);
  await stage.finish("first");
  await running;
  // 49 ms for the rate; then 100 ms for the slot, as the other one runs on.
  const second = executor.run([asked("second")]);
  await stage.clock.advance(49);
  const other = executor.run([touch("other")]);
  await stage.clock.advance(150);
  await stage.finish("other");
  await stage.finish("second");
  await Promise.all([second, other]);
  const started = stage.events.find((event) => event.type === "call.started" && event.call === "b2.1");
  assert.ok(started?.type === "call.started");
  assert.deepEqual(
    started.waits.map((wait) => wait.for),
    ["rate", "slot"],
  );
  assert.equal(
    started.waits.reduce((sum, { ms }) => sum + ms, 0),
    199,
  );
});
