/** Case 62: what a request says of parallel calls: only where it is legal, and in the place where each provider wants it. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import type { Parallel } from "../../src/core/batch.ts";
import type { Tool } from "../../src/core/tool.ts";
import { anthropicModel } from "../../src/model/anthropic-model.ts";
import type { Model } from "../../src/model/model.ts";
import { openaiChatModel } from "../../src/model/openai-chat-model.ts";
import type { Simulator } from "../../src/simulator/server.ts";
import { twoTools } from "../support/agents.ts";
import { simulateFor } from "../support/simulators.ts";
import { WIRES } from "../support/wires.ts";

type Body = Readonly<Record<string, unknown>>;

const signal = new AbortController().signal;

/** The body of the request that a model makes, which the referee must have accepted. */
async function bodyOf(
  simulator: Simulator,
  model: Model<unknown>,
  { parallel, tools = twoTools() }: { readonly parallel?: Parallel; readonly tools?: readonly Tool[] },
): Promise<Body> {
  const messages = [model.wire.user("Go.")];
  for await (const _ of model.request({ messages, tools, parallel, signal }));
  const request = simulator.requests.at(-1);
  assert.equal(request?.verdict.kind, "answered", JSON.stringify(request?.verdict));
  return request?.body as Body;
}

const simulate = (context: TestContext) => simulateFor(context, [{ text: "Hi." }]);

const EXPECTED: Readonly<Record<string, Body>> = {
  "anthropic-messages": { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
  "openai-chat": {},
  "openai-responses": { parallel_tool_calls: false },
  gemini: {},
};

for (const wire of WIRES) {
  for (const stream of [true, false]) {
    test(`case 62: the wish for one call at a time is said where ${wire.name} wants it, ${stream ? "streamed" : "whole"}`, async (context) => {
      const simulator = await simulate(context);
      const model = wire.model(simulator.url, { stream });
      const said = await bodyOf(simulator, model, { parallel: "one-at-a-time" });
      const unsaid = await bodyOf(simulator, model, {});
      assert.deepEqual(added(unsaid, said), EXPECTED[wire.name]);
      // Without tools it is an error.
      const alone = await bodyOf(simulator, model, { parallel: "one-at-a-time", tools: [] });
      assert.deepEqual([alone["tool_choice"], alone["parallel_tool_calls"]], [undefined, undefined]);
    });
  }
}

test("case 62: servers of Chat Completions are told where they take it, and those that need it are told otherwise too", async (context) => {
  const simulator = await simulate(context);
  const client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "x", maxRetries: 0 });
  const said = async (options: Parameters<typeof openaiChatModel>[1], parallel: Parallel) =>
    (await bodyOf(simulator, openaiChatModel(client, options), { parallel }))["parallel_tool_calls"];
  assert.equal(await said({ model: "gpt-5.5", server: "openai" }, "one-at-a-time"), false);
  assert.equal(await said({ model: "gpt-5.5", server: "openai" }, "auto"), undefined);
  assert.equal(await said({ model: "o4-mini", server: "openai" }, "one-at-a-time"), undefined);
  assert.equal(await said({ model: "kimi-k2", server: "moonshot" }, "one-at-a-time"), false);
  assert.equal(await said({ model: "deepseek-v4", server: "deepseek" }, "one-at-a-time"), undefined);
  assert.equal(await said({ model: "qwen", server: "llama-cpp" }, "auto"), true);
  assert.equal(await said({ model: "qwen", server: "llama-cpp" }, "one-at-a-time"), false);
});

test("case 62: what the caller says stands", async (context) => {
  const simulator = await simulate(context);
  const openai = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "x", maxRetries: 0 });
  const chat = openaiChatModel(openai, {
    model: "gpt-5.5",
    server: "openai",
    params: { parallel_tool_calls: true },
  });
  assert.equal((await bodyOf(simulator, chat, { parallel: "one-at-a-time" }))["parallel_tool_calls"], true);
  const anthropic = new Anthropic({ baseURL: simulator.url, apiKey: "x", maxRetries: 0 });
  const choices = [
    [{ type: "any" as const }, { type: "any", disable_parallel_tool_use: true }],
    [{ type: "none" as const }, { type: "none" }],
    [
      { type: "auto" as const, disable_parallel_tool_use: false },
      { type: "auto", disable_parallel_tool_use: false },
    ],
  ] as const;
  for (const [tool_choice, expected] of choices) {
    const model = anthropicModel(anthropic, { model: "m", maxTokens: 10, params: { tool_choice } });
    assert.deepEqual(
      (await bodyOf(simulator, model, { parallel: "one-at-a-time" }))["tool_choice"],
      expected,
    );
  }
});

function added(before: Body, after: Body): Body {
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value)),
  );
}
