import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresOf } from "../../src/trace/figures.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
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
