/** When a call of a stream is committed, and when it never is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TuttiError } from "../../../src/core/errors.ts";
import { openaiChat } from "../../../src/wire/openai-chat/wire.ts";
import type { ChatChunk } from "../../../src/wire/openai-chat/protocol.ts";
import { calls, delta, finish, fragment, stream } from "../../support/chat-chunks.ts";

const a = fragment('{"x":1}', { index: 0, id: "a", name: "get" });
const b = fragment("{}", { index: 1, id: "b", name: "get" });
const callA = { id: "a", name: "get", inputText: '{"x":1}' };
const callB = { id: "b", name: "get", inputText: "{}" };

test("G9: a call is committed when the next one begins, not when its arguments are whole", () => {
  const { push } = stream();
  assert.deepEqual(push(calls(a)), []);
  assert.deepEqual(push(delta({ content: "So." })), []);
  assert.deepEqual(push(calls(b)), [callA]);
  assert.deepEqual(push(finish("tool_calls")), [callB]);
});

test("G9: of calls whose fragments interleave, a later one waits for the earlier", () => {
  const { push } = stream();
  const half = fragment('{"x"', { index: 0, id: "a", name: "get" });
  const c = fragment("", { index: 2, id: "c", name: "get" });
  assert.deepEqual(push(calls(half), calls(b), calls(c)), []);
  assert.deepEqual(push(calls(fragment(":1}", { index: 0 }))), [callA, callB]);
});

test("G9: a call that is no JSON waits for the stop reason, and is then for the executor to refuse", () => {
  const { push, finish: end } = stream();
  const bad = fragment("{x:1}", { index: 0, id: "a", name: "get" });
  assert.deepEqual(push(calls(bad), calls(b)), []);
  assert.deepEqual(push(finish("tool_calls")), [{ ...callA, inputText: "{x:1}" }, callB]);
  assert.equal(end().stop, "calls");
});

for (const [reason, read] of [
  ["length", "truncated"],
  ["max_tokens", "truncated"],
  ["model_length", "truncated"],
  ["model_context_window_exceeded", "truncated"],
  ["insufficient_system_resource", "truncated"],
  ["abort", "truncated"],
  ["repetition", "truncated"],
  ["time_limit", "truncated"],
  ["cancelled", "truncated"],
  ["content_filter", "refused"],
  ["sensitive", "refused"],
] as const) {
  test(`G9: "${reason}" commits no last call, though its arguments parse`, () => {
    const { push, finish: end } = stream();
    assert.deepEqual(push(calls(a), calls(b), finish(reason)), [callA]);
    const turn = end();
    assert.deepEqual(turn.calls, [callA, { ...callB, truncated: true }]);
    assert.equal(turn.stop, read);
    // Whole, nothing tells at which call it was cut but that each call was followed by another.
    const message = { tool_calls: [a, b] };
    const whole = openaiChat.read({ choices: [{ message, finish_reason: reason }] });
    assert.deepEqual(whole, turn);
  });
}

// https://github.com/vllm-project/vllm/issues/53269: a call that the token limit cut is reported as "tool_calls".
test("case 56, G9: arguments that break off were cut off, whatever the server says", () => {
  for (const reason of ["tool_calls", "stop"]) {
    const { push, finish: end } = stream();
    const cut = fragment('{"x": "ab', { index: 1, id: "b", name: "get" });
    assert.deepEqual(push(calls(a), calls(cut), finish(reason)), [callA]);
    const turn = end();
    assert.deepEqual(turn.calls[1], { ...callB, inputText: '{"x": "ab', truncated: true });
    assert.equal(turn.stop, "truncated");
    const message = { tool_calls: [a, cut] };
    assert.deepEqual(openaiChat.read({ choices: [{ message, finish_reason: reason }] }), turn);
  }
});

test("case 48, G9: a stream that breaks off leaves its last call truncated, though it is whole", () => {
  const { push, finish: end } = stream();
  push(calls(a), { choices: [], usage: { prompt_tokens: 1 } });
  const { calls: read, stop } = end();
  assert.deepEqual([read[0]?.truncated, stop], [true, "truncated"]);
});

test("calls decide, whatever the stop reason: they must be answered", () => {
  // Recorded of Gemini: "stop"; Together has said "eos".
  for (const reason of ["stop", "tool_calls", "function_call", "eos", "a reason of tomorrow"]) {
    const { push, finish: end } = stream();
    assert.deepEqual(push(calls(a), finish(reason)), [callA]);
    assert.equal(end().stop, "calls");
  }
  const { push, finish: end } = stream();
  push(delta({ content: "So." }), finish("tool_calls"));
  assert.equal(end().stop, "end");
});

test("a refusal is refused, and its text goes back", () => {
  const { push, finish: end } = stream();
  push(delta({ refusal: "I can" }), delta({ refusal: "not." }), finish("stop"));
  const { stop, messages } = end();
  assert.equal(stop, "refused");
  assert.deepEqual(messages, [{ role: "assistant", content: null, refusal: "I cannot." }]);
});

test("G9: a call that goes on after it was committed is an error of the model's server", () => {
  const more = calls(fragment(',"y":2}', { index: 0 }));
  for (const before of [calls(b), finish("tool_calls")]) {
    const { push, finish: end } = stream();
    assert.deepEqual(push(calls(a), before).at(0), callA);
    assert.throws(() => push(more), { name: "TuttiError", code: "model-failed" });
    assert.deepEqual(end().calls[0], callA);
  }
  // An empty object that came before the arguments, and was committed.
  const { push } = stream();
  push(calls(b), calls(fragment("", { index: 2, id: "c", name: "get" })));
  assert.throws(() => push(calls(fragment('{"x":1}', { index: 1 }))), { code: "model-failed" });
});

test("G9: what is said once more of a committed call changes nothing", () => {
  const { push, finish: end } = stream();
  push(calls(a), calls(b), finish("tool_calls"));
  assert.deepEqual(push(calls(a), calls(fragment("\n", { index: 0, id: "z", name: "" }))), []);
  assert.deepEqual(end().calls, [callA, callB]);
});

test("calls that come whole, each with its finish reason, are all committed", () => {
  const { push, finish: end } = stream();
  const last = (one: ReturnType<typeof fragment>): ChatChunk => ({
    choices: [{ delta: { tool_calls: [one] }, finish_reason: "tool_calls" }],
  });
  assert.deepEqual(push(last(a), last(b)), [callA, callB]);
  assert.equal(end().calls.length, 2);
});

test("what the model has moved on from is the calls before its last, and the text once it makes one", () => {
  const { push, committed } = stream();
  push(delta({ content: "Let me " }));
  assert.deepEqual(committed().messages, []);
  push(delta({ content: "look." }), calls(a));
  assert.deepEqual(committed().messages, [{ role: "assistant", content: "Let me look." }]);
  push(calls(fragment("{", { index: 1, id: "b", name: "get" })));
  const { messages, calls: read, stop, text } = committed();
  assert.deepEqual([read, stop, text], [[callA], "calls", "Let me look."]);
  const entry = { id: "a", type: "function", function: { name: "get", arguments: '{"x":1}' } };
  assert.deepEqual(messages, [{ role: "assistant", content: "Let me look.", tool_calls: [entry] }]);
});

test("of a turn that has come whole, all is committed", () => {
  const { push, finish: end, committed } = stream();
  push(delta({ content: "Let me look." }), calls(a), calls(b), finish("tool_calls"));
  assert.deepEqual(committed(), end());
});

test("an error inside the stream is thrown, with the error as its cause", () => {
  const error = { code: 502, message: "Provider disconnected" };
  const chunk = { error, choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }] };
  assert.throws(
    () => stream().push(chunk),
    (thrown) =>
      thrown instanceof TuttiError &&
      thrown.code === "model-failed" &&
      thrown.message === "Provider disconnected" &&
      thrown.cause === error,
  );
  assert.throws(() => openaiChat.read({ error }), { code: "model-failed", message: "Provider disconnected" });
  assert.throws(() => stream().push({ error: "overloaded" }), { message: "overloaded" });
});

test("a finish reason that is an error is one", () => {
  for (const reason of ["error", "network_error"]) {
    const message = `the server ended the response with "${reason}"`;
    assert.throws(() => stream().push(finish(reason)), { code: "model-failed", message });
  }
});

test("chunks without an answer, and fields of tomorrow, are let pass", () => {
  const { push, finish: end } = stream();
  const tomorrow = { object: "mood", choices: null } as ChatChunk;
  push({ choices: [] }, tomorrow, { choices: [{ index: 0, delta: null }] }, delta({ mood: "blue" }));
  push(delta({ content: null, tool_calls: null, function_call: { name: "", arguments: "" } }));
  push(delta({ content: "Hi." }), finish("stop"));
  assert.deepEqual(end().messages, [{ role: "assistant", content: "Hi." }]);
});

test("text is told as it comes", () => {
  const assembler = openaiChat.assemble();
  assert.deepEqual(assembler.push(delta({ content: "Hi" })), { text: "Hi", committed: [] });
  assert.deepEqual(assembler.push(delta({ content: "" })), { committed: [] });
  assert.equal(assembler.ended, false);
  assembler.push(finish("stop"));
  assert.equal(assembler.ended, true);
});
