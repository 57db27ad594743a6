import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/messages/messages";
import { TuttiError } from "../../src/core/errors.ts";
import { anthropicModel, type AnthropicModelOptions } from "../../src/model/anthropic-model.ts";
import type { ModelResponse } from "../../src/model/model.ts";
import { twoTools } from "../support/agents.ts";
import { simulate } from "../support/simulators.ts";

const messages = [{ role: "user" as const, content: "Go." }];
const signal = new AbortController().signal;
const tools = twoTools();

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
  test(`a response is progress and then a turn, ${stream ? "streamed" : "whole"}`, async (context) => {
    const { client } = await simulate(context, [
      { text: "Let me look.", calls: [{ name: "get", input: { id: "a" } }, { name: "put" }] },
    ]);
    const model = anthropicModel(client, { model: "m", maxTokens: 100, stream });
    const { text, calls, turn } = await read(model.request({ messages, tools, signal }));
    assert.deepEqual([text, calls], ["Let me look.", ["get", "put"]]);
    assert.deepEqual([turn.text, turn.stop, turn.calls.length], ["Let me look.", "calls", 2]);
    assert.equal(turn.messages.length, 1);
    assert.ok(turn.usage.outputTokens > 0);
  });

  test(`an error of the provider is one clear line, ${stream ? "streamed" : "whole"}`, async (context) => {
    const { client } = await simulate(context, [
      { text: "Hi.", failures: [{ kind: "status", status: 429 }] },
    ]);
    const model = anthropicModel(client, { model: "m", maxTokens: 100, stream });
    await assert.rejects(read(model.request({ messages, tools, signal })), (error) => {
      assert.ok(error instanceof TuttiError);
      assert.equal(error.code, "model-failed");
      assert.equal(
        error.message,
        "429 rate_limit_error: This request would exceed your account's rate limit. Please try again later.",
      );
      assert.equal((error.cause as { status?: unknown }).status, 429);
      return true;
    });
  });
}

test("an error event inside a stream is the same clear line", async (context) => {
  const { client } = await simulate(context, [{ text: "Hi.", failures: [{ kind: "error-event" }] }]);
  const model = anthropicModel(client, { model: "m", maxTokens: 100 });
  await assert.rejects(read(model.request({ messages, tools, signal })), {
    code: "model-failed",
    message: "overloaded_error: Overloaded",
  });
});

test("a provider that cannot be reached is named so", async (context) => {
  const { client, simulator } = await simulate(context, [{ text: "Hi." }]);
  await simulator.close();
  const model = anthropicModel(client, { model: "m", maxTokens: 100 });
  await assert.rejects(read(model.request({ messages, tools, signal })), {
    code: "model-failed",
    message: "Connection error.",
  });
});

test("a stream that ends before the turn does has failed, and the turn is as far as it came", async () => {
  const events = [
    { type: "message_start", message: { usage: { input_tokens: 7 } } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "Let me" } },
  ];
  const { model } = recording(events);
  const response = model.request({ messages, tools, signal });
  await assert.rejects(read(response), {
    code: "model-failed",
    message: "the stream ended before the turn did",
  });
  assert.deepEqual([response.turn().text, response.turn().usage.inputTokens], ["Let me", 7]);
  assert.deepEqual(response.committed().messages, []);
});

test("nothing is sent before a response is iterated", async () => {
  const { model, bodies } = recording([]);
  const response = model.request({ messages, tools, signal });
  assert.equal(bodies.length, 0);
  await assert.rejects(read(response));
  assert.equal(bodies.length, 1);
});

test("more fields of the request pass through, and the provider's tools stand behind the executor's", async () => {
  const search = { type: "web_search_20250305", name: "web_search" } as const;
  const params = {
    temperature: 0,
    thinking: { type: "enabled", budget_tokens: 2048 },
    tools: [search],
  } as const;
  const { model, bodies, signals } = recording([], { params: { ...params, tools: [search] } });
  const request = { messages, tools, signal, system: "Be brief." };
  await assert.rejects(read(model.request(request)));
  const [body] = bodies;
  assert.ok(body);
  const { tools: sent = [], ...rest } = body;
  assert.deepEqual(rest, {
    model: "m",
    max_tokens: 100,
    stream: true,
    messages,
    system: "Be brief.",
    temperature: 0,
    thinking: { type: "enabled", budget_tokens: 2048 },
  });
  assert.deepEqual(
    sent.map((tool) => ("name" in tool ? tool.name : undefined)),
    ["get", "put", "web_search"],
  );
  assert.deepEqual(signals, [signal]);
});

test("misuse throws at once, and names the option", () => {
  const { client } = recording([]);
  const make = (options: object) => () =>
    anthropicModel(client, { model: "m", maxTokens: 1, ...options } as AnthropicModelOptions);
  assert.throws(make({ model: "" }), { name: "TypeError", message: /`model` must be a non-empty string/ });
  assert.throws(make({ maxTokens: 0 }), {
    name: "TypeError",
    message: /`maxTokens` must be a positive integer/,
  });
  assert.throws(make({ temperature: 0 }), { name: "TypeError", message: /has no option `temperature`/ });
  assert.throws(() => anthropicModel({} as never, { model: "m", maxTokens: 1 }), {
    name: "TypeError",
    message: "`client` must be a client of @anthropic-ai/sdk, got an object",
  });
});

/** A model over a client that keeps what it is asked, and answers with these events. */
function recording(events: readonly unknown[], options: Partial<AnthropicModelOptions> = {}) {
  const bodies: MessageCreateParamsBase[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const client = {
    messages: {
      create: async (body: MessageCreateParamsBase, { signal }: { signal?: AbortSignal } = {}) => {
        bodies.push(body);
        signals.push(signal);
        return (async function* () {
          yield* events as never[];
        })();
      },
    },
  };
  return {
    client,
    bodies,
    signals,
    model: anthropicModel(client, { model: "m", maxTokens: 100, ...options }),
  };
}
