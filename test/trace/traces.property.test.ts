import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { metricsOf } from "../../src/agent/metrics.ts";
import { criticalPath } from "../../src/trace/critical-path.ts";
import { figuresOf } from "../../src/trace/figures.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { scopeOf } from "../../src/trace/scope.ts";
import { slotUse } from "../../src/trace/slot-use.ts";
import type { Trace, TracedCall } from "../../src/trace/trace.ts";
import { plans } from "../support/chaos-plan.ts";
import { play } from "../support/chaos.ts";
import { playRuns, runPlans } from "../support/random-runs.ts";

const RUNS = Number(process.env["TRACE_RUNS"] ?? 1_000);

/** What is wrong with a trace, of one run or as a whole. */
function faults(trace: Trace, run?: string): string[] {
  const found: string[] = [];
  const scope = scopeOf(trace, run);
  const figures = figuresOf(trace, run);
  const path = criticalPath(trace, run);
  let at = scope.fromMs;
  for (const step of path) {
    if (step.fromMs !== at || step.toMs <= step.fromMs)
      found.push(`the path is torn at ${at}: ${JSON.stringify(step)}`);
    at = step.toMs;
  }
  if (path.length > 0 && at !== scope.toMs) found.push(`the path ends at ${at}, not at ${scope.toMs}`);
  if (figures.lowerBoundMs > figures.wallMs)
    found.push(`${figures.lowerBoundMs} is no lower bound of ${figures.wallMs}`);
  if (figures.lowerBoundMs < 0) found.push(`a lower bound of ${figures.lowerBoundMs}`);
  if (figures.oneByOneMs < figures.wallMs) found.push("one by one is faster");
  if (figures.modelMs > figures.wallMs) found.push("the model wrote for longer than it took");
  const total = figures.waits.reduce((sum, { ms }) => sum + ms, 0);
  if (total !== figures.waitedMs) found.push(`waits of ${total} are not the ${figures.waitedMs} waited`);
  for (const call of scope.calls) found.push(...callFaults(call).map((fault) => `${call.key}: ${fault}`));
  return found;
}

function callFaults(call: TracedCall): string[] {
  const found: string[] = [];
  if (call.isWrapper) return call.stretches.length === 0 ? [] : ["a wrapper has stretches"];
  let at = call.queuedMs;
  for (const { fromMs, toMs = fromMs } of call.stretches) {
    if (fromMs !== at) found.push(`torn at ${at}`);
    at = toMs;
  }
  if (call.settledMs !== undefined && at !== call.settledMs)
    found.push(`ends at ${at}, not at ${call.settledMs}`);
  const unknown = call.stretches.filter(
    (stretch) => stretch.kind === "wait" && stretch.wait.for === "unknown",
  );
  // Nothing holds the thread on the virtual clock: every wait is explained (contract §9).
  for (const { fromMs, toMs } of unknown) if (toMs !== fromMs) found.push(`an unexplained wait at ${fromMs}`);
  return found;
}

test("every wait is explained, paths have no gap, and bounds hold, for random batches", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const { events } = await play(plan);
      assert.deepEqual(faults(readTrace(events)), []);
    }),
    { numRuns: RUNS },
  );
});

test("and for random runs that share an executor, whose figures are those that each told of itself", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(runPlans, { minLength: 1, maxLength: 2 }), async (runs) => {
      const { events, told } = await playRuns(runs);
      const trace = readTrace(events);
      assert.deepEqual(faults(trace), []);
      for (const [i, { name }] of trace.runs.entries()) {
        assert.deepEqual(faults(trace, name), []);
        const { callsPerTurn, widths, maxOverlap, savedMs } = figuresOf(trace, name);
        const { maxOverlap: most, savedMs: saved, ...wide } = metricsOf(told[i] ?? []);
        assert.deepEqual({ callsPerTurn, widths }, wide);
        // What starts at the moment when another ends may have been told of before it.
        assert.ok(maxOverlap <= most, `${maxOverlap} calls at once, not ${most}`);
        assert.ok(Math.abs(savedMs - saved) < 1e-6, `saved ${savedMs}, not ${saved}`);
      }
      // Runs that begin at once, and go on side by side.
      const takesTime = (name: string) => trace.turns.find(({ run }) => run === name)?.toMs !== 0;
      if (!trace.runs.every(({ name }) => takesTime(name))) return;
      const ends = trace.runs.map(({ name }) => figuresOf(trace, name).oneByOneMs);
      assert.ok(Math.abs(figuresOf(trace).oneByOneMs - Math.max(...ends)) < 1e-6);
    }),
    { numRuns: RUNS },
  );
});

/** Steps that begin when a wait for a slot ends, and do not lead on to whoever gave that slot just then. */
function wronglyBlamed(trace: Trace): string[] {
  const { calls } = trace;
  const byKey = new Map(calls.map((call) => [call.key, call]));
  const path = criticalPath(trace);
  return path.flatMap((step, i) => {
    if (step.kind !== "running" && step.kind !== "failed") return [];
    const call = byKey.get(step.call) as TracedCall;
    const wait = call.stretches.find(({ kind, toMs }) => kind === "wait" && toMs === step.fromMs);
    if (wait?.kind !== "wait" || wait.wait.for !== "slot") return [];
    const { pool } = wait.wait;
    const gave = (other: TracedCall | undefined): boolean =>
      other !== undefined &&
      ((other !== call &&
        (pool === "executor" || pool === `tool:${other.call.name}` || other.pools.includes(pool)) &&
        other.attempts.some(
          ({ fromMs, toMs, abandonedMs = toMs }) => fromMs < step.fromMs && abandonedMs === step.fromMs,
        )) ||
        gave(byKey.get(other.parent ?? "")));
    if (!calls.some((other) => other.key !== call.parent && gave(other))) return [];
    const before = path[i - 1];
    const blamed = before !== undefined && "call" in before ? byKey.get(before.call) : undefined;
    return gave(blamed)
      ? []
      : [`${call.key} waited for ${pool} until ${step.fromMs}: ${JSON.stringify(before)}`];
  });
}

test("behind a wait for a slot is a call one of whose attempts gave a slot just then, if there is one", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      assert.deepEqual(wronglyBlamed(readTrace((await play(plan)).events)), []);
    }),
    { numRuns: RUNS },
  );
  await fc.assert(
    fc.asyncProperty(runPlans, async (plan) => {
      assert.deepEqual(wronglyBlamed(readTrace((await playRuns([plan])).events)), []);
    }),
    { numRuns: RUNS },
  );
});

test("G4: no more slots are in use than there are, by the trace too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(runPlans, { minLength: 1, maxLength: 2 }), async (runs) => {
      const { events } = await playRuns(runs);
      for (const { pool, limit = Infinity, most } of slotUse(readTrace(events)))
        assert.ok(most <= limit, `${most} of ${limit} slots of ${pool}`);
    }),
    { numRuns: RUNS },
  );
});

test("a trace that is read to any of its events is a trace", async () => {
  await fc.assert(
    fc.asyncProperty(runPlans, fc.nat(), async (plan, seed) => {
      const { events } = await playRuns([plan]);
      const trace = readTrace(events.slice(0, seed % (events.length + 1)));
      // Why a call waits that goes on waiting is not known yet.
      assert.deepEqual(
        faults(trace).filter((fault) => !fault.includes("unexplained")),
        [],
      );
    }),
    { numRuns: RUNS },
  );
});
