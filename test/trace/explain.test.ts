import assert from "node:assert/strict";
import { test } from "node:test";
import type { WaitFor } from "../../src/core/event.ts";
import { callsByKey, explainWait, sentenceOf, waitsOfCall } from "../../src/trace/explain.ts";
import type { TracedWait } from "../../src/trace/trace.ts";
import { batchTool, createExecutor } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { openTrace, readTrace, type Trace, type TracedCall, type TraceEvent } from "../../src/trace.ts";
import { ask, traceOf, worker, type Asked } from "../support/traced-calls.ts";

test("a wait is a sentence that leads to the call or the limit it names", async () => {
  const { trace } = await traceOf([[ask({ ms: 3, writes: ["a/b"] }), ask({ ms: 3, reads: ["a"] })]]);
  const [wait] = waitsOfCall(trace.calls[1] as (typeof trace.calls)[number]);
  assert.ok(wait !== undefined);
  const parts = explainWait(wait.wait, { calls: callsByKey(trace.calls), of: trace.calls[1] });
  assert.equal(sentenceOf(parts), "the lock on a, held by call 1 (work)");
  assert.deepEqual(parts[1], { text: "call 1 (work)", call: "b1.1" });
});

/** What each call of a trace waited for, by its key. */
function waitsIn(trace: Trace): Record<string, string[]> {
  const calls = callsByKey(trace.calls);
  const told = trace.calls.map((of) => [
    of.key,
    waitsOfCall(of).map(({ wait }) => sentenceOf(explainWait(wait, { calls, of }))),
  ]);
  return Object.fromEntries(told) as Record<string, string[]>;
}

test("a call of another turn, batch or call is told apart from those beside the one that waits", async () => {
  const clock = new VirtualClock();
  const executor = createExecutor({ tools: [worker(clock, "work"), batchTool()], clock });
  const events: TraceEvent[] = [openTrace(executor)];
  executor.events.listen((event) => void events.push(event));
  const write = (ms: number) => ask({ ms, writes: ["a"] });
  const list = { name: "parallel", input: { calls: [write(2), write(2)] } };
  const inside = [write(5), write(5)].map(({ input }) => input as Asked);
  const outcomes = [executor.run([write(3), list]), executor.run([ask({ ms: 1, writes: ["a"], inside })])];
  for (const turn of [1, 2]) {
    const origin = { run: "r1", turn };
    executor.events.tell({ type: "turn.started", ...origin, at: clock.now() });
    const batch = executor.open({ origin });
    batch.add(write(4));
    outcomes.push(batch.close());
  }
  await clock.runAll();
  await Promise.all(outcomes);
  assert.deepEqual(waitsIn(readTrace(events)), {
    "b1.1": [],
    "b1.2": [],
    "b1.2.1": ["the lock on a, held by call 1 (work) of the batch"],
    "b1.2.2": ["the lock on a, held by call 1 (work)"],
    "b2.1": ["the lock on a, held by call 2 (work) in call 2 (parallel) of b1"],
    "b3.1": ["the lock on a, held by call 1 (work) of b2"],
    "b4.1": ["the lock on a, held by call 1 (work) of r1/1"],
    "b5.1": [],
    "b5.2": ["the lock on a, held by call 1 (work)"],
  });
});

test("what an open wait is for is told once it is over", async () => {
  const { events } = await traceOf([[ask({ ms: 3, writes: ["a"] }), ask({ ms: 3, reads: ["a"] })]]);
  const trace = readTrace(
    events.slice(
      0,
      events.findIndex(({ type }) => type === "call.settled"),
    ),
  );
  const [, of] = trace.calls;
  const [wait] = waitsOfCall(of as TracedCall);
  const said = explainWait(wait?.wait as TracedWait, {
    calls: new Map(),
    of,
    isOpen: wait?.toMs === undefined,
  });
  assert.equal(sentenceOf(said), "something that is told when the wait is over");
});

test("every kind of wait has its words", () => {
  const waits: readonly (WaitFor | TracedWait)[] = [
    { for: "validation" },
    { for: "close" },
    { for: "call", call: "b1.1" },
    { for: "lock", resource: "(everything)", heldBy: "b1.1" },
    { for: "slot", pool: "executor" },
    { for: "slot", pool: "tool:search" },
    { for: "rate", pool: "api" },
    { for: "approval" },
    { for: "retry" },
    { for: "unknown" },
  ];
  const said = waits.map((wait) => sentenceOf(explainWait(wait, { calls: new Map(), of: undefined })));
  assert.deepEqual(said, [
    "the check of its input, or of one before it",
    "the model to finish its turn",
    "b1.1, which comes first",
    "the lock on (everything), held by b1.1",
    "a slot of the executor",
    "a slot of the tool search",
    "the rate of the pool api",
    "the user's approval",
    "the next attempt to be due",
    "something that the trace does not tell, such as code that held the thread",
  ]);
});
