import assert from "node:assert/strict";
import { test } from "node:test";
import type OpenAI from "openai";
import { createExecutor } from "../../src/executor/create-executor.ts";
import {
  answerCalls,
  openaiChat,
  openaiChatTools,
  runTurn,
  type AnsweredTurn,
} from "../../src/openai-chat.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { twoTools } from "../support/agents.ts";
import type { Answer } from "../support/canned-fetch.ts";
import { chatClient, json, sse } from "../support/chat-client.ts";
import { calls, delta, finish, fragment } from "../support/chat-chunks.ts";

type Messages = OpenAI.Chat.ChatCompletionMessageParam[];

const go = { role: "user" as const, content: "Go." };
const get = fragment('{"id":"a"}', { index: 0, id: "call_1", name: "get" });
const put = fragment('{"id":"b"}', { index: 1, id: "call_2", name: "put" });
const again = fragment('{"id":"a"}', { index: 0, id: "call_1", name: "get" });

const whole = (message: object, finish_reason: string): Answer =>
  json({ choices: [{ index: 0, message, finish_reason }] });
const answers = {
  whole: [
    whole({ content: null, tool_calls: [get, put] }, "tool_calls"),
    whole({ content: null, tool_calls: [again] }, "tool_calls"),
    whole({ content: "All is well." }, "stop"),
  ],
  streamed: [
    sse(calls(get), calls(put), finish("tool_calls")),
    sse(calls(again), finish("tool_calls")),
    sse(delta({ content: "All is well." }), finish("stop")),
  ],
};

for (const kind of ["whole", "streamed"] as const) {
  test(`a loop of one's own runs its calls with five lines around chat.completions.create, ${kind}`, async () => {
    const { client, requests } = chatClient(answers[kind]);
    const executor = createExecutor({ tools: twoTools() });
    const messages: Messages = [go];

    const tools = openaiChatTools(executor);
    let turn: AnsweredTurn<Messages[number]>;
    do {
      const response = await client.chat.completions.create({
        model: "m",
        tools,
        messages,
        stream: kind === "streamed",
      });
      turn = await runTurn(executor, response, { history: messages });
      messages.push(...turn.messages);
    } while (!turn.done);

    assert.equal(turn.text, "All is well.");
    assert.deepEqual(resultsIn(messages), ["get a", "put b", "get a"]);
    assert.equal(requests.length, 3);
    // The server used an id twice; the history does not.
    const ids = messages.flatMap((message) => (message.role === "tool" ? message.tool_call_id : []));
    assert.deepEqual([new Set(ids).size, ids.slice(0, 2)], [3, ["call_1", "call_2"]]);
  });
}

test("who runs the calls alone answers them with answerCalls", async () => {
  const { client } = chatClient(answers.whole);
  const executor = createExecutor({ tools: twoTools() });
  const turn = openaiChat.read(await client.chat.completions.create({ model: "m", messages: [go] }));
  const outcomes = await executor.run(turn.calls);
  const messages: Messages = [go, ...turn.messages, ...answerCalls(turn, outcomes)];
  assert.deepEqual(resultsIn(messages), ["get a", "put b"]);
});

test("the server decides what of its answer goes back", async () => {
  const message = { content: null, reasoning_content: "Hm.", tool_calls: [get] };
  const said = async (server: "deepseek" | "mistral") => {
    const { client } = chatClient([whole(message, "tool_calls")]);
    const response = await client.chat.completions.create({ model: "m", messages: [go] });
    const turn = await runTurn(createExecutor({ tools: twoTools() }), response, { server });
    return turn.messages[0] as object;
  };
  assert.ok("reasoning_content" in (await said("deepseek")));
  assert.ok(!("reasoning_content" in (await said("mistral"))));
});

test("a stream that breaks off rejects, and has run nothing that writes", async () => {
  const { client } = chatClient([
    sse(calls(put), calls(fragment('{"id"', { index: 2, id: "c", name: "get" }))),
  ]);
  const executor = createExecutor({ tools: twoTools(undefined, () => assert.fail("ran")) });
  const stream = await client.chat.completions.create({ model: "m", messages: [go], stream: true });
  await assert.rejects(runTurn(executor, stream), { code: "model-failed" });
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("a refused turn is done, and leaves nothing for the history", async () => {
  const { client } = chatClient([whole({ content: null, refusal: "No." }, "stop")]);
  const executor = createExecutor({ tools: twoTools() });
  const turn = await runTurn(executor, await client.chat.completions.create({ model: "m", messages: [go] }));
  assert.deepEqual([turn.done, turn.stop, turn.messages], [true, "refused", []]);
});

test("a turn that was cut off in a call is answered, and is not done", async () => {
  const cut = fragment('{"id": "b', { index: 1, id: "call_2", name: "put" });
  const { client } = chatClient([whole({ content: null, tool_calls: [get, cut] }, "length")]);
  const executor = createExecutor({ tools: twoTools(undefined, () => assert.fail("ran")) });
  const turn = await runTurn(executor, await client.chat.completions.create({ model: "m", messages: [go] }));
  assert.deepEqual([turn.done, turn.stop], [false, "truncated"]);
  assert.deepEqual(
    turn.outcomes.map(({ error, status }) => error?.code ?? status),
    ["ok", "truncated"],
  );
  assert.deepEqual(
    turn.messages.map(({ role }) => role),
    ["assistant", "tool", "tool"],
  );
});

test("a call that reads runs while the stream goes on", async () => {
  const started = deferred();
  const executor = createExecutor({ tools: twoTools(() => started.resolve()) });
  const turn = await runTurn(
    executor,
    (async function* () {
      yield calls(get);
      yield calls(put);
      await started.promise;
      yield finish("tool_calls");
    })() as AsyncGenerator<never>,
  );
  assert.equal(turn.outcomes.length, 2);
});

test("an abort during the calls is answered", async () => {
  const { client } = chatClient(answers.whole);
  const controller = new AbortController();
  const started = deferred();
  const tools = twoTools((_, signal) => {
    started.resolve();
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
  });
  const executor = createExecutor({ tools });
  const response = await client.chat.completions.create({ model: "m", messages: [go] });
  const turn = runTurn(executor, response, { signal: controller.signal });
  await started.promise;
  controller.abort();
  const { outcomes, messages } = await turn;
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["cancelled", "cancelled"],
  );
  assert.equal(messages.length, 3);
});

function resultsIn(messages: Messages): unknown[] {
  return messages.flatMap((message) => (message.role === "tool" ? [message.content] : []));
}
