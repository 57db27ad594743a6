/** What of an answer goes back into the history, and how its usage is read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chatServer } from "../../../src/wire/openai-chat/servers.ts";
import { openaiChat, openaiChatWire } from "../../../src/wire/openai-chat/wire.ts";
import type { ChatMessage, ChatUsage } from "../../../src/wire/openai-chat/protocol.ts";
import { calls, delta, finish, fragment, stream } from "../../support/chat-chunks.ts";

const a = fragment('{"x":1}', { index: 0, id: "a", name: "get" });
const entry = { id: "a", type: "function" as const, function: { name: "get", arguments: '{"x":1}' } };

/** The message that an answer of a server goes back as, streamed; whole it must be the same. */
function replayed(message: Record<string, unknown>, server = "unknown"): ChatMessage | undefined {
  const { push, finish: end } = stream({ server });
  push(delta(message), finish("stop"));
  const whole = openaiChatWire(chatServer(server)).read({ choices: [{ message, finish_reason: "stop" }] });
  assert.deepEqual(whole, end());
  return whole.messages[0];
}

function replayedArguments(args: unknown): string | undefined {
  const message = replayed({ tool_calls: [fragment(args, { id: "a", name: "get" })] });
  const [call] = message?.role === "assistant" ? (message.tool_calls ?? []) : [];
  return call?.type === "function" ? call.function.arguments : undefined;
}

test("a call goes back as it came, without its index, beside text or without", () => {
  assert.deepEqual(replayed({ content: "So.", tool_calls: [a] }), {
    role: "assistant",
    content: "So.",
    tool_calls: [entry],
  });
  assert.deepEqual(replayed({ content: "", tool_calls: [a] }), {
    role: "assistant",
    content: null,
    tool_calls: [entry],
  });
});

test("an answer in which the model said nothing leaves nothing for the history", () => {
  assert.equal(replayed({ content: "" }), undefined);
  assert.equal(replayed({ content: null, reasoning_content: "Hm." }), undefined);
});

// "The 'function.arguments' parameter of the code model must be in JSON format": https://github.com/JetBrains/koog/issues/2095
test("arguments go back as JSON, whatever they were", () => {
  assert.equal(replayedArguments('{ "x": 1 }'), '{ "x": 1 }');
  assert.equal(replayedArguments(""), "{}");
  assert.equal(replayedArguments(null), "{}");
  assert.equal(replayedArguments("null"), "{}");
  assert.equal(replayedArguments({ x: 1 }), '{"x":1}');
  assert.equal(replayedArguments(JSON.stringify('{"x":1}')), '{"x":1}');
  assert.equal(replayedArguments('{"path": "/etc'), '{"INVALID_JSON":"{\\"path\\": \\"/etc"}');
  assert.equal(replayedArguments("{x:1}"), '{"INVALID_JSON":"{x:1}"}');
});

test("what came with a call goes back with it, such as Gemini's signature", () => {
  const signed = { extra_content: { google: { thought_signature: "c2ln" } } };
  const { push, finish: end } = stream({ server: "gemini" });
  push(
    calls(fragment("", { index: 0, id: "a", name: "get", ...signed })),
    calls(fragment('{"x":1}', { index: 0 })),
    calls(fragment("{}", { index: 1, id: "b", name: "get" })),
    finish("stop"),
  );
  assert.deepEqual(end().messages, [
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { ...entry, ...signed },
        { id: "b", type: "function", function: { name: "get", arguments: "{}" } },
      ],
    },
  ]);
});

test("reasoning goes back in the field that the server wants, and in no other", () => {
  const detail = { type: "reasoning.text", text: "Hm.", index: 0, signature: "c2ln" };
  const thought = { reasoning_content: "Hm.", reasoning: "Hm.", reasoning_details: [detail] };
  const fields = (server: string) => {
    const { role: _, ...rest } = replayed({ ...thought, tool_calls: [a] }, server) ?? {};
    const { content: _content, tool_calls: _calls, ...kept } = rest as Record<string, unknown>;
    return kept;
  };
  assert.deepEqual(fields("unknown"), thought);
  assert.deepEqual(fields("deepseek"), { reasoning_content: "Hm." });
  assert.deepEqual(fields("ollama"), { reasoning: "Hm." });
  assert.deepEqual(fields("openrouter"), { reasoning_details: [detail] });
  for (const server of ["openai", "azure", "mistral", "xai", "groq"]) assert.deepEqual(fields(server), {});
});

// https://openrouter.ai/docs/use-cases/reasoning-tokens: the sequence of the blocks must be that of the answer.
test("reasoning that comes in fragments is joined, each block for itself", () => {
  const { push, finish: end } = stream({ server: "openrouter" });
  const details = (...reasoning_details: object[]) => delta({ reasoning_details });
  push(
    details({ type: "reasoning.text", index: 0, text: "Let me ", format: "x" }),
    details({ type: "reasoning.text", index: 0, text: "look." }),
    details({ type: "reasoning.text", index: 0, signature: "c2ln" }),
    details(
      { type: "reasoning.encrypted", index: 1, data: "eHl6" },
      { type: "reasoning.text", index: 2, text: "So." },
    ),
    calls(a),
    finish("tool_calls"),
  );
  const [message] = end().messages as readonly { reasoning_details?: unknown }[];
  assert.deepEqual(message?.reasoning_details, [
    { type: "reasoning.text", index: 0, text: "Let me look.", format: "x", signature: "c2ln" },
    { type: "reasoning.encrypted", index: 1, data: "eHl6" },
    { type: "reasoning.text", index: 2, text: "So." },
  ]);
});

// https://docs.mistral.ai/capabilities/reasoning
test("content that comes in parts is their text; thinking is not", () => {
  const thinking = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
  const message = replayed({ content: [thinking, { type: "text", text: "So." }] }, "mistral");
  assert.deepEqual(message, { role: "assistant", content: "So." });
});

test("case 51: an id that the server does not take goes back as one that it does, and is the call's", () => {
  const { push, finish: end } = stream({ server: "mistral" });
  const legal = fragment("{}", { index: 1, id: "abcDEF123", name: "get" });
  const committed = push(calls({ ...a, id: "functions.get:0" }), calls(legal), finish("tool_calls"));
  const ids = committed.map(({ id }) => id ?? "");
  assert.match(ids[0] ?? "", /^[a-zA-Z0-9]{9}$/);
  assert.equal(ids[1], "abcDEF123");
  assert.deepEqual(idsIn(end().messages), ids);
});

test("an id of more than 40 characters is one that OpenAI refuses", () => {
  const long = "x".repeat(41);
  const { push } = stream({ server: "openai" });
  const [first, second] = push(
    calls({ ...a, id: long }),
    calls({ ...a, index: 1, id: long.slice(1) }),
    finish("tool_calls"),
  );
  assert.match(first?.id ?? "", /^[a-zA-Z0-9]{9}$/);
  assert.equal(second?.id, long.slice(1));
});

test("a call without an id gets one for the history alone: no idempotency key may be made of it", () => {
  const { push, finish: end } = stream();
  const none = fragment("{}", { name: "get", id: "" });
  const committed = push(calls(none), calls(none), finish("tool_calls"));
  assert.deepEqual(
    committed.map((call) => "id" in call),
    [false, false],
  );
  const ids = idsIn(end().messages);
  assert.equal(new Set(ids).size, 2);
  assert.ok(ids.every((id) => /^[a-zA-Z0-9]{9}$/.test(id)));
});

// Moonshot counts anew in each turn: https://github.com/maximhq/bifrost/issues/5097
test("case 44: an id that the history has is not given to another call", () => {
  const history: ChatMessage[] = [
    { role: "user", content: "Go." },
    { role: "assistant", content: null, tool_calls: [entry] },
    { role: "tool", tool_call_id: "a", content: "1" },
  ];
  const { push, finish: end } = stream({ history });
  const [call] = push(calls(a), finish("tool_calls"));
  assert.notEqual(call?.id, "a");
  assert.deepEqual(idsIn(end().messages), [call?.id]);
  const message = { tool_calls: [a] };
  assert.deepEqual(openaiChat.read({ choices: [{ message, finish_reason: "stop" }] }, { history }), end());
});

for (const [title, usage, expected] of [
  [
    "OpenAI's",
    {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 8 },
    },
    [10, 5, 8],
  ],
  // Recorded of xAI: reasoning is in the total alone.
  ["xAI's", { prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 }, [10, 105, 0]],
  ["DeepSeek's", { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 8 }, [10, 5, 8]],
  ["Together's", { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 8 }, [10, 5, 8]],
  ["an empty", { prompt_tokens: null, prompt_tokens_details: null }, [0, 0, 0]],
] as const satisfies readonly (readonly [string, ChatUsage, readonly number[]])[]) {
  test(`${title} usage is read; the prompt's tokens hold the cached ones`, () => {
    const read = { inputTokens: expected[0], outputTokens: expected[1], cachedInputTokens: expected[2] };
    const { push, finish: end } = stream();
    push(delta({ content: "Hi." }), finish("stop"), { choices: [], usage });
    assert.deepEqual(end().usage, read);
    const message = { content: "Hi." };
    assert.deepEqual(openaiChat.read({ choices: [{ message, finish_reason: "stop" }], usage }).usage, read);
  });
}

// https://github.com/earendil-works/pi/issues/2017
test("usage may stand in the answer, and no usage later takes it away", () => {
  const { push, finish: end } = stream();
  const usage = { prompt_tokens: 10, completion_tokens: 5 };
  push({ choices: [{ delta: {}, finish_reason: "stop", usage }], usage: null }, { choices: [], usage: null });
  assert.equal(end().usage.inputTokens, 10);
});

// Azure's filters answer first, and are no model.
test("the model's name is the first that is not empty", () => {
  const { push, finish: end } = stream();
  const said = { choices: [{ delta: { content: "Hi." } }], model: "gpt-x" };
  push({ choices: [], model: "" }, said, { choices: [{ delta: {}, finish_reason: "stop" }], model: "other" });
  assert.equal(end().model, "gpt-x");
});

function idsIn(messages: readonly ChatMessage[]): string[] {
  return messages.flatMap((message) =>
    message.role === "assistant" ? (message.tool_calls ?? []).map(({ id }) => id) : [],
  );
}
