import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { runAgent } from "../../src/agent/run-agent.ts";
import { rowsOf, type Row } from "../../src/cli/waterfall/rows.ts";
import { segmentsOf } from "../../src/cli/waterfall/segments.ts";
import type { CallError } from "../../src/core/outcome.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { defineTool, type ToolContext } from "../../src/core/tool.ts";
import { TuttiError } from "../../src/core/errors.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { until, virtualRun } from "../support/virtual-runs.ts";

const error: CallError = {
  code: "tool-error",
  message: "too many requests",
  retryable: true,
  mayHaveTakenEffect: false,
  cause: undefined,
};

/** A row in short. */
function shortly(row: Row): string {
  const status = row.kind === "turn" ? row.turn.status : row.call.status;
  const segments = segmentsOf(row).map(({ kind, fromMs, toMs }) => `${kind} ${fromMs}-${toMs ?? ""}`);
  return [row.label, status, ...segments].join(", ");
}

function shortRows(events: readonly TraceEvent[]): string[] {
  return rowsOf(readTrace(events)).map(shortly);
}

test("a run that is over has a row per turn and call, and each moment of a call is explained", async () => {
  assert.deepEqual(shortRows(await virtualRun()), [
    "model, turn 1, ended, model 0-700",
    "read a, ok, running 200-600",
    "read b, ok, running 300-700",
    "write a, ok, close 400-700, running 700-1000",
    "write a, ok, close 500-700, lock 700-1000, running 1000-1300",
    "fail c, failed, running 600-700",
    "model, turn 2, ended, model 1300-1800",
  ]);
});

test("a run that goes on has rows without an end, and a wait that is not understood yet", async () => {
  assert.deepEqual(shortRows(until(await virtualRun(), 650)), [
    "model, turn 1, going, model 0-",
    "read a, ok, running 200-600",
    "read b, going, running 300-",
    "write a, going, unknown 400-",
    "write a, going, unknown 500-",
    "fail c, going, running 600-",
  ]);
});

test("one by one, each call waits for the one before it", async () => {
  assert.deepEqual(shortRows(await virtualRun({ concurrency: 1 })).slice(1, 4), [
    "read a, ok, running 200-600",
    "read b, ok, call 300-600, running 600-1000",
    "write a, ok, close 400-700, call 700-1000, running 1000-1300",
  ]);
});

test("no event, and events without a start, make no row too many", () => {
  assert.deepEqual(shortRows([]), []);
  assert.deepEqual(shortRows([{ type: "call.started", at: 5, call: "b1.1", waits: [] }]), []);
});

test("an attempt that is tried again has failed, and worked all the same", () => {
  const call = { key: "b1.1", id: undefined, name: "get", input: { id: 1 }, index: 0 };
  const key = { call: call.key, turn: 1 };
  const waits = [{ for: "retry", ms: 100 } as const, { for: "rate", pool: "api", ms: 50 } as const];
  const events: TraceEvent[] = [
    { type: "run.started", at: 0, run: "r1" },
    { type: "batch.opened", at: 0, batch: "b1" },
    { type: "call.queued", at: 0, batch: "b1", call },
    { type: "call.started", at: 0, waits: [], ...key },
    { type: "attempt.failed", at: 300, attempt: 1, error, retryInMs: 100, ...key },
    { type: "attempt.started", at: 450, attempt: 2, as: "retry", waits, ...key },
  ];
  assert.deepEqual(shortRows(events.slice(0, 5)), [
    "batch b1, going",
    "get 1, going, failed 0-300, unknown 300-",
  ]);
  assert.deepEqual(
    shortRows(events)[1],
    "get 1, going, failed 0-300, retry 300-400, rate 400-450, running 450-",
  );
});

test("a hedge runs beside the attempt before it, until one of the two ends", () => {
  const call = { key: "b1.1", id: undefined, name: "get", input: { id: 1 }, index: 0 };
  const hedge = { type: "attempt.started", call: call.key, as: "hedge", waits: [] } as const;
  const outcome = { call, attempts: 2, queuedMs: 0, runningMs: 500, status: "ok", output: 1 } as const;
  const events: TraceEvent[] = [
    { type: "batch.opened", at: 0, batch: "b1" },
    { type: "call.queued", at: 0, batch: "b1", call },
    { type: "call.started", at: 0, call: call.key, waits: [] },
    { ...hedge, at: 200, attempt: 2 },
    { type: "attempt.failed", at: 300, call: call.key, attempt: 1, error },
    { ...hedge, at: 400, attempt: 3 },
    { type: "call.settled", at: 500, call: call.key, outcome },
    { type: "attempt.stopped", at: 510, call: call.key, attempt: 3, returned: false },
  ];
  assert.equal(shortRows(events.slice(0, 4))[1], "get 1, going, running 0-200, twice 200-");
  const whole = "get 1, ok, running 0-200, twice 200-300, running 300-400, twice 400-500";
  assert.equal(shortRows(events)[1], whole);
});

test("a call inside another, or in a list, is behind it", async () => {
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
  const rows = rowsOf(readTrace(events)).filter((row) => row.kind === "call");
  assert.deepEqual(
    rows.map(({ label, call: { depth, status } }) => `${label} ${depth} ${status}`),
    ["outer 0 ok", "inner 1 1 ok", "nobody 0 failed", "parallel 0 ok", "inner 1 1 ok"],
  );
});

test("a turn that is asked for again is a row of its own", () => {
  const turn = { run: "r1", turn: 1 };
  const events: TraceEvent[] = [
    { type: "run.started", at: 0, run: "r1" },
    { type: "turn.started", at: 0, ...turn },
    { type: "turn.broken", at: 100, ...turn, error: new TuttiError("model-failed", "terminated") },
    { type: "turn.started", at: 150, ...turn },
  ];
  assert.deepEqual(shortRows(events), [
    "model, turn 1, broken, model 0-100",
    "model, turn 1, try 2, going, model 150-",
  ]);
});
