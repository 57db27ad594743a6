import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import type { ResponseInputItem } from "openai/resources/responses/responses";
import { createExecutor } from "../../src/executor/create-executor.ts";
import {
  answerCalls,
  openaiResponses,
  openaiResponsesTools,
  runTurn,
  type AnsweredTurn,
} from "../../src/openai-responses.ts";
import { twoTools, verdicts } from "../support/agents.ts";
import { simulateFor } from "../support/simulators.ts";

const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };
const turns = [
  { thinking: "Hm.", text: "Let me look.", calls: [get, put, get] },
  { calls: [get] },
  { text: "All is well." },
];

for (const stream of [true, false]) {
  test(`a loop of one's own runs its calls with five lines around responses.create, ${stream ? "streamed" : "whole"}`, async (context) => {
    const simulator = await simulateFor(context, turns);
    const client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "x", maxRetries: 0 });
    const executor = createExecutor({ tools: twoTools() });
    const input: ResponseInputItem[] = [{ role: "user", content: "Go." }];

    const tools = openaiResponsesTools(executor);
    let turn: AnsweredTurn<ResponseInputItem>;
    do {
      const response = await client.responses.create({ model: "gpt-5.5", input, tools, stream });
      turn = await runTurn(executor, response, { history: input });
      input.push(...turn.messages);
    } while (!turn.done);

    assert.equal(turn.text, "All is well.");
    const outputs = input.flatMap((item) => (item.type === "function_call_output" ? [item.output] : []));
    assert.deepEqual(outputs, ["get a", "put b", "get a", "get a"]);
    assert.deepEqual(verdicts(simulator), {
      kinds: ["0 answered", "1 answered", "2 answered"],
      complaints: [],
    });
  });
}

test("who runs the calls alone answers them with answerCalls", async (context) => {
  const simulator = await simulateFor(context, turns);
  const client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "x", maxRetries: 0 });
  const executor = createExecutor({ tools: twoTools() });
  const response = await client.responses.create({
    model: "gpt-5.5",
    input: "Go.",
    tools: openaiResponsesTools(executor),
  });
  const turn = openaiResponses.read(response);
  const answers = answerCalls(turn, await executor.run(turn.calls));
  assert.deepEqual(
    answers.map((item) => (item.type === "function_call_output" ? item.output : item.type)),
    ["get a", "put b", "get a"],
  );
});
