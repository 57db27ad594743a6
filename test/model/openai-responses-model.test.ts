import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import OpenAI from "openai";
import { TuttiError } from "../../src/core/errors.ts";
import {
  openaiResponsesModel,
  type OpenAIResponsesClient,
  type OpenAIResponsesModelOptions,
} from "../../src/model/openai-responses-model.ts";
import type { ScenarioInput } from "../../src/simulator/scenario-file.ts";
import { twoTools } from "../support/agents.ts";
import { simulateFor } from "../support/simulators.ts";

type Body = Readonly<Record<string, unknown>>;

const signal = new AbortController().signal;
const messages = [{ role: "user" as const, content: "Go." }];

/** A model, and what it asked last. */
async function start(
  context: TestContext,
  options: Partial<OpenAIResponsesModelOptions> = {},
  turns: ScenarioInput["turns"] = [{ text: "Hi." }],
) {
  const simulator = await simulateFor(context, turns);
  const client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "x", maxRetries: 0 });
  const model = openaiResponsesModel(client, { model: "gpt-5.5", ...options });
  const ask = async (system?: string) => {
    const response = model.request({ messages, tools: twoTools(), signal, system });
    for await (const _ of response);
    return { turn: response.turn(), body: simulator.requests.at(-1)?.body as Body };
  };
  return { ask };
}

for (const stream of [true, false]) {
  const kind = stream ? "streamed" : "whole";

  test(`the request holds the whole history, the tools and what was chosen, ${kind}`, async (context) => {
    const { ask } = await start(context, {
      stream,
      maxTokens: 100,
      params: { temperature: 0, tools: [{ type: "web_search" }] },
    });
    const { turn, body } = await ask("Be brief.");
    assert.equal(turn.text, "Hi.");
    const { model, input, instructions, max_output_tokens: most, temperature, tools } = body;
    assert.deepEqual(
      [model, input, instructions, most, temperature],
      ["gpt-5.5", messages, "Be brief.", 100, 0],
    );
    assert.deepEqual(
      (tools as { name?: string; type: string }[]).map(({ name, type }) => name ?? type),
      ["get", "put", "web_search"],
    );
    assert.equal("previous_response_id" in body, false);
  });

  test(`an error of the provider is one clear line, ${kind}`, async (context) => {
    const failures = [{ kind: "status" as const, status: 429, message: "Slow down." }];
    const { ask } = await start(context, { stream }, [{ text: "Hi.", failures }]);
    await assert.rejects(ask(), (error) => {
      assert.ok(error instanceof TuttiError && error.code === "model-failed");
      assert.equal(error.message, "429 tokens: Slow down.");
      return true;
    });
  });
}

test("where nothing is stored a reasoning model's thoughts are asked for in encrypted form, unless the caller says otherwise", async (context) => {
  const include = async (model: string, params: OpenAIResponsesModelOptions["params"]) => {
    const { ask } = await start(context, { model, params });
    return (await ask()).body["include"];
  };
  const encrypted = ["reasoning.encrypted_content"];
  assert.deepEqual(await include("gpt-5.5", { store: false }), encrypted);
  assert.deepEqual(await include("o4-mini", { store: false }), encrypted);
  assert.equal(await include("gpt-5.5", {}), undefined);
  assert.equal(await include("gpt-4o", { store: false }), undefined);
  assert.equal(await include("gpt-5-chat-latest", { store: false }), undefined);
  assert.deepEqual(await include("gpt-5.5", { store: false, include: [] }), []);
});

test("with nothing stored, thoughts go along from turn to turn", async (context) => {
  const { ask } = await start(context, { params: { store: false } }, [
    { thinking: "Hm.", calls: [{ name: "get", input: { id: "a" } }] },
  ]);
  const { turn } = await ask();
  const [thought] = turn.messages as { type?: string; encrypted_content?: string }[];
  assert.equal(thought?.type, "reasoning");
  assert.ok((thought.encrypted_content ?? "").length > 20);
});

for (const [what, options, says] of [
  ["no model", { model: "" }, /`model` must be/],
  ["an option that there is not", { model: "m", tokens: 1 }, /has no option `tokens`/],
  ["a limit that is none", { model: "m", maxTokens: 0 }, /`maxTokens` must be a positive integer/],
  [
    "a history of the server's",
    { model: "m", params: { previous_response_id: "resp_1" } },
    /`params\.previous_response_id` cannot be used: the whole history is sent with each request/,
  ],
] as const) {
  test(`${what} is a TypeError`, () => {
    const client = new OpenAI({ apiKey: "x" });
    assert.throws(() => openaiResponsesModel(client, options as never), { name: "TypeError", message: says });
  });
}

test("what is no client is a TypeError", () => {
  assert.throws(() => openaiResponsesModel({} as OpenAIResponsesClient, { model: "m" }), {
    message: /`client` must be a client of openai, got an object/,
  });
});
