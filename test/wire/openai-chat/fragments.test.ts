/** Which call a fragment belongs to, where servers leave out what would tell. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRequest } from "../../../src/core/call-request.ts";
import { openaiChat } from "../../../src/wire/openai-chat/wire.ts";
import type { ChatCallFragment } from "../../../src/wire/openai-chat/protocol.ts";
import { calls, finish, fragment, stream } from "../../support/chat-chunks.ts";

/** How a call reads: id, name and input, `-` for no id. */
function line({ id = "-", name, input, inputText }: CallRequest): string {
  return `${id} ${name} ${inputText ?? JSON.stringify(input)}`;
}

/** The calls of a stream, each fragment in a chunk of its own. */
function read(...fragments: readonly ChatCallFragment[]): string[] {
  const { push, finish: end } = stream();
  const committed = push(...fragments.map((one) => calls(one)), finish("tool_calls"));
  assert.deepEqual(end().calls, committed);
  return committed.map(line);
}

const cases: Record<string, readonly [fragments: readonly ChatCallFragment[], expected: readonly string[]]> =
  {
    "case 39: fragments of two calls that interleave are told apart by their index": [
      [
        fragment("", { index: 0, id: "a", name: "get" }),
        fragment("", { index: 1, id: "b", name: "put" }),
        fragment('{"x"', { index: 0 }),
        fragment('{"y"', { index: 1 }),
        fragment(":1}", { index: 0 }),
        fragment(":2}", { index: 1 }),
      ],
      ['a get {"x":1}', 'b put {"y":2}'],
    ],
    // https://github.com/ollama/ollama/issues/7881
    "case 40: without any index the ids tell": [
      [
        fragment('{"x"', { id: "a", name: "get" }),
        fragment(":1}"),
        fragment('{"x":2}', { id: "b", name: "get" }),
      ],
      ['a get {"x":1}', 'b get {"x":2}'],
    ],
    "case 40: without index and ids the names tell, behind a call that is whole": [
      [
        fragment("", { name: "get" }),
        fragment('{"x"'),
        fragment(":1}"),
        fragment("", { name: "get" }),
        fragment('{"x"'),
        fragment(":2}"),
        fragment("{}", { name: "put" }),
      ],
      ['- get {"x":1}', '- get {"x":2}', "- put {}"],
    ],
    // https://github.com/ollama/ollama/issues/15457
    "case 41: where every call has the index 0, the ids tell": [
      [
        fragment('{"x":1}', { index: 0, id: "a", name: "get" }),
        fragment("", { index: 0, id: "b", name: "get" }),
        fragment('{"x":2}', { index: 0 }),
      ],
      ['a get {"x":1}', 'b get {"x":2}'],
    ],
    "case 41: where every call has the index 0 and no id, the names tell": [
      [
        fragment('{"x":1}', { index: 0, id: "", name: "get" }),
        fragment('{"x":1}', { index: 0, id: "", name: "get" }),
        fragment("{}", { index: 0, id: "", name: "put" }),
      ],
      ['- get {"x":1}', '- get {"x":1}', "- put {}"],
    ],
    "case 42: a call of which all is said again each time is one, not doubled": [
      [
        fragment('{"x"', { index: 0, id: "a", name: "get" }),
        fragment('{"x":"1', { index: 0, id: "a", name: "get" }),
        fragment('{"x":"1"}', { index: 0, id: "a", name: "get" }),
        fragment('{"x":"1"}', { index: 0, id: "a", name: "get" }),
      ],
      ['a get {"x":"1"}'],
    ],
    "case 42: all of it once more behind the fragments is not doubled": [
      [
        fragment('{"x"', { index: 0, id: "a", name: "get" }),
        fragment(":1}", { index: 0 }),
        fragment('{"x":1}', { index: 0, id: "a", name: "get" }),
      ],
      ['a get {"x":1}'],
    ],
    "fragments that read as JSON both ways are read as fragments": [
      [fragment("{", { index: 0, id: "a", name: "get" }), fragment('"x":{}}', { index: 0 })],
      ['a get {"x":{}}'],
    ],
    // Recorded of Alibaba and watsonx.
    "case 43: empty ids and names behind the first fragment overwrite nothing": [
      [
        fragment('{"x"', { index: 0, id: "a", name: "get" }),
        fragment(":1}", { index: 0, id: "", name: "" }),
        { index: 0, id: null, type: null, function: { name: null, arguments: null } },
      ],
      ['a get {"x":1}'],
    ],
    // Recorded of Baseten and OpenRouter.
    "an id and a name that come with each fragment are those of one call": [
      [
        fragment('{"x"', { index: 0, id: "a", name: "get" }),
        fragment(':{"y"', { index: 0, id: "a", name: "get" }),
        fragment(":1}}", { index: 0, id: "a", name: "get" }),
        fragment("", { index: 0, id: "a", name: "get" }),
      ],
      ['a get {"x":{"y":1}}'],
    ],
    // https://github.com/vllm-project/vllm/pull/23522
    "an id of its own in each fragment does not make a call of it": [
      [
        fragment('{"x"', { index: 0, id: "a", name: "get" }),
        fragment(':"1', { index: 0, id: "b", name: "get" }),
        fragment('"}', { index: 0, id: "c" }),
        fragment('{"x":2}', { index: 0, id: "d", name: "get" }),
      ],
      ['a get {"x":"1"}', 'd get {"x":2}'],
    ],
    "an index that comes late, and one that is left out later, change nothing": [
      [
        fragment("", { id: "a", name: "get" }),
        fragment('{"x"', { index: 0 }),
        fragment(":1}"),
        fragment("{}", { index: 1, id: "b", name: "put" }),
      ],
      ['a get {"x":1}', "b put {}"],
    ],
    // https://github.com/can1357/oh-my-pi/issues/2055
    "case 44: two calls with one id are two, unless they are the same": [
      [
        fragment('{"x":1}', { index: 0, id: "a", name: "get" }),
        fragment('{"x":2}', { index: 1, id: "a", name: "get" }),
        fragment('{"x":1}', { index: 2, id: "a", name: "get" }),
        fragment('{"x":1}', { index: 3, id: "a", name: "put" }),
      ],
      ['a get {"x":1}', 'NXfG7bD02 get {"x":2}', 'wxwrFW5r0 put {"x":1}'],
    ],
    // Recorded of Databricks, Mistral and vLLM.
    "case 45: a call without arguments has an empty input": [
      [
        fragment("", { index: 0, id: "a", name: "get" }),
        { index: 1, id: "b", function: { name: "get" } },
        fragment(null, { index: 2, id: "c", name: "get" }),
        // Recorded of Groq.
        fragment("null", { index: 3, id: "d", name: "get" }),
      ],
      ["a get {}", "b get {}", "c get {}", "d get {}"],
    ],
    // https://github.com/vllm-project/vllm/pull/54964
    "case 46: arguments that are JSON in JSON are unwrapped once": [
      [fragment(JSON.stringify('{"x":1}'), { index: 0, id: "a", name: "get" })],
      ['a get {"x":1}'],
    ],
    "arguments that are an object are read like its text": [
      [fragment({ x: 1 }, { index: 0, id: "a", name: "get" })],
      ['a get {"x":1}'],
    ],
    // https://github.com/microsoft/autogen/pull/7549
    "an empty object before the arguments is no part of them": [
      [
        fragment("{}", { index: 0, id: "a", name: "get" }),
        fragment('{"x"', { index: 0 }),
        fragment(":1}", { index: 0 }),
        fragment("{}", { index: 1, id: "b", name: "put" }),
        fragment('{"y":2}', { index: 1, id: "b", name: "put" }),
      ],
      ['a get {"x":1}', 'b put {"y":2}'],
    ],
  };

for (const [title, [fragments, expected]] of Object.entries(cases)) {
  test(title, () => assert.deepEqual(read(...fragments), expected));
}

// Recorded of Mistral: several calls in one chunk, and no type.
test("calls of one chunk are read in its order", () => {
  const { push } = stream();
  const chunk = calls(fragment("{}", { id: "a", name: "get" }), fragment("{}", { id: "b", name: "put" }));
  assert.deepEqual(push(chunk, finish("tool_calls")).map(line), ["a get {}", "b put {}"]);
});

test("case 47: of calls that come whole, those without ids stay as many as they are", () => {
  const one = fragment("{}", { name: "get", id: "" });
  const { calls: read } = openaiChat.read({
    choices: [{ message: { tool_calls: [one, one] }, finish_reason: "tool_calls" }],
  });
  assert.deepEqual(read.map(line), ["- get {}", "- get {}"]);
});

test("the field of old, `function_call`, is a call without an id", () => {
  const { push, finish: end } = stream();
  const parts = [{ name: "get", arguments: "" }, { arguments: '{"x"' }, { arguments: ":1}" }];
  const chunks = parts.map((function_call) => ({ choices: [{ delta: { function_call } }] }));
  assert.deepEqual(push(...chunks, finish("function_call")).map(line), ['- get {"x":1}']);
  const message = { function_call: { name: "get", arguments: '{"x":1}' } };
  const whole = openaiChat.read({ choices: [{ message, finish_reason: "function_call" }] });
  assert.deepEqual(whole, end());
});

test("of several answers the first is read", () => {
  const { push, finish: end } = stream();
  push(
    { choices: [{ index: 1, delta: { content: "B" } }] },
    { choices: [{ index: 0, delta: { content: "A" } }] },
    { choices: [{ index: 1, delta: {}, finish_reason: "length" }] },
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  );
  assert.deepEqual([end().text, end().stop], ["A", "end"]);
});

test("a custom tool's input is its text, whole or in fragments", () => {
  const { push, finish: end } = stream();
  const custom = { name: "sql", input: "" };
  const committed = push(
    calls({ index: 0, id: "a", type: "custom", custom }),
    calls({ index: 0, custom: { input: "SELECT " } }),
    calls({ index: 0, custom: { input: '"x"' } }),
    finish("tool_calls"),
  );
  assert.deepEqual(committed, [{ id: "a", name: "sql", input: 'SELECT "x"' }]);
  const whole = openaiChat.read({
    choices: [
      {
        message: { tool_calls: [{ id: "a", type: "custom", custom: { name: "sql", input: 'SELECT "x"' } }] },
        finish_reason: "tool_calls",
      },
    ],
  });
  assert.deepEqual(whole, end());
  assert.deepEqual(whole.messages, [
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "a", type: "custom", custom: { name: "sql", input: 'SELECT "x"' } }],
    },
  ]);
});
