import assert from "node:assert/strict";
import { test } from "node:test";
import type { WaitFor } from "../../src/core/event.ts";
import { callsByKey, explainWait, sentenceOf, waitsOfCall } from "../../src/trace/explain.ts";
import type { TracedWait } from "../../src/trace/trace.ts";
import { ask, traceOf } from "../support/traced-calls.ts";

test("a wait is a sentence that leads to the call or the limit it names", async () => {
  const { trace } = await traceOf([[ask({ ms: 3, writes: ["a/b"] }), ask({ ms: 3, reads: ["a"] })]]);
  const [wait] = waitsOfCall(trace.calls[1] as (typeof trace.calls)[number]);
  assert.ok(wait !== undefined);
  const parts = explainWait(wait.wait, { calls: callsByKey(trace.calls) });
  assert.equal(sentenceOf(parts), "the lock on a, held by call 1 (work)");
  assert.deepEqual(parts[1], { text: "call 1 (work)", call: "b1.1" });
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
  const said = waits.map((wait) => sentenceOf(explainWait(wait, { calls: new Map() })));
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
