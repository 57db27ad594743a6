/** The items that answer calls. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { EncodedResult } from "../../../src/core/result.ts";
import { defineTool } from "../../../src/core/tool.ts";
import type { ResponsesResponse } from "../../../src/wire/openai-responses/protocol.ts";
import { openaiResponses } from "../../../src/wire/openai-responses/wire.ts";
import { call } from "../../support/responses-events.ts";

const text = (value: string): EncodedResult => ({ isError: false, parts: [{ type: "text", text: value }] });
const read = (...output: { readonly type: string }[]) =>
  openaiResponses.read({ status: "completed", output } as ResponsesResponse);

test("case 53: each call is answered by its call_id, in call order, also where the item's id differs", () => {
  const turn = read(call("a", "{}", { id: "x" }), call("b", "{}"));
  assert.deepEqual(openaiResponses.results(turn, [text("one"), text("two")]), [
    { type: "function_call_output", call_id: "a", output: "one" },
    { type: "function_call_output", call_id: "b", output: "two" },
  ]);
  assert.throws(() => openaiResponses.results(turn, [text("one")]), { code: "invalid-message" });
});

test("images stand in the output itself, and who called is told back", () => {
  const caller = { type: "program", caller_id: "p" };
  const turn = read(call("a", "{}", { caller }));
  const parts = [
    { type: "text", text: "A dot:" },
    { type: "image", mediaType: "image/png", data: "aGk=" },
  ] as const;
  assert.deepEqual(openaiResponses.results(turn, [{ isError: false, parts }]), [
    {
      type: "function_call_output",
      call_id: "a",
      output: [
        { type: "input_text", text: "A dot:" },
        { type: "input_image", image_url: "data:image/png;base64,aGk=", detail: "auto" },
      ],
      caller,
    },
  ]);
});

test("a response that failed or was cancelled is an error", () => {
  const failed = { status: "failed", error: { code: "server_error", message: "It broke." } };
  assert.throws(() => openaiResponses.read(failed), /server_error: It broke\./);
  assert.throws(() => openaiResponses.read({ status: "cancelled" }), /the response was cancelled/);
});

test("what the official client adds to items does not go back", () => {
  const parsed = {
    type: "message",
    id: "msg_1",
    role: "assistant",
    content: [{ type: "output_text", text: "{}", parsed: {} }],
  };
  const turn = read(parsed, call("a", "{}", { parsed_arguments: {} }));
  assert.equal(JSON.stringify(turn.messages).includes("parsed"), false);
});

test("a tool is told of with `strict` said, and one that takes a string as custom", () => {
  const tool = defineTool({
    name: "get",
    description: "Gets.",
    input: { type: "object" },
    effects: "read",
    execute: () => 1,
  });
  assert.deepEqual(openaiResponses.tools([tool]), [
    { type: "function", name: "get", description: "Gets.", parameters: { type: "object" }, strict: false },
  ]);
});
