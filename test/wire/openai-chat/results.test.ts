/** The messages that answer a turn's calls, and what the server is told of the tools. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { EncodedResult } from "../../../src/core/result.ts";
import { defineTool } from "../../../src/core/tool.ts";
import { encodeOutcome } from "../../../src/results/encode.ts";
import { image } from "../../../src/results/image.ts";
import type { ChatMessage } from "../../../src/wire/openai-chat/protocol.ts";
import { openaiChat } from "../../../src/wire/openai-chat/wire.ts";
import { notOk, ok } from "../../support/outcomes.ts";

const PNG = image(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
const url = `data:image/png;base64,${PNG.data}`;

const mixed: Outcome[] = [
  ok("sunny"),
  notOk("failed", { message: "no such city" }),
  ok([PNG, "a chart"]),
  notOk("timed-out", { code: "timeout", retryable: true, mayHaveTakenEffect: true }),
  notOk("denied", { code: "denied" }),
  ok(PNG),
  ok(undefined),
];

test("G1: mixed outcomes are answered in adjacent tool messages, one per call, in call order", () => {
  const messages = openaiChat.results(turnOf(mixed.length), mixed.map(encodeOutcome));
  const tools = messages.slice(0, mixed.length);
  assert.deepEqual(
    tools.map((message) => message.role === "tool" && message.tool_call_id),
    mixed.map((_, index) => `call_${index}`),
  );
  assert.ok(tools.every(({ content }) => typeof content === "string" && content !== ""));
  assert.deepEqual(
    messages.slice(mixed.length).map(({ role }) => role),
    ["user"],
  );
});

test("G8: the messages are the same bytes whatever the order of completion", () => {
  const expected = JSON.stringify(openaiChat.results(turnOf(mixed.length), mixed.map(encodeOutcome)));
  const indexes = mixed.map((_, index) => index);
  fc.assert(
    fc.property(fc.shuffledSubarray(indexes, { minLength: indexes.length }), (completion) => {
      const settled: EncodedResult[] = [];
      for (const index of completion) settled[index] = encodeOutcome(mixed[index] as Outcome);
      assert.equal(JSON.stringify(openaiChat.results(turnOf(mixed.length), settled)), expected);
    }),
  );
});

test("a result is text; several parts are lines; an error's text is all that tells of it", () => {
  assert.deepEqual(answer(ok("sunny")), [{ role: "tool", tool_call_id: "call_0", content: "sunny" }]);
  const parts = [{ type: "text", text: "one" } as const, { type: "text", text: "two" } as const];
  const [lines] = openaiChat.results(turnOf(1), [{ isError: false, parts }]);
  assert.equal(lines?.content, "one\ntwo");
  const [failed] = answer(notOk("failed", { message: "no such city" }));
  assert.deepEqual(JSON.parse(failed?.content as string), {
    error: { code: "tool-error", message: "no such city", retryable: false, mayHaveTakenEffect: false },
  });
});

// https://github.com/pydantic/pydantic-ai/issues/2360
test("case 4: the images of all results stand in one message behind the last, each named after its call", () => {
  const results = [ok([PNG, "a chart"]), ok("no image"), ok(PNG)].map(encodeOutcome);
  assert.deepEqual(openaiChat.results(turnOf(3), results), [
    { role: "tool", tool_call_id: "call_0", content: "(an image, shown below)\na chart" },
    { role: "tool", tool_call_id: "call_1", content: "no image" },
    { role: "tool", tool_call_id: "call_2", content: "(an image, shown below)" },
    {
      role: "user",
      content: [
        { type: "text", text: "From the result of get (call_0):" },
        { type: "image_url", image_url: { url } },
        { type: "text", text: "From the result of get (call_2):" },
        { type: "image_url", image_url: { url } },
      ],
    },
  ]);
});

test("a result names its call by the id that the history has, also where the server gave none", () => {
  const calls = [0, 1].map(() => ({ id: "", function: { name: "get", arguments: "{}" } }));
  const turn = openaiChat.read({ choices: [{ message: { tool_calls: calls }, finish_reason: "stop" }] });
  const results = openaiChat.results(turn, [ok(1), ok(2)].map(encodeOutcome));
  const [message] = turn.messages;
  assert.deepEqual(
    results.map((result) => result.role === "tool" && result.tool_call_id),
    message?.role === "assistant" && message.tool_calls?.map(({ id }) => id),
  );
});

test("a turn without calls needs no message, and results must match the calls", () => {
  assert.deepEqual(openaiChat.results(turnOf(0), []), []);
  for (const count of [1, 3]) {
    assert.throws(() => openaiChat.results(turnOf(2), Array(count).fill(encodeOutcome(ok(1)))), {
      name: "TuttiError",
      code: "invalid-message",
      message: `the turn made 2 calls, but there are ${count} results`,
    });
  }
});

test("tools are described by name, description and parameters; free text makes a custom tool", () => {
  const base = { description: "does it", effects: "read", execute: () => "" } as const;
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const;
  const weather = defineTool({ ...base, name: "weather", input: schema });
  const tools = [weather, { ...weather, name: "sql", inputSchema: { type: "string" } }];
  assert.deepEqual(openaiChat.tools(tools), [
    { type: "function", function: { name: "weather", description: "does it", parameters: schema } },
    { type: "custom", custom: { name: "sql", description: "does it" } },
  ]);
});

test("what a user says is a user message", () => {
  assert.deepEqual(openaiChat.user("hello"), { role: "user", content: "hello" });
});

function turnOf(count: number) {
  const calls = Array.from({ length: count }, (_, index) => ({
    id: `call_${index}`,
    function: { name: "get", arguments: "{}" },
  }));
  return openaiChat.read({ choices: [{ message: { tool_calls: calls }, finish_reason: "tool_calls" }] });
}

function answer(outcome: Outcome): ChatMessage[] {
  return openaiChat.results(turnOf(1), [encodeOutcome(outcome)]);
}
