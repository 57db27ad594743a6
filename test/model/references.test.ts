/** References on each provider, through its own client: what the model is shown and told, and that it saves a turn. */
import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import OpenAI from "openai";
import { runAgent } from "../../src/agent/run-agent.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import type { ExecutorOptions } from "../../src/executor/executor-options.ts";
import { referencesPrompt } from "../../src/executor/references-prompt.ts";
import { openaiChatTools } from "../../src/openai-chat.ts";
import { openaiResponsesTools } from "../../src/openai-responses.ts";
import type { ScenarioInput } from "../../src/simulator/scenario-file.ts";
import { verdicts } from "../support/agents.ts";
import { eachWay } from "../support/conformance.ts";
import { simulateFor } from "../support/simulators.ts";
import { customer, weatherTools } from "../support/weather-tools.ts";
import { callsIn, resultsIn, WIRES, type WireUnderTest } from "../support/wires.ts";

const find = { name: "get_customer", input: { id: "1234" } };
const referring = { city: "$1.address.city", days: "$1.days", unit: "celsius" };
const options = { tags: "$1.tags", detailed: false };

/** A run of a wire's model with references on. */
async function start(
  wire: WireUnderTest,
  context: TestContext,
  {
    turns,
    stream,
    references = true,
  }: { turns: ScenarioInput["turns"]; stream: boolean } & Partial<ExecutorOptions>,
) {
  const { tools, inputs } = weatherTools();
  const simulator = await simulateFor(context, turns);
  const executor = createExecutor({ tools, references });
  const model = wire.model(simulator.url, { stream });
  const result = await runAgent<unknown>({ model, executor, prompt: "Go.", system: "Be brief." }).result;
  assert.ifError(result.error);
  return {
    result,
    inputs,
    requests: simulator.requests.map(({ body }) => body),
    verdicts: verdicts(simulator),
  };
}

/** How a text stands in a request. */
function written(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

eachWay(WIRES, (wire, { stream, how }) => {
  test(`a call takes a value of another one of its turn, with its type, and a turn is saved (${how})`, async (context) => {
    const input = { ...referring, options };
    const { result, inputs, requests, verdicts } = await start(wire, context, {
      turns: [{ calls: [find, { name: "get_weather", input }] }, { text: "Sun." }],
      stream,
    });
    assert.deepEqual(verdicts, { kinds: ["0 answered", "1 answered"], complaints: [] });
    assert.deepEqual([result.status, result.turns, result.calls], ["done", 2, 2]);
    assert.deepEqual(inputs, [
      { city: "Wien", days: 3, unit: "celsius", options: { tags: customer.tags, detailed: false } },
    ]);
    // What the model wrote stays in the history as it wrote it.
    assert.deepEqual(callsIn(wire, result.messages)[0]?.[1]?.input, input);
    assert.equal(resultsIn(wire, result.messages)[0]?.[1], "3 days of sun");
    assert.equal(requests.length, 2);
  });

  test(`what a tool returned is no reference, and neither is a text with two dollars (${how})`, async (context) => {
    const tags = ["$1.motto", "$$1.days"];
    const { result, inputs } = await start(wire, context, {
      turns: [
        { calls: [find, { name: "get_weather", input: { ...referring, options: { ...options, tags } } }] },
        { text: "Sun." },
      ],
      stream,
    });
    assert.equal(result.status, "done");
    assert.deepEqual((inputs[0] as { options: { tags: string[] } }).options.tags, [
      customer.motto,
      "$1.days",
    ]);
  });

  for (const references of [true, "template"] as const) {
    test(`the model is shown and told of references (${String(references)}, ${how})`, async (context) => {
      const { requests, verdicts } = await start(wire, context, {
        turns: [{ calls: [find] }, { text: "Sun." }],
        stream,
        references,
      });
      assert.deepEqual(verdicts.complaints, []);
      const prompt = written(
        `Be brief.\n\n${referencesPrompt(references === true ? "exact" : references).text}`,
      );
      for (const body of requests) {
        const text = JSON.stringify(body);
        assert.equal(text.split(prompt).length, 2);
        // Days, unit, options, and inside them tags and whether it is detailed.
        assert.equal(text.split(written("[$][$1-9].*$")).length, 6);
      }
    });
  }
});

describe("what OpenAI's strict mode takes, it takes with references", () => {
  const ask = {
    chat: (client: OpenAI, executor: ReturnType<typeof createExecutor>) =>
      client.chat.completions.create({
        model: "gpt-5.5",
        messages: [{ role: "user", content: "Go." }],
        tools: openaiChatTools(executor).map((tool) =>
          tool.type === "function" ? { ...tool, function: { ...tool.function, strict: true } } : tool,
        ),
      }),
    responses: (client: OpenAI, executor: ReturnType<typeof createExecutor>) =>
      client.responses.create({
        model: "gpt-5.5",
        input: "Go.",
        tools: openaiResponsesTools(executor).map((tool) => ({ ...tool, strict: true })),
      }),
  };
  for (const [api, create] of Object.entries(ask)) {
    test(api, async (context) => {
      const simulator = await simulateFor(context, [{ text: "Sun." }]);
      const client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "x", maxRetries: 0 });
      const { tools } = weatherTools();
      await create(client, createExecutor({ tools, references: true, maxResultTokens: Infinity }));
      assert.deepEqual(verdicts(simulator).complaints, []);
    });
  }
});
