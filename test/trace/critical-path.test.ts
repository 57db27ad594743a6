import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalPath, type PathStep } from "../../src/trace/critical-path.ts";
import { figuresOf } from "../../src/trace/figures.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { ask, traceOf, worker } from "../support/traced-calls.ts";
import { virtualRun } from "../support/virtual-runs.ts";

/** A step in short. */
function shortly(step: PathStep): string {
  const what = "call" in step ? step.call : "turn" in step ? step.turn : "";
  const wait = step.kind === "wait" ? ` for ${step.wait.for}` : "";
  return `${step.kind} ${what}${wait} ${step.fromMs}-${step.toMs}`;
}

test("the path of a run goes through the model, and through the calls that held up the last one", async () => {
  assert.deepEqual(criticalPath(readTrace(await virtualRun())).map(shortly), [
    "model r1/1 0-700",
    "running b1.3 700-1000",
    "running b1.4 1000-1300",
    "model r1/2 1300-1800",
  ]);
});

test("one by one, the path goes through every call", async () => {
  assert.deepEqual(criticalPath(readTrace(await virtualRun({ concurrency: 1 }))).map(shortly), [
    "model r1/1 0-200",
    "running b1.1 200-600",
    "running b1.2 600-1000",
    "running b1.3 1000-1300",
    "running b1.4 1300-1600",
    "running b1.5 1600-1700",
    "model r1/2 1700-1800",
  ]);
});

test("behind a slot is the call that gave it", async () => {
  const { trace } = await traceOf([[ask({ ms: 10 }), ask({ ms: 30 }), ask({ ms: 25 })]], () => ({
    concurrency: 2,
  }));
  assert.deepEqual(criticalPath(trace).map(shortly), ["running b1.1 0-10", "running b1.3 10-35"]);
  assert.deepEqual([figuresOf(trace).wallMs, figuresOf(trace).lowerBoundMs], [35, 30]);
});

test("a call's own work is told from that of the calls inside it", async () => {
  const { trace } = await traceOf(
    [
      [
        ask(
          {
            ms: 5,
            inside: [
              { ms: 10, writes: ["a"] },
              { ms: 7, writes: ["a"] },
            ],
          },
          "all",
        ),
      ],
    ],
    (clock) => ({
      tools: [worker(clock, "work"), worker(clock, "all", { effects: "write" })],
    }),
  );
  assert.deepEqual(criticalPath(trace).map(shortly), [
    "running b1.1 0-5",
    "running b2.1 5-15",
    "running b2.2 15-22",
  ]);
});

test("what nobody can be blamed for stays a wait: a rate", async () => {
  const { trace } = await traceOf([[ask({ ms: 1 }), ask({ ms: 1 })]], (clock) => ({
    tools: [worker(clock, "work", { pools: ["api"] })],
    pools: { api: { rate: { count: 1, perMs: 50 } } },
  }));
  assert.deepEqual(criticalPath(trace).map(shortly), ["wait b1.2 for rate 0-50", "running b1.2 50-51"]);
  assert.deepEqual(figuresOf(trace).waits, [{ for: "rate", what: "api", ms: 50, calls: 1 }]);
  assert.equal(figuresOf(trace).lowerBoundMs, 1);
});

test("between batches is what nobody knows of", async () => {
  const { trace } = await traceOf([[ask({ ms: 3 })], [ask({ ms: 4 })]]);
  assert.deepEqual(criticalPath(trace).map(shortly), ["running b1.1 0-3", "running b2.1 3-7"]);
  assert.deepEqual(criticalPath(readTrace([])), []);
});
