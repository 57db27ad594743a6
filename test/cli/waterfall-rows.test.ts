import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { runAgent } from "../../src/agent/run-agent.ts";
import { readWaterfall, toolTime, type Row } from "../../src/cli/waterfall/rows.ts";
import type { CallError, Outcome } from "../../src/core/outcome.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { defineTool, type ToolContext } from "../../src/core/tool.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { until, virtualRun } from "../support/virtual-runs.ts";

/** A row in short. */
function shortly({ label, status, segments }: Row): string {
  return [label, status, ...segments.map(({ kind, fromMs, toMs }) => `${kind} ${fromMs}-${toMs ?? ""}`)].join(
    ", ",
  );
}

function rowsOf(events: readonly RunEvent[]): string[] {
  return readWaterfall(events).rows.map(shortly);
}

test("a run that is over has a row per turn and call, and each moment of a call is explained", async () => {
  const waterfall = readWaterfall(await virtualRun());
  assert.equal(waterfall.wallMs, 1_800);
  assert.deepEqual(waterfall.rows.map(shortly), [
    "model, turn 1, ok, model 0-700",
    "read a, ok, running 200-600",
    "read b, ok, running 300-700",
    "write a, ok, close 400-700, running 700-1000",
    "write a, ok, close 500-700, lock 700-1000, running 1000-1300",
    "fail c, failed, running 600-700",
    "model, turn 2, ok, model 1300-1800",
  ]);
});

test("a run that goes on has rows without an end, and a wait that is not understood yet", async () => {
  const events = until(await virtualRun(), 650);
  assert.equal(readWaterfall(events).wallMs, undefined);
  assert.deepEqual(rowsOf(events), [
    "model, turn 1, going, model 0-",
    "read a, ok, running 200-600",
    "read b, going, running 300-",
    "write a, going, waiting 400-",
    "write a, going, waiting 500-",
    "fail c, going, running 600-",
  ]);
});

test("one by one, each call waits for the one before it", async () => {
  assert.deepEqual(rowsOf(await virtualRun({ concurrency: 1 })).slice(1, 4), [
    "read a, ok, running 200-600",
    "read b, ok, call 300-600, running 600-1000",
    "write a, ok, close 400-700, call 700-1000, running 1000-1300",
  ]);
});

test("the time of tools is counted once, and what the model hid is told", async () => {
  const time = toolTime(readWaterfall(await virtualRun()));
  assert.deepEqual(time, { sumMs: 1_500, busyMs: 1_100, hiddenMs: 500 });
});

test("no event, and events without a start, make no row too many", () => {
  assert.deepEqual(readWaterfall([]), { rows: [], startedAt: undefined, wallMs: undefined });
  const stray: RunEvent = { type: "call.started", at: 5, call: "b1.1", waits: [], turn: 1 };
  assert.deepEqual(readWaterfall([stray]).rows, []);
});

test("an attempt that is tried again has failed, and worked all the same", () => {
  const call = { key: "b1.1", id: undefined, name: "get", input: { id: 1 }, index: 0 };
  const error: CallError = {
    code: "tool-error",
    message: "too many requests",
    retryable: true,
    mayHaveTakenEffect: false,
    cause: undefined,
  };
  const key = { call: call.key, turn: 1 };
  const waits = [{ for: "retry", ms: 100 } as const, { for: "rate", pool: "api", ms: 50 } as const];
  const events: RunEvent[] = [
    { type: "run.started", at: 0, run: "r1" },
    { type: "call.queued", at: 0, batch: "b1", call, turn: 1 },
    { type: "call.started", at: 0, waits: [], ...key },
    { type: "attempt.failed", at: 300, attempt: 1, error, retryInMs: 100, ...key },
    { type: "attempt.started", at: 450, attempt: 2, as: "retry", waits, ...key },
  ];
  assert.deepEqual(rowsOf(events.slice(0, 4)), ["get 1, going, failed 0-300, waiting 300-"]);
  const again = "get 1, going, failed 0-300, retry 300-400, rate 400-450, running 450-";
  assert.deepEqual(rowsOf(events), [again]);
  const outcome: Outcome = {
    call,
    attempts: 2,
    queuedMs: 0,
    runningMs: 650,
    status: "ok",
    output: "done",
  };
  const settled = readWaterfall([...events, { type: "call.settled", at: 650, outcome, ...key }]);
  assert.equal(toolTime(settled).sumMs, 500);
});

test("a call inside another is part of it; one in a wrapper that does not run is not", async () => {
  const events: RunEvent[] = [];
  const define = (name: string, execute: (context: ToolContext) => unknown) =>
    defineTool({
      name,
      description: "A tool.",
      input: { type: "object" },
      effects: "none",
      execute: (_, context) => execute(context),
    });
  const inner = { name: "inner", input: { id: 1 } };
  const tools = [define("outer", (context) => context.run([inner])), define("inner", () => "done")];
  const calls = [{ name: "outer" }, { name: "nobody" }, { name: "parallel", input: { calls: [inner] } }];
  const model = scriptedModel([{ steps: calls }, { steps: ["Done."] }]);
  const onEvent = (event: RunEvent) => events.push(event);
  await runAgent({ model, executor: createExecutor({ tools }), prompt: "Go.", onEvent }).result;
  const rows = readWaterfall(events).rows.filter(({ call }) => call !== undefined);
  assert.deepEqual(rows.map(({ label, depth, status }) => `${label} ${depth} ${status}`).sort(), [
    "inner 1 0 ok",
    "inner 1 1 ok",
    "nobody 0 failed",
    "outer 0 ok",
    "parallel 0 ok",
  ]);
});
