import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../../src/agent/run-agent.ts";
import type { RunOptions } from "../../src/agent/run-options.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { TuttiError } from "../../src/core/errors.ts";
import { scriptedModel, type ScriptedMessage } from "../../src/testing/scripted-model.ts";
import { eventsOf, resultsIn, startRun, twoTools, verdicts } from "../support/agents.ts";

const turns = [
  {
    text: "Let me look.",
    calls: [
      { name: "get", input: { id: "a" } },
      { name: "put", input: { id: "b" } },
      { name: "get", input: { id: "c" } },
    ],
  },
  { thinking: "Once more.", calls: [{ name: "get", input: { id: "d" } }] },
  { text: "All is well." },
];

for (const stream of [true, false]) {
  test(`a run goes on until the model is done, ${stream ? "streamed" : "whole"}`, async (context) => {
    const { run, simulator } = await startRun(context, { turns, model: { stream } });
    const events = await eventsOf(run);
    const result = await run.result;
    assert.deepEqual(verdicts(simulator), {
      kinds: ["0 answered", "1 answered", "2 answered"],
      complaints: [],
    });
    assert.equal(result.status, "done", result.error?.message);
    assert.equal(result.text, "All is well.");
    assert.deepEqual([result.turns, result.calls], [3, 4]);
    assert.deepEqual(resultsIn(result.messages), [["get a", "put b", "get c"], ["get d"]]);
    assert.deepEqual([events[0]?.type, events.at(-1)?.type], ["run.started", "run.ended"]);
  });
}

const get = { name: "get", input: { id: "a" } };

/** A run of two turns that needs no server. */
function scriptedRun(options: Partial<RunOptions<ScriptedMessage>> = {}) {
  const model = scriptedModel([{ steps: ["Let me look.", get] }, { steps: ["Done."] }]);
  return runAgent({ model, executor: createExecutor({ tools: twoTools() }), prompt: "Go.", ...options });
}

test("a run goes on though nobody iterates it, and who comes late hears everything", async () => {
  const live: string[] = [];
  const run = scriptedRun({ onEvent: ({ type }) => live.push(type) });
  assert.deepEqual(live, [], "nothing is told before the run is handed out");
  assert.equal((await run.result).status, "done");
  const late = (await eventsOf(run)).map(({ type }) => type);
  assert.deepEqual(late, live);
  assert.deepEqual([late[0], late.at(-1)], ["run.started", "run.ended"]);
});

test("who leaves early does not end the run", async () => {
  const run = scriptedRun();
  for await (const event of run) if (event.type === "turn.text") break;
  assert.deepEqual([(await run.result).status, (await run.result).text], ["done", "Done."]);
});

test("a run is iterated once, and says so", async () => {
  const run = scriptedRun();
  await eventsOf(run);
  await assert.rejects(eventsOf(run), {
    name: "TypeError",
    message: "the events of a run can be iterated only once; `onEvent` serves more listeners",
  });
});

test("a listener that throws or rejects changes nothing", async () => {
  const thrown = scriptedRun({
    onEvent: () => {
      throw new Error("listener");
    },
  });
  const rejected = scriptedRun({ onEvent: () => Promise.reject(new Error("listener")) });
  assert.equal((await thrown.result).status, "done");
  assert.equal((await rejected.result).status, "done");
});

test("events carry the executor's time, which never goes back", async () => {
  let now = 100;
  const clock = { now: () => now++, setTimer: () => 0, clearTimer: () => {} };
  const events = await eventsOf(scriptedRun({ executor: createExecutor({ tools: twoTools(), clock }) }));
  const times = events.map(({ at }) => at);
  assert.ok((times[0] ?? 0) >= 100);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});

test("a prompt comes behind the messages of an earlier run", async () => {
  const model = scriptedModel([{ steps: ["Done."] }, { steps: ["Done."] }]);
  const executor = createExecutor({ tools: twoTools() });
  const first = await runAgent({ model, executor, prompt: "Go." }).result;
  const second = await runAgent({ model, executor, messages: first.messages, prompt: "Once more." }).result;
  assert.deepEqual(second.messages.map(summary), ["Go.", "Done.", "Once more.", "Done."]);
});

test("a model that throws where it should not fails the run, and only the run", async () => {
  const model = scriptedModel([]);
  const broken = {
    ...model,
    request: () => {
      throw new RangeError("no such model");
    },
  };
  const { status, error, messages } = await scriptedRun({ model: broken }).result;
  assert.equal(status, "failed");
  assert.ok(error instanceof TuttiError && error.cause instanceof RangeError);
  assert.deepEqual(messages, [{ user: "Go." }]);
});

test("an executor that has been shut down fails the run", async () => {
  const executor = createExecutor({ tools: twoTools() });
  await executor.shutdown();
  const { status, error } = await scriptedRun({ executor }).result;
  assert.deepEqual([status, error?.code], ["failed", "executor-shut-down"]);
});

test("misuse throws at once, and names the option", () => {
  for (const [options, message] of [
    [{ prompt: undefined }, /needs a `prompt` or `messages`/],
    [{ prompt: "" }, /`prompt` must be a non-empty string, got ""/],
    [{ maxTurns: 0 }, /`maxTurns` must be a positive integer, got 0/],
    [{ streamRetries: -1 }, /`streamRetries` must be a positive integer/],
    [{ eager: "yes" }, /`eager` must be "off" or "reads" or "all", got "yes"/],
    [{ model: {} }, /`model` must be a model/],
    [{ executor: {} }, /`executor` must come from createExecutor/],
    [{ messages: "Go." }, /`messages` must be an array, got "Go."/],
    [{ onEvent: 1 }, /`onEvent` must be a function, got 1/],
    [{ turns: 3 }, /runAgent` has no option `turns`/],
  ] as const) {
    assert.throws(() => scriptedRun(options as never), { name: "TypeError", message });
  }
});

function summary(message: ScriptedMessage): string {
  if ("user" in message) return message.user;
  return "text" in message ? message.text : "results";
}
