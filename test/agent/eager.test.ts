import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../../src/agent/run-agent.ts";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { eventsOf, startRun, twoTools } from "../support/agents.ts";

const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };

/** The run's events in short, and the promise of the next one of a kind. */
function listener() {
  const seen: string[] = [];
  const waiting = new Map<string, () => void>();
  return {
    seen,
    onEvent: (event: RunEvent) => {
      seen.push(shortly(event));
      waiting.get(shortly(event))?.();
    },
    heard: (event: string) => new Promise<void>((resolve) => waiting.set(event, resolve)),
  };
}

function shortly(event: RunEvent): string {
  if (event.type === "call.queued") return `queued ${event.call.name}`;
  if (event.type === "call.settled") return `settled ${event.outcome.call.name}`;
  return event.type === "call.started" ? `started ${event.call}` : event.type;
}

test("a read starts while the model still writes, a write when the turn is over", async () => {
  const { seen, onEvent, heard } = listener();
  const model = scriptedModel([
    { steps: [get, heard("settled get"), put, "And that is it."] },
    { steps: ["Done."] },
  ]);
  const executor = createExecutor({ tools: twoTools() });
  const result = await runAgent({ model, executor, prompt: "Go.", onEvent }).result;
  assert.equal(result.status, "done", result.error?.message);
  assert.deepEqual(seen, [
    "run.started",
    "turn.started",
    "batch.opened",
    "queued get",
    "started b1.1",
    "settled get",
    "queued put",
    "turn.text",
    "turn.ended",
    "started b1.2",
    "settled put",
    "batch.closed",
    "turn.answered",
    "turn.started",
    "batch.opened",
    "turn.text",
    "turn.ended",
    "batch.closed",
    "run.ended",
  ]);
});

test("a read of a streamed response starts before the stream has ended", async (context) => {
  const turns = [{ calls: [get, { ...put, pauseMs: 1 }] }, { text: "Done." }];
  const { run } = await startRun(context, { turns });
  const order = (await eventsOf(run)).map(shortly);
  assert.ok(order.indexOf("started b1.1") < order.indexOf("turn.ended"));
  assert.ok(order.indexOf("started b1.2") > order.indexOf("turn.ended"));
});

test('nothing starts early with eager "off", everything with "all"', async () => {
  for (const [eager, early] of [
    ["off", []],
    ["all", ["started b1.1", "started b1.2"]],
  ] as const) {
    const { seen, onEvent } = listener();
    const stepped = deferred();
    const model = scriptedModel([{ steps: [get, put, stepped.promise] }, { steps: ["Done."] }]);
    const executor = createExecutor({ tools: twoTools() });
    const run = runAgent({ model, executor, prompt: "Go.", eager, onEvent });
    setImmediate(() => stepped.resolve());
    await run.result;
    const started = seen.slice(0, seen.indexOf("turn.ended")).filter((event) => event.startsWith("started"));
    assert.deepEqual(started, early, eager);
  }
});

test("the calls of a turn start only when the batch of the turn before it is closed", async (context) => {
  const turns = [{ calls: [get, put, get] }, { calls: [get, get] }, { text: "Done." }];
  const { run } = await startRun(context, { turns });
  let open: string | undefined;
  for (const event of await eventsOf(run)) {
    if (event.type === "batch.opened") {
      assert.equal(open, undefined);
      open = event.batch;
    } else if (event.type === "batch.closed") open = undefined;
    else if (event.type === "call.started") assert.ok(event.call.startsWith(`${open}.`));
  }
});
