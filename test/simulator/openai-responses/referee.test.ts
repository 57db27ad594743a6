/** What OpenAI's Responses API refuses, rule by rule; and what it takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encrypt } from "../../../src/simulator/openai-responses/reasoning-rules.ts";
import { judge, warn } from "../../../src/simulator/openai-responses/referee.ts";

type Json = Record<string, unknown>;

const hi = { role: "user", content: "Hi." };
const call = (id: string, more: Json = {}): Json => ({
  type: "function_call",
  call_id: id,
  name: "get",
  arguments: "{}",
  ...more,
});
const output = (id: string, more: Json = {}): Json => ({
  type: "function_call_output",
  call_id: id,
  output: "done",
  ...more,
});
const thought = (id = "rs_1", more: Json = {}): Json => ({ type: "reasoning", id, summary: [], ...more });
const tool = (name: string, more: Json = {}): Json => ({
  type: "function",
  name,
  parameters: { type: "object" },
  ...more,
});
const request = (input: unknown, more: Json = {}): Json => ({ model: "gpt-5.5", input, ...more });

function refusal(body: unknown): string | undefined {
  const { message } = (judge(body)?.body["error"] ?? {}) as { readonly message?: string };
  return message;
}

const REFUSED: Readonly<Record<string, readonly [body: unknown, says: RegExp]>> = {
  "no model": [{ input: "Hi." }, /Missing required parameter: 'model'/],
  "no input": [{ model: "m" }, /must be provided/],
  "a role that there is not": [request([{ role: "robot", content: "" }]), /Invalid value: "robot"/],
  "what a user writes, from the assistant": [
    request([{ role: "assistant", content: [{ type: "input_text", text: "Hi." }] }]),
    /Supported values are: 'output_text' and 'refusal'/,
  ],
  "a call without an output": [request([hi, call("a"), hi]), /No tool output found for function call a\./],
  "an output without a call": [
    request([hi, output("a")]),
    /No tool call found for function call output with call_id a\./,
  ],
  "an output in front of its call": [request([hi, output("a"), call("a")]), /No tool call found/],
  "an output that comes twice": [request([hi, call("a"), output("a"), output("a")]), /No tool call found/],
  "a call_id that comes twice": [
    request([hi, call("a"), output("a"), call("a"), output("a")]),
    /Duplicate call_id/,
  ],
  "an item that comes twice": [
    request([hi, thought(), thought(), call("a"), output("a")]),
    /Duplicate item found with id rs_1/,
  ],
  "a call_id that is too long": [request([hi, call("x".repeat(65))]), /maximum length 64/],
  "an empty call_id": [request([hi, call("")]), /call_id': empty string/],
  "an item's id of another kind": [
    request([hi, call("a", { id: "x" })]),
    /Expected an ID that begins with 'fc'/,
  ],
  "reasoning that led to nothing (O9)": [request([hi, thought(), hi]), /without its required following item/],
  "a call whose reasoning is gone (O9)": [
    request([hi, call("a", { id: "fc_tok_1_r0" }), output("a")]),
    /was provided without its required 'reasoning' item: 'rs_tok_0'/,
  ],
  "reasoning without its content, where nothing is stored (O9)": [
    request([hi, thought(), call("a"), output("a")], { store: false }),
    /Items are not persisted when `store` is set to false/,
  ],
  "encrypted content of another item": [
    request([hi, thought("rs_1", { encrypted_content: encrypt("rs_2") }), call("a"), output("a")]),
    /could not be verified/,
  ],
  "a response that is not kept": [request("Hi.", { previous_response_id: "resp_1" }), /'resp_1' not found/],
  "two tools of one name": [request("Hi.", { tools: [tool("a"), tool("a")] }), /Duplicate tool name/],
  "a strict schema that lets fields through": [
    request("Hi.", { tools: [tool("a", { strict: true })] }),
    /'additionalProperties' is required/,
  ],
  "the switch without tools (O1)": [
    request("Hi.", { parallel_tool_calls: false }),
    /only allowed when 'tools'/,
  ],
  "the switch for a model that has none (O2)": [
    request("Hi.", { model: "o4-mini", tools: [tool("a")], parallel_tool_calls: false }),
    /'parallel_tool_calls' is not supported/,
  ],
};

for (const [what, [body, says]] of Object.entries(REFUSED)) {
  test(`${what} is refused`, () => {
    assert.match(refusal(body) ?? "it was accepted", says);
    assert.equal(judge(body)?.status, 400);
  });
}

const ACCEPTED: Readonly<Record<string, unknown>> = {
  "a text": request("Hi."),
  "an output anywhere behind its call": request([hi, call("a"), call("b"), hi, output("b"), hi, output("a")]),
  "reasoning with what it led to": request([hi, thought(), call("a"), call("b"), output("a"), output("b")]),
  "encrypted reasoning where nothing is stored": request(
    [hi, thought("rs_1", { encrypted_content: encrypt("rs_1") }), call("a"), output("a")],
    { store: false },
  ),
  "items that are newer than this": request([hi, { type: "item_of_tomorrow" }]),
  "a custom tool": request([
    hi,
    { type: "custom_tool_call", call_id: "a", name: "sql", input: "SELECT 1" },
    { type: "custom_tool_call_output", call_id: "a", output: "1" },
  ]),
};

for (const [what, body] of Object.entries(ACCEPTED)) {
  test(`${what} is accepted`, () => assert.equal(refusal(body), undefined));
}

test("DeepSeek wants results right behind their calls", () => {
  const quirks = new Set(["adjacent-results"] as const);
  const said = { role: "assistant", content: "Hm." };
  const late = request([hi, call("a"), said, call("b"), output("a"), output("b")]);
  assert.notEqual(judge(late, { quirks }), undefined);
  assert.equal(judge(late), undefined);
  assert.equal(judge(request([hi, call("a"), call("b"), output("a"), output("b")]), { quirks }), undefined);
});

test("outputs out of order, and reasoning that was encrypted elsewhere, are warned of", () => {
  const input = [
    hi,
    thought("rs_1", { encrypted_content: "gAAAAAother" }),
    call("a"),
    call("b"),
    output("b"),
    output("a"),
  ];
  assert.deepEqual(
    warn(request(input) as never).map(({ code }) => code),
    ["results-out-of-order", "signature-unchecked"],
  );
});
