import assert from "node:assert/strict";
import { test } from "node:test";
import { TuttiError } from "../../src/core/errors.ts";
import type { ModelResponse } from "../../src/model/model.ts";
import {
  openaiChatModel,
  type OpenAIChatClient,
  type OpenAIChatModelOptions,
} from "../../src/model/openai-chat-model.ts";
import { twoTools } from "../support/agents.ts";
import { chatClient, json, sse } from "../support/chat-client.ts";
import { calls, delta, finish, fragment } from "../support/chat-chunks.ts";

const messages = [{ role: "user" as const, content: "Go." }];
const signal = new AbortController().signal;
const tools = twoTools();
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const get = fragment('{"id":"a"}', { index: 0, id: "call_1", name: "get" });
const put = fragment("{}", { index: 1, id: "call_2", name: "put" });
const answers = {
  streamed: sse(delta({ content: "Let me look." }), calls(get, put), finish("tool_calls"), {
    choices: [],
    usage,
  }),
  whole: json({
    choices: [
      { index: 0, message: { content: "Let me look.", tool_calls: [get, put] }, finish_reason: "tool_calls" },
    ],
    usage,
  }),
};

/** What a response told: the text, and the names of the calls it committed. */
async function read<Message>(response: ModelResponse<Message>) {
  let text = "";
  const calls: string[] = [];
  for await (const progress of response) {
    text += progress.text ?? "";
    calls.push(...progress.committed.map(({ name }) => name));
  }
  return { text, calls, turn: response.turn() };
}

for (const stream of [true, false]) {
  const kind = stream ? "streamed" : "whole";

  test(`a response is progress and then a turn, ${kind}`, async () => {
    const { client } = chatClient([answers[kind]]);
    const model = openaiChatModel(client, { model: "m", stream });
    const { text, calls, turn } = await read(model.request({ messages, tools, signal }));
    assert.deepEqual([text, calls], ["Let me look.", ["get", "put"]]);
    assert.deepEqual([turn.text, turn.stop, turn.calls.length], ["Let me look.", "calls", 2]);
    assert.deepEqual(turn.usage, { inputTokens: 7, outputTokens: 3, cachedInputTokens: 0 });
    assert.equal(turn.messages.length, 1);
  });

  test(`an error of the provider is one clear line, ${kind}`, async () => {
    const error = { message: "Rate limit reached for m. Please try again in 174ms.", type: "tokens" };
    const { client } = chatClient([json({ error }, 429)]);
    const model = openaiChatModel(client, { model: "m", stream });
    await assert.rejects(read(model.request({ messages, tools, signal })), (thrown) => {
      assert.ok(thrown instanceof TuttiError);
      assert.equal(thrown.code, "model-failed");
      assert.equal(thrown.message, `429 tokens: ${error.message}`);
      assert.equal((thrown.cause as { status?: unknown }).status, 429);
      return true;
    });
  });

  // OpenRouter answers so, with status 200.
  test(`an error in place of the answer is the same clear line, ${kind}`, async () => {
    const error = { message: "Provider disconnected", type: "upstream" };
    const { client } = chatClient([stream ? sse({ error }) : json({ error })]);
    const model = openaiChatModel(client, { model: "m", stream });
    await assert.rejects(read(model.request({ messages, tools, signal })), (thrown) => {
      assert.ok(thrown instanceof TuttiError && thrown.code === "model-failed");
      assert.match(thrown.message, /Provider disconnected/);
      return true;
    });
  });

  test(`an id of a call in the history is not given to another, ${kind}`, async () => {
    const { client } = chatClient([answers[kind]]);
    const entry = { id: "call_1", type: "function" as const, function: { name: "get", arguments: "{}" } };
    const history = [
      ...messages,
      { role: "assistant" as const, tool_calls: [entry] },
      { role: "tool" as const, tool_call_id: "call_1", content: "1" },
    ];
    const model = openaiChatModel(client, { model: "m", stream });
    const { turn } = await read(model.request({ messages: history, tools, signal }));
    const ids = turn.calls.map(({ id }) => id);
    assert.notEqual(ids[0], "call_1");
    assert.equal(ids[1], "call_2");
  });
}

test("a stream that ends before the turn does has failed, and the turn is as far as it came", async () => {
  const { client } = chatClient([sse(delta({ content: "Let me" }))]);
  const response = openaiChatModel(client, { model: "m" }).request({ messages, tools, signal });
  await assert.rejects(read(response), {
    code: "model-failed",
    message: "the stream ended before the turn did",
  });
  assert.equal(response.turn().text, "Let me");
  assert.deepEqual(response.committed().messages, []);
});

test("nothing is sent before a response is iterated, and what is sent has the signal", async () => {
  const { client, requests } = chatClient([answers.streamed]);
  const controller = new AbortController();
  const response = openaiChatModel(client, { model: "m" }).request({
    messages,
    tools,
    signal: controller.signal,
  });
  assert.equal(requests.length, 0);
  await read(response);
  assert.equal(requests.length, 1);
  assert.equal(requests[0]?.signal?.aborted, false);
  controller.abort();
  assert.equal(requests[0]?.signal?.aborted, true);
});

test("the system's text comes first, more fields pass through, and the caller's tools stand behind the executor's", async () => {
  const search = { type: "function" as const, function: { name: "search" } };
  const params = { temperature: 0, tools: [search] };
  const body = await bodyOf({ params, maxTokens: 100 }, { system: "Be brief." });
  const { tools: sent, ...rest } = body;
  assert.deepEqual(rest, {
    model: "m",
    max_completion_tokens: 100,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "system", content: "Be brief." }, ...messages],
    temperature: 0,
  });
  const names = (sent as { function: { name: string } }[]).map((tool) => tool.function.name);
  assert.deepEqual(names, ["get", "put", "search"]);
});

test("without tools the request has none, and without a limit none is sent", async () => {
  assert.deepEqual(await bodyOf({ stream: false }, { tools: [] }), { model: "m", stream: false, messages });
  const own = await bodyOf({ params: { stream_options: { include_usage: false } } });
  assert.deepEqual(own["stream_options"], { include_usage: false });
});

test("the server is found by the client's base URL, and an option overrides it", async () => {
  const mistral = await bodyOf({ maxTokens: 5 }, {}, "https://api.mistral.ai/v1");
  assert.deepEqual([mistral["max_tokens"], "stream_options" in mistral], [5, false]);
  const named = await bodyOf({ maxTokens: 5, server: "mistral" }, {}, "https://gateway.example.com/v1");
  assert.deepEqual([named["max_tokens"], "stream_options" in named], [5, false]);
  const home = await bodyOf({ maxTokens: 5 }, {}, "http://localhost:8000/v1");
  assert.deepEqual([home["max_tokens"], "stream_options" in home], [5, true]);

  const { client } = chatClient([answers.streamed]);
  const model = openaiChatModel(client, { model: "m", server: "mistral" });
  const { turn } = await read(model.request({ messages, tools, signal }));
  assert.ok(turn.calls.every(({ id }) => /^[a-zA-Z0-9]{9}$/.test(id ?? "")));
});

test("misuse throws at once, and names the option", () => {
  const { client } = chatClient([]);
  const make = (options: object) => () =>
    openaiChatModel(client, { model: "m", ...options } as OpenAIChatModelOptions);
  assert.throws(make({ model: "" }), { name: "TypeError", message: /`model` must be a non-empty string/ });
  assert.throws(make({ maxTokens: 0 }), {
    name: "TypeError",
    message: /`maxTokens` must be a positive integer/,
  });
  assert.throws(make({ server: "mistrall" }), {
    name: "TypeError",
    message: /`server` must be "openai" or .*got "mistrall"/,
  });
  assert.throws(make({ temperature: 0 }), { name: "TypeError", message: /has no option `temperature`/ });
  assert.throws(() => openaiChatModel({} as OpenAIChatClient, { model: "m" }), {
    name: "TypeError",
    message: "`client` must be a client of openai, got an object",
  });
});

/** The body of the one request that a model makes. */
async function bodyOf(
  options: Partial<OpenAIChatModelOptions>,
  request: object = {},
  baseURL?: string,
): Promise<Record<string, unknown>> {
  const { client, requests } = chatClient(
    [options.stream === false ? answers.whole : answers.streamed],
    baseURL,
  );
  const model = openaiChatModel(client, { model: "m", ...options });
  await read(model.request({ messages, tools, signal, ...request }));
  return requests[0]?.body ?? {};
}
