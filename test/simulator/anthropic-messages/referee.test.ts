import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge, warn } from "../../../src/simulator/anthropic-messages/referee.ts";
import type { MessagesRequest } from "../../../src/simulator/anthropic-messages/request.ts";
import { sign } from "../../../src/simulator/anthropic-messages/thinking-rules.ts";
import { assistant, call, refusalOf, request, result, tool, user } from "../../support/messages-request.ts";

const thinking = (text = "Hm.", signature = sign(text)) => ({ type: "thinking", thinking: text, signature });
const enabled = { thinking: { type: "enabled", budget_tokens: 2000 } };
const search = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "tutti" } };
const found = { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] };
const unanswered = (at: number, ids: string) =>
  `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
const orphan = (at: string, id: string) =>
  `messages.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;

const two = assistant("Let me look.", call("t1"), call("t2"));

const accepted: Record<string, unknown> = {
  "a question": request([user("Hi.")]),
  "a question as plain text": request([{ role: "user", content: "Hi." }]),
  "every call answered, in order": request([user("Hi."), two, user(result("t1"), result("t2"))]),
  "text after the results": request([user("Hi."), two, user(result("t1"), result("t2"), "And now?")]),
  "a result without content": request([
    user("Hi."),
    assistant(call("t1")),
    user({ type: "tool_result", tool_use_id: "t1" }),
  ]),
  "two user messages in a row": request([user("Hi."), user("Are you there?")]),
  "an unfinished message of the assistant": request([user("Hi."), assistant("I am")]),
  "a server tool with its result": request([
    user("Hi."),
    assistant(search, found, "Found."),
    user("Thanks."),
  ]),
  "a pending server tool before results alone": request([
    user("Hi."),
    assistant(search, call("t1")),
    user(result("t1")),
  ]),
  "a pending server tool at the end": request([user("Hi."), assistant(search)]),
  "thinking that came back as it was": request(
    [user("Hi."), assistant(thinking(), call("t1")), user(result("t1"))],
    enabled,
  ),
  "a later message of the same turn without thinking": request(
    [
      user("Hi."),
      assistant(thinking(), call("t1")),
      user(result("t1")),
      assistant(call("t2")),
      user(result("t2")),
    ],
    enabled,
  ),
  "an earlier turn without its thinking": request(
    [user("Hi."), assistant(call("t1")), user(result("t1")), assistant("Done."), user("Thanks.")],
    enabled,
  ),
  "adaptive thinking that was not used": request([user("Hi."), assistant(call("t1")), user(result("t1"))], {
    thinking: { type: "adaptive" },
  }),
  "a system message before the assistant": request([
    user("Hi."),
    { role: "system", content: "Be brief." },
    assistant("Hi."),
    user("Hi?"),
  ]),
  "a choice of none without tools": request([user("Hi.")], { tools: [], tool_choice: { type: "none" } }),
  "a tool of the provider's own": request([user("Hi.")], {
    tools: [{ type: "web_search_20250305", name: "web_search" }],
  }),
};

for (const [name, body] of Object.entries(accepted)) {
  test(`the referee takes ${name}`, () => assert.equal(refusalOf(body), undefined));
}

const refused: Record<string, readonly [body: unknown, message: string]> = {
  "a call without a result (A1)": [request([user("Hi."), two, user(result("t1"))]), unanswered(1, "t2")],
  "a call that the next message ignores (A1)": [
    request([user("Hi."), two, user("Well?")]),
    unanswered(1, "t1, t2"),
  ],
  "a conversation that ends in a call": [request([user("Hi."), two]), unanswered(1, "t1, t2")],
  "text before the results (A3)": [
    request([user("Hi."), two, user("Here:", result("t1"), result("t2"))]),
    unanswered(1, "t1, t2"),
  ],
  "text between the results (A3)": [
    request([user("Hi."), two, user(result("t1"), "and", result("t2"))]),
    unanswered(1, "t2"),
  ],
  "text after a call": [
    request([user("Hi."), assistant(call("t1"), "I will look."), user(result("t1"))]),
    unanswered(1, "t1"),
  ],
  "a result whose call is gone": [request([user("Hi.", result("t9"))]), orphan("0.content.1", "t9")],
  "a result for a call of an earlier turn": [
    request([user("Hi."), assistant(call("t1")), user(result("t1")), assistant("Done."), user(result("t1"))]),
    orphan("4.content.0", "t1"),
  ],
  "a second result for a call": [
    request([user("Hi."), assistant(call("t1")), user(result("t1"), result("t1"))]),
    "messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks with id: t1",
  ],
  "an id used twice in a turn": [
    request([user("Hi."), assistant(call("t1"), call("t1")), user(result("t1"))]),
    "messages.1.content.1: `tool_use` ids must be unique",
  ],
  "an id used again in a later turn": [
    request([
      user("Hi."),
      assistant(call("t1")),
      user(result("t1")),
      assistant(call("t1")),
      user(result("t1")),
    ]),
    "messages.3.content.0: `tool_use` ids must be unique",
  ],
  "a result in the assistant's message": [
    request([user("Hi."), assistant("Done.", result("t1"))]),
    "messages.1: `tool_result` blocks can only be in `user` messages",
  ],
  "a call in the user's message": [
    request([user(call("t1"))]),
    "messages.0: `tool_use` blocks can only be in `assistant` messages",
  ],
  "an id with other characters (A12)": [
    request([user("Hi."), assistant(call("call|fc.1")), user(result("call|fc.1"))]),
    "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
  ],
  "a result's id with other characters": [
    request([user("Hi."), assistant(call("t1")), user(result("t.1"))]),
    "messages.2.content.0.tool_result.tool_use_id: String should match pattern '^[a-zA-Z0-9_-]+$'",
  ],
  "input that is no object": [
    request([user("Hi."), assistant({ ...call("t1"), input: null }), user(result("t1"))]),
    "messages.1.content.0.tool_use.input: Input should be a valid dictionary",
  ],
  "an empty result that is an error": [
    request([user("Hi."), assistant(call("t1")), user({ ...result("t1", ""), is_error: true })]),
    "messages.2.content.0.tool_result: content cannot be empty if `is_error` is true",
  ],
  "an image in a result that is an error": [
    request([
      user("Hi."),
      assistant(call("t1")),
      user({ ...result("t1", [{ type: "image" }]), is_error: true }),
    ]),
    "messages.2.content.0.tool_result: all content must be type `text` if `is_error` is true",
  ],
  "a result's text that is none": [
    request([user("Hi."), assistant(call("t1")), user(result("t1", [{ type: "text", text: 5 }]))]),
    "messages.2.content.0.tool_result.content.0.text.text: Input should be a valid string",
  ],
  "an empty text block": [request([user("")]), "messages: text content blocks must be non-empty"],
  "a blank text block": [
    request([user(" ")]),
    "messages: text content blocks must contain non-whitespace text",
  ],
  "an empty message": [
    request([{ role: "user", content: [] }]),
    "messages.0: all messages must have non-empty content except for the optional final assistant message",
  ],
  "no messages": [request([]), "messages: at least one message is required"],
  "missing messages": [request(undefined), "messages: Field required"],
  "a missing model": [request([user("Hi.")], { model: undefined }), "model: Field required"],
  "missing max_tokens": [request([user("Hi.")], { max_tokens: undefined }), "max_tokens: Field required"],
  "an unknown role": [
    request([{ role: "tool", content: "5" }]),
    "messages.0.role: Input should be 'user' or 'assistant'",
  ],
  "a system message at the beginning": [
    request([{ role: "system", content: "Be brief." }, user("Hi.")]),
    'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
  ],
  "a system message before the user's": [
    request([user("Hi."), { role: "system", content: "Be brief." }, user("Hi?")]),
    "messages.1: role 'system' must precede an 'assistant' message or end the array",
  ],
  "an assistant that speaks first": [
    request([assistant("Hi."), user("Hi.")]),
    'messages: first message must use the "user" role',
  ],
  "a tool schema without a type": [
    request([user("Hi.")], { tools: [{ name: "read", input_schema: {} }] }),
    "tools.0.custom.input_schema.type: Field required",
  ],
  "a tool without a schema": [
    request([user("Hi.")], { tools: [{ name: "read" }] }),
    "tools.0.custom.input_schema: Field required",
  ],
  "a schema that is a union": [
    request([user("Hi.")], { tools: [{ name: "read", input_schema: { type: "object", anyOf: [] } }] }),
    "tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level",
  ],
  "two tools of one name": [
    request([user("Hi.")], { tools: [tool("read"), tool("read")] }),
    "tools: Tool names must be unique.",
  ],
  "a tool name with other characters": [
    request([user("Hi.")], { tools: [tool("read.file")] }),
    "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
  ],
  "too many strict tools": [
    request([user("Hi.")], {
      tools: Array.from({ length: 21 }, (_, i) => ({ ...tool(`t${i}`), strict: true })),
    }),
    "Too many strict tools (21). The maximum number of strict tools supported is 20. Try reducing the number of tools marked as strict.",
  ],
  "calls in the history without tools": [
    request([user("Hi."), assistant(call("t1")), user(result("t1"))], { tools: undefined }),
    "Requests which include `tool_use` or `tool_result` blocks must define tools.",
  ],
  "a forced choice without tools": [
    request([user("Hi.")], { tools: undefined, tool_choice: { type: "any" } }),
    "tool_choice.any may only be specified while providing tools",
  ],
  "a choice of a tool that is not there": [
    request([user("Hi.")], { tool_choice: { type: "tool", name: "delete" } }),
    "Tool 'delete' not found in provided tools",
  ],
  "a forced choice beside thinking (A9)": [
    request([user("Hi.")], { ...enabled, tool_choice: { type: "any" } }),
    "Thinking may not be enabled when tool_choice forces tool use.",
  ],
  "text after results while a server tool is pending (A4)": [
    request([user("Hi."), assistant(search, call("t1")), user(result("t1"), "Go on.")]),
    "messages.1: `web_search` tool use with id `srvtoolu_1` was found without a corresponding `web_search_tool_result` block",
  ],
  "a server tool's result without its call": [
    request([user("Hi."), assistant(found, "Found.")]),
    "messages.1.content.0: unexpected `tool_use_id` found in `web_search_tool_result` blocks: srvtoolu_1. Each `web_search_tool_result` block must have a corresponding `server_tool_use` block before it.",
  ],
  "thinking that was altered (A11)": [
    request([user("Hi."), assistant(thinking("Hm!", sign("Hm.")), call("t1")), user(result("t1"))], enabled),
    "messages.1.content.0: Invalid `signature` in `thinking` block",
  ],
  "thinking with an empty signature (A11)": [
    request([user("Hi."), assistant(thinking("Hm.", ""), call("t1")), user(result("t1"))]),
    "messages.1.content.0: Invalid `signature` in `thinking` block",
  ],
  "thinking without a signature (A11)": [
    request([user("Hi."), assistant({ type: "thinking", thinking: "Hm." }, "Hi.")]),
    "messages.1.content.0.thinking.signature: Field required",
  ],
  "a turn without its thinking (A11)": [
    request([user("Hi."), assistant(call("t1")), user(result("t1"))], enabled),
    "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking",
  ],
};

for (const [name, [body, message]] of Object.entries(refused)) {
  test(`the referee refuses ${name}`, () => {
    assert.equal(refusalOf(body), message);
    assert.equal(judge(body)?.status, 400);
  });
}

test("results over two user messages are taken with a warning (A2)", () => {
  const body = request([user("Hi."), two, user(result("t1")), user(result("t2"))]);
  assert.equal(refusalOf(body), undefined);
  assert.deepEqual(codesOf(body), ["results-split"]);
});

test("results in another order than their calls are taken with a warning", () => {
  const body = request([user("Hi."), two, user(result("t2"), result("t1"))]);
  assert.equal(refusalOf(body), undefined);
  assert.deepEqual(codesOf(body), ["results-out-of-order"]);
});

test("thinking signed elsewhere is taken with a warning", () => {
  const body = request([user("Hi."), assistant(thinking("Hm.", "EqUDCkYICxgC"), "Hi."), user("Bye.")]);
  assert.equal(refusalOf(body), undefined);
  assert.deepEqual(codesOf(body), ["signature-unchecked"]);
});

test("a well-formed request has no warnings", () => {
  assert.deepEqual(codesOf(request([user("Hi."), two, user(result("t1"), result("t2"), "Go on.")])), []);
});

test("the referee judges any JSON without throwing", () => {
  const scrap = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      user("Hi."),
      two,
      user(result("t1"), result("t2")),
      call("t1"),
      result("t1"),
      thinking(),
      search,
    ),
  );
  const message = fc.oneof(
    scrap,
    fc.record({
      role: fc.constantFrom("user", "assistant", "system"),
      content: fc.oneof(scrap, fc.array(scrap)),
    }),
  );
  const body = fc.record(
    {
      model: fc.constant("m"),
      max_tokens: fc.constant(1),
      messages: fc.oneof(scrap, fc.array(message)),
      tools: fc.oneof(scrap, fc.array(fc.oneof(scrap, fc.constant(tool("read"))))),
      tool_choice: fc.oneof(scrap, fc.record({ type: fc.constantFrom("auto", "any", "tool") })),
      thinking: fc.oneof(scrap, fc.constant(enabled.thinking)),
    },
    { requiredKeys: ["model", "max_tokens", "messages"] },
  );
  fc.assert(
    fc.property(fc.oneof(body, fc.jsonValue()), (value) => {
      if (judge(value) === undefined) warn(value as unknown as MessagesRequest);
    }),
    { numRuns: 2000 },
  );
});

function codesOf(body: unknown): string[] {
  return warn(body as MessagesRequest).map(({ code }) => code);
}
