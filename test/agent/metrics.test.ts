/** Case 87: what parallel calls came to, checked against a trace that was made by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsOf } from "../../src/agent/metrics.ts";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { runAgent } from "../../src/agent/run-agent.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { batchTool } from "../../src/core/batch-tool.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { defineTool } from "../../src/core/tool.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { twoTools } from "../support/agents.ts";

const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };

/** What happens at a moment: `b1.1` starts, `!b1.1` has run for so long and settles. */
type Moment = readonly [at: number, what: string, ms?: number];

/** The events of a turn: when the model stops, what its calls do, when the batch is closed. */
function turn(n: number, moments: readonly Moment[]): RunEvent[] {
  const batch = `b${n}`;
  return moments.map(([at, what, ms = 0]): RunEvent => {
    if (what === "ask") return { type: "turn.started", at, turn: n };
    if (what === "open") return { type: "batch.opened", at, batch, turn: n };
    if (what === "stop") return { type: "turn.ended", at, turn: n, stop: "calls", usage };
    if (what === "break") return { type: "turn.broken", at, turn: n, error: new Error("cut") as never };
    if (what === "close") return { type: "batch.closed", at, batch, outcomes: 0, turn: n };
    const key = what.replace(/^[+!]/, "");
    const call = { key, id: undefined, name: "get", input: {}, index: 0 };
    if (what.startsWith("+")) return { type: "call.queued", at, batch, call, turn: n };
    if (!what.startsWith("!")) return { type: "call.started", at, call: key, waits: [], turn: n };
    const outcome = {
      call,
      status: "ok",
      output: 1,
      attempts: 1,
      queuedMs: 0,
      runningMs: ms,
    } as unknown as Outcome;
    return { type: "call.settled", at, call: key, outcome, turn: n };
  });
}

test("case 87: calls per turn, widths, overlap and time saved", () => {
  const events: RunEvent[] = [
    { type: "run.started", at: 0, run: "r1" },
    // Three calls of 100 ms that start while the model still writes, two of them at the same time.
    ...turn(1, [
      [0, "ask"],
      [0, "open"],
      [50, "+b1.1"],
      [50, "b1.1"],
      [80, "+b1.2"],
      [80, "b1.2"],
      [150, "!b1.1", 100],
      [160, "+b1.3"],
      [160, "b1.3"],
      [180, "!b1.2", 100],
      [200, "stop"],
      [260, "!b1.3", 100],
      [260, "close"],
    ]),
    // One call: nothing is saved.
    ...turn(2, [
      [300, "ask"],
      [300, "open"],
      [320, "stop"],
      [320, "+b2.1"],
      [320, "b2.1"],
      [420, "!b2.1", 100],
      [420, "close"],
    ]),
    // A turn whose response broke off counts for nothing.
    ...turn(3, [
      [450, "ask"],
      [450, "open"],
      [460, "+b3.1"],
      [460, "b3.1"],
      [470, "break"],
      [470, "!b3.1", 10],
      [470, "close"],
    ]),
    // And one without calls neither.
    ...turn(4, [
      [500, "ask"],
      [500, "open"],
      [600, "stop"],
      [600, "close"],
    ]),
    { type: "run.ended", at: 600, run: "r1", status: "done" },
  ];
  assert.deepEqual(metricsOf(events), {
    callsPerTurn: 2,
    widths: { 1: 1, 3: 1 },
    maxOverlap: 2,
    // 300 ms one by one behind the model's last word, which took 60 ms; the second turn took as long as its call.
    savedMs: 240,
  });
});

test("a run without calls has no width", () => {
  assert.deepEqual(metricsOf([]), { callsPerTurn: 0, widths: {}, maxOverlap: 0, savedMs: 0 });
});

test("a call that waited for another conversation has saved nothing, and costs no other turn's saving", () => {
  const events = turn(1, [
    [0, "ask"],
    [0, "open"],
    [10, "stop"],
    [10, "+b1.1"],
    [500, "b1.1"],
    [510, "!b1.1", 10],
    [510, "close"],
  ]);
  assert.equal(metricsOf([...events, { type: "run.ended", at: 510, run: "r1", status: "done" }]).savedMs, 0);
});

test("the calls of a list count as the model's own, those that a tool makes inside itself do not", async () => {
  const nest = defineTool({
    name: "nest",
    description: "Runs two.",
    input: { type: "object" },
    effects: "read",
    execute: (_: object, { run }) => run([get, get]).then(() => "nested"),
  });
  const get = { name: "get", input: { id: "a" } };
  const batch = { name: "batch", input: { calls: [get, get, get] } };
  const model = scriptedModel([
    { steps: [batch, get] },
    { steps: [{ name: "nest", input: {} }] },
    { steps: ["Done."] },
  ]);
  const executor = createExecutor({ tools: [...twoTools(), nest, batchTool()] });
  const { metrics, calls } = await runAgent({ model, executor, prompt: "Go." }).result;
  assert.deepEqual([metrics.widths, metrics.callsPerTurn, calls], [{ 1: 1, 4: 1 }, 2.5, 3]);
});
