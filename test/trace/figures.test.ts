import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { figuresOf } from "../../src/trace/figures.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { ask, traceOf } from "../support/traced-calls.ts";
import { playRuns, type RunCallPlan, type RunPlan } from "../support/random-runs.ts";

const call: RunCallPlan = { tool: "read", path: "a", writtenMs: 0, ms: 1_000, fails: false };
const run: RunPlan = {
  concurrency: 100,
  turns: [{ thinksMs: 0, calls: [call, call] }],
  abortMs: undefined,
};

test("of runs that overlap, what one of them saved is not saved by the others again", async () => {
  const { events } = await playRuns(Array.from({ length: 10 }, () => run));
  const trace = readTrace(events);
  const { wallMs, oneByOneMs, savedMs } = figuresOf(trace);
  assert.deepEqual([wallMs, oneByOneMs, savedMs], [1_005, 2_005, 1_000]);
  assert.equal(figuresOf(trace, "r3").oneByOneMs, 2_005);
});

test("batches one after the other, at any moments, are one conversation: with no limit the wall is the least time", async () => {
  const ms = fc.double({ min: 0.1, max: 900, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(ms, ms), { minLength: 2, maxLength: 9 }), async (batches) => {
      const { trace } = await traceOf(batches.map((pair) => pair.map((each) => ask({ ms: each }))));
      const { wallMs, lowerBoundMs, savedMs } = figuresOf(trace);
      const saved = batches.reduce((sum, pair) => sum + Math.min(...pair), 0);
      assert.ok(Math.abs(lowerBoundMs - wallMs) < 1e-6, `${lowerBoundMs} ms at least, of ${wallMs}`);
      assert.ok(Math.abs(savedMs - saved) < 1e-6, `${savedMs} ms saved, not ${saved}`);
    }),
    { numRuns: 300 },
  );
});
