/** The message that answers a turn's calls, and what the provider is told of the tools. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { EncodedResult } from "../../../src/core/result.ts";
import { defineTool } from "../../../src/core/tool.ts";
import { encodeOutcome } from "../../../src/results/encode.ts";
import { image } from "../../../src/results/image.ts";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import type { AnthropicBlock, AnthropicToolResult } from "../../../src/wire/anthropic-messages/protocol.ts";
import { notOk, ok } from "../../support/outcomes.ts";

const PNG = image(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));

const mixed: Outcome[] = [
  ok("sunny"),
  notOk("failed", { message: "no such city" }),
  notOk("skipped", { code: "dependency-failed", message: "call 2 failed" }),
  notOk("timed-out", { code: "timeout", retryable: true, mayHaveTakenEffect: true }),
  notOk("cancelled", { code: "cancelled" }),
  notOk("denied", { code: "denied" }),
  ok(undefined),
];

test("G1: mixed outcomes are answered in one user message, one result per call, in call order", () => {
  const turn = turnOf(mixed.length);
  const [message, ...more] = anthropicMessages.results(turn, mixed.map(encodeOutcome));
  assert.deepEqual(more, []);
  assert.equal(message?.role, "user");
  const results = message.content as AnthropicToolResult[];
  assert.deepEqual(
    results.map(({ type }) => type),
    Array(mixed.length).fill("tool_result"),
  );
  assert.deepEqual(
    results.map(({ tool_use_id: id }) => id),
    turn.calls.map(({ id }) => id),
  );
  assert.deepEqual(
    results.map((result) => ("is_error" in result ? result.is_error : "absent")),
    ["absent", true, true, true, true, true, "absent"],
  );
});

test("G8: the message is the same bytes whatever the order of completion", () => {
  const expected = JSON.stringify(anthropicMessages.results(turnOf(mixed.length), mixed.map(encodeOutcome)));
  const indexes = mixed.map((_, index) => index);
  fc.assert(
    fc.property(fc.shuffledSubarray(indexes, { minLength: indexes.length }), (completion) => {
      const settled: EncodedResult[] = [];
      for (const index of completion) settled[index] = encodeOutcome(mixed[index] as Outcome);
      assert.equal(JSON.stringify(anthropicMessages.results(turnOf(mixed.length), settled)), expected);
    }),
  );
});

test("one text is a string, several parts are a list", () => {
  assert.equal(answer(encodeOutcome(ok("sunny"))).content, "sunny");
  assert.deepEqual(answer(encodeOutcome(ok(["a chart", PNG]))).content, [
    { type: "text", text: "a chart" },
    { type: "image", source: { type: "base64", media_type: "image/png", data: PNG.data } },
  ]);
  assert.equal((answer(encodeOutcome(ok(PNG))).content as unknown[]).length, 1);
});

test("what the API refuses is said in words: blank text, an image in an error, an image over its limit", () => {
  assert.equal(answer(encodeOutcome(ok(" \n"))).content, "(blank)");
  const failed = { isError: true, parts: [{ type: "text", text: "no" }, PNG] } as const;
  assert.deepEqual(answer(failed).content, [
    { type: "text", text: "no" },
    { type: "text", text: "(an image, left out of an error)" },
  ]);
  const large = { ...PNG, data: "A".repeat(5 * 1024 * 1024 + 4) };
  assert.equal(
    answer({ isError: false, parts: [large] }).content,
    "(an image, left out: 5242884 bytes in base64, of at most 5242880)",
  );
});

test("a server tool that is still pending adds nothing to the results", () => {
  const pending = { type: "server_tool_use", id: "srvtoolu_1", name: "code_execution", input: {} };
  const turn = anthropicMessages.read({ content: [pending, toolUse("a")], stop_reason: "tool_use" });
  const [message] = anthropicMessages.results(turn, [encodeOutcome(ok(1))]);
  assert.deepEqual(message?.content, [{ type: "tool_result", tool_use_id: "a", content: "1" }]);
});

test("the result of a toolset's tool names the toolset", () => {
  const use = { ...toolUse("a"), name: "screenshot", toolset_name: "computer" };
  const turn = anthropicMessages.read({ content: [use], stop_reason: "tool_use" });
  const [message] = anthropicMessages.results(turn, [encodeOutcome(ok("done"))]);
  assert.deepEqual(message?.content, [
    { type: "tool_result", tool_use_id: "a", content: "done", toolset_name: "computer" },
  ]);
});

test("a turn without calls needs no message, and results must match the calls", () => {
  assert.deepEqual(anthropicMessages.results(turnOf(0), []), []);
  for (const count of [1, 3]) {
    assert.throws(() => anthropicMessages.results(turnOf(2), Array(count).fill(encodeOutcome(ok(1)))), {
      name: "TuttiError",
      code: "invalid-message",
      message: `the turn made 2 calls, but there are ${count} results`,
    });
  }
});

test("tools are described by name, description and input schema, in their order", () => {
  const tool = (name: string) =>
    defineTool({
      name,
      description: `does ${name}`,
      input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      effects: "read",
      execute: () => "",
    });
  const input_schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  assert.deepEqual(anthropicMessages.tools([tool("b"), tool("a")]), [
    { name: "b", description: "does b", input_schema },
    { name: "a", description: "does a", input_schema },
  ]);
});

test("what a user says is a user message", () => {
  assert.deepEqual(anthropicMessages.user("hello"), { role: "user", content: "hello" });
});

function toolUse(id: string) {
  return { type: "tool_use", id, name: "tool", input: {} } satisfies AnthropicBlock & Record<string, unknown>;
}

function turnOf(calls: number) {
  const content = Array.from({ length: calls }, (_, index) => toolUse(`toolu_${index}`));
  return anthropicMessages.read({ content, stop_reason: "tool_use" });
}

function answer(result: EncodedResult): AnthropicToolResult {
  const [message] = anthropicMessages.results(turnOf(1), [result]);
  return message?.content[0] as AnthropicToolResult;
}
