/** What of an answer goes back into the history, and how its inputs, stop reason and usage are read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import type { AnthropicBlock, AnthropicEvent } from "../../../src/wire/anthropic-messages/protocol.ts";
import { call, delta, json, start, stop, stream } from "../../support/anthropic-events.ts";

test("arguments that are no object go back inside one", () => {
  const { push, finish } = stream();
  push(start(0, call("a")), json(0, '{"path": "/etc'), stop("max_tokens"));
  assert.deepEqual(finish().messages, [
    { role: "assistant", content: [{ ...call("a"), input: { INVALID_JSON: '{"path": "/etc' } }] },
  ]);
});

for (const [title, input, deltas, expected] of [
  ["no deltas", {}, [], { input: {} }],
  ["an empty delta", {}, [""], { input: {} }],
  ["no input at all", undefined, [""], { input: {} }],
  ["input given whole at the start", { x: 1 }, [""], { input: { x: 1 } }],
  ["fragments", {}, ["", '{"x', '":', "1}"], { inputText: '{"x":1}' }],
] as const) {
  test(`a call with ${title} has its input`, () => {
    const { push, finish } = stream();
    push(start(0, { ...call("a"), input }), ...deltas.map((text) => json(0, text)));
    assert.deepEqual(push(stop("tool_use")), [{ id: "a", name: "tool", ...expected }]);
    const sent = "input" in expected ? expected.input : { x: 1 };
    assert.deepEqual(finish().messages, [{ role: "assistant", content: [{ ...call("a"), input: sent }] }]);
  });
}

test("input that a server sends as text is read strictly, or goes back inside an object", () => {
  const whole = (input: unknown) => {
    const content = [{ ...call("a"), input }];
    const { calls, messages } = anthropicMessages.read({ content, stop_reason: "tool_use" });
    const [block] = (messages[0]?.content ?? []) as { input?: unknown }[];
    return [calls[0]?.inputText ?? calls[0]?.input, block?.input];
  };
  assert.deepEqual(whole('{"x":1}'), ['{"x":1}', { x: 1 }]);
  assert.deepEqual(whole(""), ["", {}]);
  assert.deepEqual(whole(null), [{}, {}]);
  assert.deepEqual(whole("[1"), ["[1", { INVALID_JSON: "[1" }]);
  assert.deepEqual(whole([1]), [[1], { INVALID_JSON: "[1]" }]);
});

test("thinking, citations, server tools and unknown blocks go back as they came, blank text does not", () => {
  const { push, finish } = stream();
  const server = { type: "server_tool_use", id: "srv", name: "web_search", caller: { type: "direct" } };
  push(
    start(0, { type: "thinking", thinking: "", signature: "" }),
    delta(0, { type: "thinking_delta", thinking: "hm" }),
    delta(0, { type: "thinking_delta", thinking: "m" }),
    delta(0, { type: "signature_delta", signature: "sig==" }),
    start(1, { type: "redacted_thinking", data: "xyz" }),
    start(2, { type: "text", text: "" }),
    delta(2, { type: "text_delta", text: "\n\n" }),
    start(3, { ...server, input: {} }),
    json(3, '{"query":"a"}'),
    start(4, {
      type: "web_search_tool_result",
      tool_use_id: "srv",
      content: [{ type: "x" }],
    }),
    start(5, { type: "text", text: "", citations: null }),
    delta(5, { type: "text_delta", text: "so" }),
    delta(5, { type: "citations_delta", citation: { n: 1 } }),
    delta(5, { type: "citations_delta", citation: { n: 2 } }),
    start(6, { type: "compaction", content: null }),
    delta(6, { type: "compaction_delta", content: "su" }),
    delta(6, { type: "compaction_delta", content: "m" }),
    stop("end_turn"),
  );
  const turn = finish();
  assert.deepEqual(turn.messages[0]?.content, [
    { type: "thinking", thinking: "hmm", signature: "sig==" },
    { type: "redacted_thinking", data: "xyz" },
    { ...server, input: { query: "a" } },
    { type: "web_search_tool_result", tool_use_id: "srv", content: [{ type: "x" }] },
    { type: "text", text: "so", citations: [{ n: 1 }, { n: 2 }] },
    { type: "compaction", content: "sum" },
  ]);
  assert.deepEqual([turn.calls, turn.stop, turn.text], [[], "end", "\n\nso"]);
});

test("events and deltas of tomorrow are let pass", () => {
  const { push, finish } = stream();
  push(
    { type: "ping" },
    { type: "weather_report", degrees: 3 } as unknown as AnthropicEvent,
    start(0, call("a")),
    delta(0, { type: "mood_delta", mood: "blue" }),
    json(0, "{}"),
    stop("tool_use"),
  );
  assert.equal(finish().calls.length, 1);
});

test("a turn in which the model said nothing leaves nothing for the history", () => {
  assert.deepEqual(anthropicMessages.read({ content: [], stop_reason: "end_turn" }).messages, []);
  const blank = { type: "text", text: "" };
  assert.deepEqual(anthropicMessages.read({ content: [blank], stop_reason: "end_turn" }).messages, []);
});

test("calls decide, whatever the stop reason: they must be answered", () => {
  const stops = (stop_reason: string, ...content: AnthropicBlock[]) =>
    anthropicMessages.read({ content, stop_reason }).stop;
  assert.equal(stops("end_turn", call("a")), "calls");
  assert.equal(stops("pause_turn", call("a")), "calls");
  assert.equal(stops("pause_turn"), "paused");
  assert.equal(stops("tool_use"), "end");
  assert.equal(stops("stop_sequence"), "end");
});

test("input tokens count what the cache gave and took; later counts replace earlier ones", () => {
  const { push, finish } = stream();
  push(
    {
      type: "message_start",
      message: {
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 100,
          cache_creation_input_tokens: 5,
          output_tokens: 1,
        },
      },
    },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { input_tokens: null, output_tokens: 42 },
    },
  );
  assert.deepEqual(finish().usage, { inputTokens: 115, cachedInputTokens: 100, outputTokens: 42 });
});
