import assert from "node:assert/strict";
import { test } from "node:test";
import { eventsOf, resultsIn, startRun, verdicts } from "../support/agents.ts";

const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };

for (const stream of [true, false]) {
  const how = stream ? "streamed" : "whole";

  test(`a call that the token limit cut is answered and not run, ${how}`, async (context) => {
    let puts = 0;
    const turns = [
      { calls: [get, put, put], failures: [{ kind: "token-limit" as const, inBlock: 2 }] },
      { calls: [put] },
      { text: "Done." },
    ];
    const { run, simulator } = await startRun(context, { turns, put: () => ++puts, model: { stream } });
    const { status, messages } = await run.result;
    assert.equal(status, "done");
    const [first = [], second] = resultsIn(messages);
    assert.equal(first[0], "get a");
    assert.match(first[1] ?? "", /"code":"truncated"/, "a write waits for the end of the turn");
    assert.match(first[2] ?? "", /"code":"truncated"/);
    assert.deepEqual([second, puts], [["1"], 1]);
    assert.deepEqual(verdicts(simulator).complaints, []);
  });

  test(`a turn that the token limit cut before it made a call ends the run as truncated, ${how}`, async (context) => {
    const turns = [{ text: "Let me look.", stop: "truncated" as const }];
    const { run } = await startRun(context, { turns, model: { stream } });
    const { status, text, messages } = await run.result;
    assert.deepEqual([status, text, messages.length], ["truncated", "Let me look.", 2]);
  });

  test(`a refused turn runs no write and leaves nothing in the history, ${how}`, async (context) => {
    const put = () => assert.fail("ran");
    const turns = [
      { text: "No", calls: [{ name: "put", input: { id: "b" } }], stop: "refused" as const },
      { text: "Fine." },
    ];
    const { run } = await startRun(context, { turns, put, model: { stream } });
    const { status, messages, calls } = await run.result;
    assert.deepEqual([status, calls], ["refused", 0]);
    assert.deepEqual(messages, [{ role: "user", content: "Go." }]);
  });
}

test("a paused turn goes on with the same conversation, and its text with it", async (context) => {
  const turns = [
    { text: "Searching. ", serverCalls: [{ name: "web_search", result: [] }], stop: "paused" as const },
    { text: "Found it." },
  ];
  const { run, simulator } = await startRun(context, { turns });
  const { status, text, messages } = await run.result;
  assert.deepEqual([status, text], ["done", "Searching. Found it."]);
  assert.deepEqual(
    messages.map(({ role }) => role),
    ["user", "assistant", "assistant"],
  );
  assert.deepEqual(verdicts(simulator).complaints, []);
});

test("a server tool that is pending is left out of the history that a run ends with", async (context) => {
  const turns = [
    { text: "Searching.", serverCalls: [{ name: "web_search" }], stop: "paused" as const },
    { text: "Hello." },
  ];
  const { run, client } = await startRun(context, { turns, maxTurns: 1 });
  const { status, messages } = await run.result;
  assert.equal(status, "max-turns");
  const more = [...messages, { role: "user" as const, content: "Go on." }];
  await client.messages.create({ model: "m", max_tokens: 1024, messages: more });
});

test("with the last turn that is allowed its calls are run and answered", async (context) => {
  const turns = [{ calls: [get] }, { text: "Again.", calls: [get, put] }, { text: "Done." }];
  const { run } = await startRun(context, { turns, maxTurns: 2 });
  const { status, messages, text, turns: taken, calls } = await run.result;
  assert.deepEqual([status, text, taken, calls], ["max-turns", "Again.", 2, 3]);
  assert.deepEqual(resultsIn(messages), [["get a"], ["get a", "put b"]]);
});

test("calls of unknown tools and with invalid input are answered among the others", async (context) => {
  const turns = [
    { calls: [{ name: "got", input: {} }, get, { name: "get", input: { id: 1 } }, put] },
    { text: "Done." },
  ];
  const { run, simulator } = await startRun(context, { turns });
  const [results = []] = resultsIn((await run.result).messages);
  assert.match(results[0] ?? "", /"code":"unknown-tool".*`?get`?.*put/);
  assert.match(results[2] ?? "", /"code":"invalid-input".*id/);
  assert.deepEqual([results[1], results[3]], ["get a", "put b"]);
  assert.deepEqual(verdicts(simulator).complaints, []);
});

test("usage is added up over all turns, responses that broke off included", async (context) => {
  const turns = [
    {
      calls: [get],
      usage: { inputTokens: 10, outputTokens: 5 },
      failures: [{ kind: "cut" as const }],
    },
    { text: "Done.", usage: { inputTokens: 20, outputTokens: 7 } },
  ];
  const { run } = await startRun(context, { turns });
  const events = await eventsOf(run);
  assert.deepEqual((await run.result).usage, { inputTokens: 40, outputTokens: 13, cachedInputTokens: 0 });
  const ended = events.flatMap((event) => (event.type === "turn.ended" ? [event.usage.inputTokens] : []));
  assert.deepEqual(ended, [10, 20]);
});
