/** The results of a turn are within the executor's budget, in whichever loop (field-note case H65). */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type Anthropic from "@anthropic-ai/sdk";
import type { Message } from "@anthropic-ai/sdk/resources/messages/messages";
import type { ChatCompletion } from "openai/resources/chat/completions/completions";
import type { Response } from "openai/resources/responses/responses";
import type { GenerateContentResponse } from "@google/genai";
import * as anthropic from "../../src/anthropic.ts";
import type { Answers, AnsweredTurn } from "../../src/anthropic.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import * as gemini from "../../src/gemini.ts";
import * as openaiChat from "../../src/openai-chat.ts";
import * as openaiResponses from "../../src/openai-responses.ts";
import { encodeOutcomes } from "../../src/results/encode.ts";
import { twoTools } from "../support/agents.ts";
import { simulate } from "../support/simulators.ts";

const LONG = "x".repeat(50_000);
const CUT = /"x+\\n\[cut: [\d,]+ of 50,000 characters shown; call read_result with id /;

function longReads() {
  return createExecutor({ tools: twoTools(() => LONG), maxResultTokens: 1_000 });
}

async function turnOf(context: TestContext, executor: ReturnType<typeof longReads>) {
  const { client } = await simulate(context, [{ calls: [{ name: "get", input: { id: "a" } }] }]);
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Go." }];
  return client.messages.create({
    model: "m",
    max_tokens: 1024,
    tools: anthropic.anthropicTools(executor),
    messages,
  });
}

test("answerCalls takes results that were made within the budget, and outcomes as they are", async (context) => {
  const executor = longReads();
  const turn = anthropic.anthropicMessages.read(await turnOf(context, executor));
  const outcomes = await executor.run(turn.calls);
  const answered = (answers: Answers) => JSON.stringify(anthropic.answerCalls(turn, answers));
  assert.match(answered(await encodeOutcomes(executor, outcomes)), CUT);
  assert.ok(answered(outcomes).includes(LONG));
});

const call = { name: "get", arguments: '{"id":"a"}' };
const loops: Readonly<
  Record<string, (executor: ReturnType<typeof longReads>) => Promise<AnsweredTurn<unknown>>>
> = {
  anthropic: (executor) => {
    const content = [{ type: "tool_use", id: "toolu_1", name: "get", input: { id: "a" } }];
    const message = { type: "message", role: "assistant", content, stop_reason: "tool_use", usage: {} };
    return anthropic.runTurn(executor, message as unknown as Message);
  },
  "openai-chat": (executor) => {
    const tool_calls = [{ id: "call_1", type: "function", function: call }];
    const choices = [{ index: 0, finish_reason: "tool_calls", message: { role: "assistant", tool_calls } }];
    return openaiChat.runTurn(executor, { choices } as unknown as ChatCompletion);
  },
  "openai-responses": (executor) => {
    const output = [{ type: "function_call", id: "fc_1", call_id: "call_1", ...call }];
    return openaiResponses.runTurn(executor, { status: "completed", output } as unknown as Response);
  },
  gemini: (executor) => {
    const parts = [{ functionCall: { name: "get", args: { id: "a" } } }];
    const candidates = [{ content: { role: "model", parts }, finishReason: "STOP" }];
    return gemini.runTurn(executor, { candidates } as unknown as GenerateContentResponse);
  },
};

for (const [provider, runTurn] of Object.entries(loops)) {
  test(`a loop of one's own on ${provider} has its results within the budget`, async () => {
    const { messages } = await runTurn(longReads());
    assert.match(JSON.stringify(messages), CUT);
  });
}
