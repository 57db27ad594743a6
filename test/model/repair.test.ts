/** `repair`, as each entry exports it: over the types of the official client. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type Anthropic from "@anthropic-ai/sdk";
import type { Content } from "@google/genai";
import type OpenAI from "openai";
import { repair as repairAnthropic } from "../../src/anthropic.ts";
import { repair as repairGemini } from "../../src/gemini.ts";
import { repair as repairChat } from "../../src/openai-chat.ts";
import { repair as repairResponses } from "../../src/openai-responses.ts";

const neverRan = ({ id, name }: { readonly id: string; readonly name: string }) =>
  id === "call_1" && name === "get";

/** Repairs a history that ends in a call, and again; the result says what is known of the call. */
function assertAnswered<Message>(
  history: Message[],
  repair: (history: Message[], options?: { readonly neverRan?: typeof neverRan }) => Message[],
): void {
  const [unknown, notRun] = [repair(history), repair(history, { neverRan })];
  for (const answered of [unknown, notRun]) {
    assert.equal(answered.length, history.length + 1);
    assert.deepEqual(answered.slice(0, -1), history);
    assert.equal(repair(answered), answered);
  }
  assert.match(JSON.stringify(unknown.at(-1)), /it may have run, or not/);
  assert.match(JSON.stringify(notRun.at(-1)), /not executed/);
}

test("case 12: a history of Anthropic's is repaired", () => {
  const history: Anthropic.MessageParam[] = [
    { role: "user", content: "Go." },
    { role: "assistant", content: [{ type: "tool_use", id: "call_1", name: "get", input: {} }] },
  ];
  assertAnswered(history, repairAnthropic);
});

test("case 12: a history of Chat Completions is repaired, with the ids that the server takes", () => {
  const entry = { id: "call_1", type: "function" as const, function: { name: "get", arguments: "{}" } };
  const history: OpenAI.Chat.ChatCompletionMessageParam[] = [
    { role: "user", content: "Go." },
    { role: "assistant", content: null, tool_calls: [entry] },
  ];
  assertAnswered(history, repairChat);
  const ids = (server?: "mistral") =>
    repairChat(history, { server }).map((message) =>
      message.role === "tool" ? message.tool_call_id : undefined,
    );
  assert.equal(ids().at(-1), "call_1");
  assert.match(ids("mistral").at(-1) ?? "", /^[a-zA-Z0-9]{9}$/);
});

test("case 12: a history of the Responses API is repaired", () => {
  const history: OpenAI.Responses.ResponseInputItem[] = [
    { role: "user", content: "Go." },
    { type: "function_call", call_id: "call_1", name: "get", arguments: "{}" },
  ];
  assertAnswered(history, repairResponses);
});

test("case 12: a history of Gemini's is repaired, for the model that it goes to", () => {
  const made = { functionCall: { id: "call_1", name: "get", args: {} } };
  const go = { role: "user", parts: [{ text: "Go." }] };
  const signed: Content[] = [go, { role: "model", parts: [{ ...made, thoughtSignature: "c2ln" }] }];
  assertAnswered(signed, repairGemini);

  const answer = { functionResponse: { id: "call_1", name: "get", response: { output: "1" } } };
  const unsigned: Content[] = [go, { role: "model", parts: [made] }, { role: "user", parts: [answer] }];
  assert.equal(repairGemini(unsigned, { model: "gemini-2.5-flash" }), unsigned);
  assert.notEqual(repairGemini(unsigned)[1]?.parts?.[0]?.thoughtSignature, undefined);
});
