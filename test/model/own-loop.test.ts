import assert from "node:assert/strict";
import { test } from "node:test";
import type Anthropic from "@anthropic-ai/sdk";
import { createExecutor } from "../../src/executor/create-executor.ts";
import {
  answerCalls,
  anthropicMessages,
  anthropicTools,
  runTurn,
  type AnsweredTurn,
} from "../../src/anthropic.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { resultsIn, twoTools, verdicts } from "../support/agents.ts";
import { simulate } from "../support/simulators.ts";

const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };
const turns = [{ text: "Let me look.", calls: [get, put, get] }, { calls: [get] }, { text: "All is well." }];
const settings = { model: "m", max_tokens: 1024 };

const responses = {
  "messages.create": (client: Anthropic, body: Anthropic.MessageCreateParamsNonStreaming) =>
    client.messages.create(body),
  "messages.create, streamed": (client: Anthropic, body: Anthropic.MessageCreateParamsNonStreaming) =>
    client.messages.create({ ...body, stream: true }),
  "messages.stream": async (client: Anthropic, body: Anthropic.MessageCreateParamsNonStreaming) =>
    client.messages.stream(body),
};

for (const [name, ask] of Object.entries(responses)) {
  test(`a loop of one's own runs its calls with five lines around ${name}`, async (context) => {
    const { client, simulator } = await simulate(context, turns);
    const executor = createExecutor({ tools: twoTools() });
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Go." }];

    const tools = anthropicTools(executor);
    let turn: AnsweredTurn<Anthropic.MessageParam>;
    do {
      turn = await runTurn(executor, await ask(client, { ...settings, tools, messages }));
      messages.push(...turn.messages);
    } while (!turn.done);

    assert.equal(turn.text, "All is well.");
    assert.deepEqual(resultsIn(messages), [["get a", "put b", "get a"], ["get a"]]);
    assert.deepEqual(verdicts(simulator), {
      kinds: ["0 answered", "1 answered", "2 answered"],
      complaints: [],
    });
  });
}

test("who runs the calls alone answers them with answerCalls", async (context) => {
  const { client } = await simulate(context, turns);
  const executor = createExecutor({ tools: twoTools() });
  const tools = anthropicTools(executor);
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Go." }];
  const turn = anthropicMessages.read(await client.messages.create({ ...settings, tools, messages }));
  const outcomes = await executor.run(turn.calls);
  messages.push(...turn.messages, ...answerCalls(turn, outcomes));
  assert.deepEqual(resultsIn(messages), [["get a", "put b", "get a"]]);
  await client.messages.create({ ...settings, tools, messages });
});

test("a stream that breaks off rejects, and has run nothing that writes", async (context) => {
  const broken = [{ calls: [get, put, get], failures: [{ kind: "cut" as const, inBlock: 2 }] }];
  const { client } = await simulate(context, broken);
  const executor = createExecutor({ tools: twoTools(undefined, () => assert.fail("ran")) });
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Go." }];
  const stream = await client.messages.create({
    ...settings,
    tools: anthropicTools(executor),
    messages,
    stream: true,
  });
  await assert.rejects(runTurn(executor, stream), { code: "model-failed" });
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("a refused turn is done, and leaves nothing for the history", async (context) => {
  const { client } = await simulate(context, [{ text: "No.", stop: "refused" }]);
  const executor = createExecutor({ tools: twoTools() });
  const message = await client.messages.create({ ...settings, messages: [{ role: "user", content: "Go." }] });
  const turn = await runTurn(executor, message);
  assert.deepEqual([turn.done, turn.stop, turn.messages], [true, "refused", []]);
});

test("a turn that was cut off in a call is answered, and is not done", async (context) => {
  const { client } = await simulate(context, [
    { calls: [get, put], failures: [{ kind: "token-limit", inBlock: 1 }] },
  ]);
  const executor = createExecutor({ tools: twoTools() });
  const body = {
    ...settings,
    tools: anthropicTools(executor),
    messages: [{ role: "user" as const, content: "Go." }],
  };
  const turn = await runTurn(executor, await client.messages.create(body));
  assert.deepEqual([turn.done, turn.stop], [false, "truncated"]);
  assert.deepEqual(
    turn.outcomes.map(({ error, status }) => error?.code ?? status),
    ["ok", "truncated"],
  );
});

test("an abort during the calls is answered", async (context) => {
  const { client } = await simulate(context, turns);
  const controller = new AbortController();
  const started = deferred();
  const tools = twoTools((_, signal) => {
    started.resolve();
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  });
  const executor = createExecutor({ tools });
  const body = {
    ...settings,
    tools: anthropicTools(executor),
    messages: [{ role: "user" as const, content: "Go." }],
  };
  const message = await client.messages.create(body);
  const turn = runTurn(executor, message, { signal: controller.signal });
  await started.promise;
  controller.abort();
  const { outcomes, messages } = await turn;
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["cancelled", "cancelled", "cancelled"],
  );
  assert.equal(messages.length, 2);
});
