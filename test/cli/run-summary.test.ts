import assert from "node:assert/strict";
import { test } from "node:test";
import { tellInterruption, tellUsage } from "../../src/cli/run/summary.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { until, virtualRun } from "../support/virtual-runs.ts";

const usage = { inputTokens: 1_234, outputTokens: 56 };

test("the time of tools is told beside what they were waited for", async () => {
  const trace = readTrace(await virtualRun());
  const result = { turns: 2, calls: 5, usage } as Parameters<typeof tellUsage>[0];
  assert.deepEqual(tellUsage(result, trace), [
    "1.80 s · 2 turns · 5 calls · 1,234 tokens in, 56 out",
    "tools worked 1.50 s and were waited for 600 ms: 900 ms saved",
  ]);
});

test("an interruption claims nothing of a call that has not settled", async () => {
  assert.deepEqual(tellInterruption(readTrace(until(await virtualRun(), 650))), [
    "interrupted",
    "  done: read(a)",
    "  may have taken effect: read(b), write(a), write(a), fail(c)",
  ]);
  assert.deepEqual(tellInterruption(readTrace([])), ["interrupted before the model made a call"]);
});
