/** Spans of a trace file. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { toOtlp, type OtlpSpan } from "../../src/otel/otlp.ts";
import { readTrace, type TraceEvent } from "../../src/trace.ts";

const call = (key: string, name: string) => ({ key, id: undefined, name, input: {}, index: 0 });

const settled = (key: string, name: string, at: number): TraceEvent => ({
  type: "call.settled",
  at,
  call: key,
  outcome: { call: call(key, name), status: "ok", output: 1, attempts: 1, queuedMs: 0, runningMs: 1 },
});

function spansOf(events: readonly TraceEvent[]): readonly OtlpSpan[] {
  return toOtlp(readTrace(events)).resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
}

/** The attributes of a span, those that are texts, numbers or whole numbers. */
function flat(span: OtlpSpan | undefined): Record<string, unknown> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}

test("a call inside a call hangs under the attempt that makes it, though another has begun", () => {
  const spans = spansOf([
    { type: "batch.opened", at: 0, batch: "b1" },
    { type: "call.queued", at: 0, batch: "b1", call: call("b1.1", "outer") },
    { type: "call.started", at: 0, call: "b1.1", waits: [] },
    { type: "attempt.started", at: 5, call: "b1.1", attempt: 2, as: "hedge", waits: [] },
    { type: "batch.opened", at: 7, batch: "b2", parent: "b1.1", attempt: 1 },
    { type: "call.queued", at: 7, batch: "b2", call: call("b2.1", "inner") },
    { type: "call.started", at: 7, call: "b2.1", waits: [] },
    settled("b2.1", "inner", 9),
    settled("b1.1", "outer", 9),
  ]);
  const inner = spans.find(({ name }) => name === "execute_tool inner");
  const around = spans.find(({ spanId }) => spanId === inner?.parentSpanId);
  assert.deepEqual([flat(around)["tutti.call"], flat(around)["tutti.attempt"]], ["b1.1", "1"]);
});

test("a moment in which the machine did something else is no wait to be told of", () => {
  const spans = spansOf([
    { type: "batch.opened", at: 0, batch: "b1" },
    { type: "call.queued", at: 0, batch: "b1", call: call("b1.1", "get") },
    { type: "call.queued", at: 0, batch: "b1", call: call("b1.2", "get") },
    { type: "call.started", at: 0.3, call: "b1.1", waits: [] },
    { type: "call.started", at: 2.3, call: "b1.2", waits: [{ for: "slot", pool: "executor", ms: 2 }] },
    settled("b1.1", "get", 2),
    settled("b1.2", "get", 3),
  ]);
  const [first, second] = spans.filter(({ name }) => name === "execute_tool get").map(flat);
  assert.deepEqual([first?.["tutti.waited_ms"], first?.["tutti.wait.unknown_ms"]], [0.3, undefined]);
  assert.deepEqual(first?.["tutti.waited_for"], { values: [] });
  assert.ok(Math.abs(Number(second?.["tutti.waited_ms"]) - 2.3) < 1e-9);
  assert.equal(second?.["tutti.wait.unknown_ms"], undefined);
  assert.deepEqual(second?.["tutti.waited_for"], {
    values: [{ stringValue: "2 ms for a slot of the executor" }],
  });
});
