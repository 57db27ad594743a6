import assert from "node:assert/strict";
import { test } from "node:test";
import type { Call } from "../../src/core/call.ts";
import { compareTraces, type Comparison } from "../../src/trace/compare.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { busyTrace, traceOf, virtualTrace } from "../support/virtual-traces.ts";

interface Said {
  readonly name: string;
  readonly input: unknown;
  readonly ms?: number;
}

/** A run whose turns make these calls, one after the other. */
function traceWith(turns: readonly (readonly Said[])[], run = "r1"): Trace {
  let at = 0;
  const events: TraceEvent[] = [{ type: "run.started", at, run }];
  for (const [i, calls] of turns.entries()) {
    const origin = { run, turn: i + 1 };
    const batch = `b${i + 1}`;
    events.push({ type: "turn.started", at, ...origin }, { type: "batch.opened", at, batch, ...origin });
    const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };
    at += 100;
    events.push({ type: "turn.ended", at, ...origin, stop: "end", usage });
    for (const [index, { name, input, ms = 10 }] of calls.entries()) {
      const call: Call = { key: `${batch}.${index + 1}`, id: undefined, name, input, index };
      events.push(
        { type: "call.queued", at, batch, call },
        { type: "call.started", at, call: call.key, waits: [] },
      );
      at += ms;
      const outcome = { call, status: "ok", output: 1, attempts: 1, queuedMs: 0, runningMs: ms } as const;
      events.push({ type: "call.settled", at, call: call.key, outcome });
    }
    events.push({ type: "batch.closed", at, batch, outcomes: calls.length });
  }
  events.push({ type: "run.ended", at, run, status: "done" });
  return readTrace(events);
}

const get = (id: number, ms?: number): Said => ({
  name: "get",
  input: { id },
  ...(ms !== undefined && { ms }),
});

function pairs({ calls }: Comparison): string[] {
  return calls.map(({ a, b, isSameInput }) => `${a} ${b}${isSameInput ? "" : " changed"}`);
}

test("a trace beside itself has each turn and call in both, and no difference", async () => {
  for (const text of [await virtualTrace(), await busyTrace()]) {
    const trace = traceOf(text);
    const { figures, turns, calls, onlyIn } = compareTraces(trace, traceOf(text));
    assert.deepEqual(figures.a, figures.b);
    assert.deepEqual(onlyIn, { a: { turns: [], calls: [] }, b: { turns: [], calls: [] } });
    assert.deepEqual(
      calls.map(({ a, b }) => [a, b]),
      trace.calls.map(({ key }) => [key, key]),
    );
    for (const { differenceMs } of [...turns, ...calls]) assert.equal(differenceMs, 0);
  }
});

test("calls are matched by name and input, whatever their order, and the order of fields", () => {
  const a = traceWith([[get(1), get(2), { name: "put", input: { id: 1, to: { x: 1, y: 2 } } }]]);
  const b = traceWith([[{ name: "put", input: { to: { y: 2, x: 1 }, id: 1 } }, get(2), get(1)]]);
  assert.deepEqual(pairs(compareTraces(a, b)), ["b1.1 b1.3", "b1.2 b1.2", "b1.3 b1.1"]);
});

test("the same call made twice is matched in order", () => {
  const comparison = compareTraces(
    traceWith([[get(1, 10), get(1, 20)]]),
    traceWith([[get(1, 30), get(1, 25)]]),
  );
  assert.deepEqual(
    comparison.calls.map(({ a, b, differenceMs }) => [a, b, differenceMs]),
    [
      ["b1.1", "b1.1", 20],
      ["b1.2", "b1.2", 5],
    ],
  );
});

test("calls that one model makes in one turn and the other in many are found all the same", () => {
  const { turns, onlyIn, ...comparison } = compareTraces(
    traceWith([[get(1)], [get(2)], [get(3)], []]),
    traceWith([[get(1), get(2), get(3)], []]),
  );
  assert.deepEqual(pairs({ turns, onlyIn, ...comparison }), ["b1.1 b1.1", "b2.1 b1.2", "b3.1 b1.3"]);
  assert.deepEqual(
    turns.map(({ a, b }) => `${a} ${b}`),
    ["r1/1 r1/1", "r1/2 r1/2"],
  );
  assert.deepEqual(onlyIn, { a: { turns: ["r1/3", "r1/4"], calls: [] }, b: { turns: [], calls: [] } });
});

test("a call of another input is matched by its place, but not to one of another tool", () => {
  const a = traceWith([[get(1), get(2), { name: "put", input: {} }]]);
  const b = traceWith([[get(1), get(9), { name: "drop", input: {} }, get(3)]]);
  const comparison = compareTraces(a, b);
  assert.deepEqual(pairs(comparison), ["b1.1 b1.1", "b1.2 b1.2 changed"]);
  assert.deepEqual([comparison.onlyIn.a.calls, comparison.onlyIn.b.calls], [["b1.3"], ["b1.3", "b1.4"]]);
});

test("calls whose inputs were removed are matched by their place, and nobody says that those are the same", () => {
  const removed = (name: string): Said => ({ name, input: "[removed]" });
  const a = traceWith([[removed("get"), removed("put"), removed("get")]]);
  const { calls, onlyIn } = compareTraces(a, traceWith([[removed("get"), removed("get"), removed("get")]]));
  assert.deepEqual(
    calls.map((call) => [call.a, call.b, call.isSameInput]),
    [
      ["b1.1", "b1.1", undefined],
      ["b1.3", "b1.3", undefined],
    ],
  );
  assert.deepEqual([onlyIn.a.calls, onlyIn.b.calls], [["b1.2"], ["b1.2"]]);
});

test("runs are matched by their place, so that their names may differ", () => {
  const { turns } = compareTraces(traceWith([[get(1)]], "r1"), traceWith([[get(1)]], "r7"));
  assert.deepEqual(
    turns.map(({ a, b }) => [a, b]),
    [["r1/1", "r7/1"]],
  );
});

test("what got slower says whether it ran or waited longer", async () => {
  const [one, ten] = [await virtualTrace({ concurrency: 1 }), await virtualTrace()];
  const { calls } = compareTraces(traceOf(ten), traceOf(one));
  const last = calls.at(-1);
  assert.deepEqual(
    [last?.name, last?.runningMs, last?.waitedMs, last?.differenceMs],
    ["fail", { a: 100, b: 100 }, { a: 0, b: 1_000 }, 1_000],
  );
});
