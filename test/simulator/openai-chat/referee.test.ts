/** What OpenAI's Chat Completions API refuses, rule by rule; and what it takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, warn } from "../../../src/simulator/openai-chat/referee.ts";

type Json = Record<string, unknown>;

const hi = { role: "user", content: "Hi." };
const call = (id: unknown, more: Json = {}): Json => ({
  id,
  type: "function",
  function: { name: "get", arguments: "{}" },
  ...more,
});
const assistant = (...calls: Json[]): Json => ({ role: "assistant", content: null, tool_calls: calls });
const result = (id: string, content: unknown = "done"): Json => ({ role: "tool", tool_call_id: id, content });
const tool = (name: string, more: Json = {}): Json => ({
  type: "function",
  function: { name, parameters: { type: "object" }, ...more },
});
const request = (messages: unknown, more: Json = {}): Json => ({ model: "gpt-4o", messages, ...more });

function refusal(body: unknown): string | undefined {
  const { message } = (judge(body)?.body["error"] ?? {}) as { readonly message?: string };
  return message;
}

const REFUSED: Readonly<Record<string, readonly [body: unknown, says: RegExp]>> = {
  "no object": ["{}", /could not parse the JSON body/],
  "no model": [{ messages: [hi] }, /you must provide a model parameter/],
  "no messages": [{ model: "m" }, /Missing required parameter: 'messages'/],
  "an empty list of messages": [request([]), /Invalid 'messages': empty array/],
  "a role that there is not": [request([{ role: "robot", content: "" }]), /Invalid value: "robot"/],
  "a user who says nothing": [request([{ role: "user", content: null }]), /expected a string, got null/],
  "an empty list of calls": [request([hi, { ...assistant(), content: "So." }]), /tool_calls': empty array/],
  "a call without an id": [request([hi, assistant(call(undefined))]), /tool_calls\[0\]\.id'/],
  "an id that is too long": [request([hi, assistant(call("x".repeat(41)))]), /maximum length 40/],
  "arguments that are no text": [
    request([hi, assistant(call("a", { function: { name: "get", arguments: {} } }))]),
    /function\.arguments': expected a string, but got an object/,
  ],
  "a call without a result": [
    request([hi, assistant(call("a"), call("b")), result("a")]),
    /did not have response messages: b/,
  ],
  "a word between call and result": [
    request([hi, assistant(call("a")), hi, result("a")]),
    /did not have response messages: a/,
  ],
  "a result without a call": [request([hi, result("a")]), /must be a response to a preceeding message/],
  "a result that comes twice": [
    request([hi, assistant(call("a")), result("a"), result("a")]),
    /preceeding message/,
  ],
  "an id that comes twice": [
    request([hi, assistant(call("a")), result("a"), assistant(call("a")), result("a")]),
    /Duplicate value for 'tool_call_id' of 'a'/,
  ],
  "audio in a result": [
    request([hi, assistant(call("a")), result("a", [{ type: "input_audio" }])]),
    /either text or image_url/,
  ],
  "an empty list of tools": [request([hi], { tools: [] }), /Invalid 'tools': empty array/],
  "two tools of one name": [request([hi], { tools: [tool("a"), tool("a")] }), /duplicate function name 'a'/],
  "a name with spaces": [request([hi], { tools: [tool("a b")] }), /does not match pattern/],
  "a strict schema that lets fields through": [
    request([hi], { tools: [tool("a", { strict: true })] }),
    /'additionalProperties' is required/,
  ],
  "a choice without tools": [
    request([hi], { tool_choice: "auto" }),
    /only allowed when 'tools' are specified/,
  ],
  "a choice of nobody": [
    request([hi], { tools: [tool("a")], tool_choice: { type: "function", function: { name: "b" } } }),
    /no function named 'b'/,
  ],
  "the switch without tools (O1)": [
    request([hi], { parallel_tool_calls: false }),
    /only allowed when 'tools' are specified/,
  ],
  "the switch for a model that has none (O2)": [
    request([hi], { model: "o3-mini", tools: [tool("a")], parallel_tool_calls: false }),
    /'parallel_tool_calls' is not supported with this model/,
  ],
  "max_tokens for a model that reasons": [
    request([hi], { model: "gpt-5.5", max_tokens: 5 }),
    /Use 'max_completion_tokens' instead/,
  ],
};

for (const [what, [body, says]] of Object.entries(REFUSED)) {
  test(`${what} is refused`, () => {
    assert.match(refusal(body) ?? "it was accepted", says);
    assert.equal(judge(body)?.status, 400);
  });
}

const ACCEPTED: Readonly<Record<string, unknown>> = {
  "calls with their results, and images behind them (O6)": request([
    hi,
    assistant(call("a"), call("b")),
    result("a"),
    result("b", [{ type: "text", text: "done" }]),
    { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } }] },
  ]),
  "calls that nobody has answered yet only in their results": request([
    hi,
    assistant(call("a")),
    result("a"),
  ]),
  "the switch beside tools": request([hi], { tools: [tool("a")], parallel_tool_calls: false }),
  "a custom tool": request(
    [hi, assistant({ id: "a", type: "custom", custom: { name: "sql", input: "SELECT 1" } }), result("a")],
    { tools: [{ type: "custom", custom: { name: "sql" } }] },
  ),
  "a refusal": request([hi, { role: "assistant", content: null, refusal: "No." }, hi]),
};

for (const [what, body] of Object.entries(ACCEPTED)) {
  test(`${what} is accepted`, () => assert.equal(refusal(body), undefined));
}

test("Mistral counts, and looks at the form of ids", () => {
  const quirks = new Set(["nine-character-ids"] as const);
  const says = (...messages: Json[]) => String(judge(request(messages), { quirks })?.body["message"]);
  assert.match(says(hi, assistant(call("call_1")), result("call_1")), /Tool call id was call_1 but must be/);
  assert.match(says(hi, assistant(call("abcdef123"))), /Not the same number of function calls and responses/);
  assert.equal(
    judge(request([hi, assistant(call("abcdef123")), result("abcdef123")]), { quirks }),
    undefined,
  );
});

test("results out of order are warned of", () => {
  const messages = [hi, assistant(call("a"), call("b")), result("b"), result("a")];
  assert.deepEqual(
    warn(request(messages) as never).map(({ code }) => code),
    ["results-out-of-order"],
  );
});
