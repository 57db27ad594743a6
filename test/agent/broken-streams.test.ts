import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../../src/agent/run-agent.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { TuttiError } from "../../src/core/errors.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { eventsOf, resultsIn, startRun, twoTools, verdicts } from "../support/agents.ts";

const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };

for (const failure of [
  { kind: "cut", inBlock: 2 },
  { kind: "cut", afterEvents: 1 },
  { kind: "error-event", inBlock: 2 },
  { kind: "error-event", afterEvents: 1 },
] as const) {
  const where = "inBlock" in failure ? "in its last call" : "at its beginning";

  test(`a stream that breaks ${where} (${failure.kind}) is asked for again`, async (context) => {
    let puts = 0;
    const turns = [
      { text: "Now.", calls: [get, put], failures: [{ ...failure, times: 2 }] },
      { text: "Done." },
    ];
    const { run, simulator } = await startRun(context, { turns, put: () => ++puts });
    const events = await eventsOf(run);
    const result = await run.result;
    assert.equal(result.status, "done", result.error?.message);
    assert.deepEqual([result.turns, result.calls, puts], [2, 2, 1]);
    assert.deepEqual(resultsIn(result.messages), [["get a", "1"]]);
    assert.deepEqual(verdicts(simulator), {
      kinds: ["0 failed", "0 failed", "0 answered", "1 answered"],
      complaints: [],
    });
    const turns1 = events.filter((event) => "turn" in event && event.turn === 1);
    const kinds = turns1.map(({ type }) => type).filter((type) => /^turn\.(?!text)/.test(type));
    const twice = "turn.started turn.broken turn.started turn.broken";
    assert.equal(kinds.join(" "), `${twice} turn.started turn.ended turn.answered`);
  });
}

test("a stream that breaks too often fails the run, with the history as it was", async (context) => {
  const turns = [
    { calls: [get] },
    { calls: [put], failures: [{ kind: "cut" as const, inBlock: 0, times: 9 }] },
  ];
  const { run, simulator } = await startRun(context, { turns, streamRetries: 1 });
  const { status, error, messages } = await run.result;
  assert.equal(status, "failed");
  assert.ok(error instanceof TuttiError);
  assert.equal(error.code, "model-failed");
  assert.deepEqual(resultsIn(messages), [["get a"]]);
  assert.deepEqual(verdicts(simulator).kinds, ["0 answered", "1 failed", "1 failed"]);
});

test("a request that is turned away is retried by the client, within its own bounds", async (context) => {
  const turns = [
    { calls: [get], failures: [{ kind: "status" as const, status: 429, retryAfterSeconds: 0 }] },
    { text: "Done.", failures: [{ kind: "status" as const, status: 529, retryAfterSeconds: 0, times: 2 }] },
  ];
  const { run, simulator } = await startRun(context, { turns, maxRetries: 1 });
  const { status, error, messages } = await run.result;
  assert.equal(status, "failed");
  assert.equal(error?.message, "529 overloaded_error: Overloaded");
  assert.deepEqual(resultsIn(messages), [["get a"]]);
  assert.deepEqual(verdicts(simulator).kinds, ["0 failed", "0 answered", "1 failed", "1 failed"]);
});

test("G7: when a write has started, the turn whose stream breaks is kept as far as it was committed", async () => {
  const wrote = deferred();
  const model = scriptedModel([
    { steps: [put, get, wrote.promise, { cutOff: get }, { breaks: new Error("the line is dead") }] },
    { steps: ["Done."] },
  ]);
  const executor = createExecutor({ tools: twoTools(undefined, () => wrote.resolve()) });
  const run = runAgent({ model, executor, prompt: "Go.", eager: "all" });
  const events = await eventsOf(run);
  const { status, messages, turns, calls } = await run.result;
  assert.deepEqual([status, turns, calls], ["done", 2, 2]);
  assert.deepEqual(messages.slice(1, 3), [
    { text: "", calls: [put, get] },
    {
      results: [
        { isError: false, parts: [{ type: "text", text: "(no output)" }] },
        { isError: false, parts: [{ type: "text", text: "get a" }] },
      ],
    },
  ]);
  assert.equal(events.filter(({ type }) => type === "turn.broken").length, 1);
  assert.equal(model.requests.length, 2);
});

test("a response that breaks before it has begun is not asked for again", async () => {
  const model = scriptedModel([]);
  const request = model.request.bind(model);
  const refusing = {
    ...model,
    request: (asked: Parameters<typeof request>[0]) => ({
      ...request(asked),
      // eslint-disable-next-line require-yield
      async *[Symbol.asyncIterator]() {
        throw new TuttiError("model-failed", "401 authentication_error: invalid x-api-key");
      },
    }),
  };
  const executor = createExecutor({ tools: twoTools() });
  const { status, error } = await runAgent({ model: refusing, executor, prompt: "Go." }).result;
  assert.deepEqual([status, error?.message], ["failed", "401 authentication_error: invalid x-api-key"]);
  assert.equal(model.requests.length, 1);
});
