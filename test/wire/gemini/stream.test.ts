/** When a call of a stream is committed, when it never is, and what ends a turn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FinishReason } from "@google/genai";
import { TuttiError } from "../../../src/core/errors.ts";
import type { GeminiResponse } from "../../../src/wire/gemini/protocol.ts";
import { gemini } from "../../../src/wire/gemini/wire.ts";
import { call, chunk, finish, stream } from "../../support/gemini-chunks.ts";

const a = call("get", { x: 1 }, { id: "a" });
const b = call("get", {}, { id: "b" });
const callA = { id: "a", name: "get", input: { x: 1 } };
const callB = { id: "b", name: "get", input: {} };
const late = { text: "", thoughtSignature: "c2ln" };

test("G9: a call is committed when a later part comes, though it came whole", () => {
  const { push } = stream();
  assert.deepEqual(push(chunk(a)), []);
  assert.deepEqual(push(chunk(b)), [callA]);
  assert.deepEqual(push(chunk({ text: "So." })), [callB]);
});

test("G9: a chunk without a part of its own commits nothing", () => {
  const { push } = stream();
  assert.deepEqual(push(chunk(a), chunk({ text: "" }), chunk(), { usageMetadata: {} }), []);
  assert.deepEqual(push(chunk(late)), [callA]);
});

test("G9: calls of one chunk are committed in its order, all but the last", () => {
  const { push } = stream();
  assert.deepEqual(push(chunk({ text: "So." }, a, b)), [callA]);
  assert.deepEqual(push(finish("STOP")), [callB]);
});

// Recorded of Gemini 3: the reason comes with an empty text. Recorded of 2.5: it comes with the last call.
test('"STOP" commits what is left, with the last call or behind it', () => {
  for (const last of [[chunk(b), finish("STOP", { text: "" })], [finish("STOP", b)]]) {
    const { push, ended, finish: end, committed } = stream();
    push(chunk(a));
    assert.equal(ended(), false);
    assert.deepEqual(push(...last), [callA, callB]);
    assert.equal(ended(), true);
    const turn = end();
    assert.deepEqual([turn.stop, turn.calls], ["calls", [callA, callB]]);
    assert.deepEqual(committed(), turn);
  }
});

for (const [reason, read] of [
  ["MAX_TOKENS", "truncated"],
  [2, "truncated"],
  ["CONTINUATION", "truncated"],
  ["OTHER", "truncated"],
  ["A_REASON_OF_TOMORROW", "truncated"],
  // 6 is one reason on Google AI, and another on Vertex.
  [6, "truncated"],
  ["SAFETY", "refused"],
  [3, "refused"],
  ["RECITATION", "refused"],
  ["PROHIBITED_CONTENT", "refused"],
  ["MODEL_ARMOR", "refused"],
] as const) {
  test(`case 55, G9: ${reason} commits no last call, though it came whole`, () => {
    const { push, finish: end, committed } = stream();
    assert.deepEqual(push(chunk(a), finish(reason, b)), [callA]);
    const turn = end();
    assert.deepEqual(turn.calls, [callA, { ...callB, truncated: true }]);
    assert.equal(turn.stop, read);
    assert.deepEqual(committed().calls, [callA]);
    assert.deepEqual(gemini.read(finish(reason, a, b)), turn);
  });
}

test("G9: what was cut off stays so, whatever a later chunk says", () => {
  for (const [reason, read] of [
    ["MAX_TOKENS", "truncated"],
    ["SAFETY", "refused"],
  ] as const) {
    const { push, finish: end } = stream();
    assert.deepEqual(push(finish(reason, a), finish("STOP")), []);
    assert.equal(end().stop, read);
  }
});

test("every reason of the SDK ends a turn or fails it, and only STOP lets the last call run", () => {
  const reasons = Object.values(FinishReason).filter((reason) => reason !== "FINISH_REASON_UNSPECIFIED");
  assert.ok(reasons.length > 15);
  const letRun = reasons.filter((reason) => {
    const { push, ended } = stream();
    try {
      const committed = push(finish(reason, a));
      assert.equal(ended(), true);
      return committed.length > 0;
    } catch (error) {
      assert.ok(error instanceof TuttiError && error.code === "model-failed", reason);
      return false;
    }
  });
  assert.deepEqual(letRun, ["STOP"]);
});

test("no reason yet is written in three ways", () => {
  for (const reason of ["", 0, "FINISH_REASON_UNSPECIFIED"]) {
    const { push, ended, finish: end } = stream();
    assert.deepEqual(push(finish(reason, a)), []);
    assert.deepEqual([ended(), end().stop], [false, "truncated"]);
  }
});

// The model wrote a call as code: https://github.com/langchain-ai/langchain-google/issues/725
test("a turn that the provider threw away is a failure of the model, in its words", () => {
  const failed = (reason: string, finishMessage?: string): GeminiResponse => ({
    candidates: [{ finishReason: reason, ...(finishMessage !== undefined && { finishMessage }) }],
  });
  const cases: readonly (readonly [GeminiResponse, string])[] = [
    [
      failed("MALFORMED_FUNCTION_CALL", "Malformed function call: print(default_api.get())"),
      "MALFORMED_FUNCTION_CALL: Malformed function call: print(default_api.get())",
    ],
    [failed("MALFORMED_FUNCTION_CALL"), "MALFORMED_FUNCTION_CALL"],
    [failed("UNEXPECTED_TOOL_CALL"), "UNEXPECTED_TOOL_CALL"],
    [failed("TOO_MANY_TOOL_CALLS"), "TOO_MANY_TOOL_CALLS"],
    [failed("MISSING_THOUGHT_SIGNATURE"), "MISSING_THOUGHT_SIGNATURE"],
    [failed("MALFORMED_RESPONSE"), "MALFORMED_RESPONSE"],
  ];
  for (const [response, message] of cases) {
    assert.throws(() => gemini.read(response), { name: "TuttiError", code: "model-failed", message });
    const { push, finish: end, committed } = stream();
    assert.deepEqual(push(chunk(a), chunk(b)), [callA]);
    assert.throws(() => push(response), { code: "model-failed", message });
    // What had been committed may have run: it is what stays.
    assert.deepEqual(end().calls, [callA, { ...callB, truncated: true }]);
    assert.deepEqual(committed().calls, [callA]);
  }
});

// "finishReason": "STOP" and no parts, after a result whose call was dropped: https://github.com/su-kaka/gcli2api/pull/406
test("an empty answer that looks like success is none", () => {
  const cases: readonly (readonly [GeminiResponse, string])[] = [
    [finish("STOP"), "the model said nothing, and stopped with STOP"],
    [{ candidates: [{ finishReason: "STOP" }] }, "the model said nothing, and stopped with STOP"],
    [finish("STOP", { text: "" }), "the model said nothing, and stopped with STOP"],
    [finish("STOP", { text: "Hm.", thought: true }), "the model said nothing, and stopped with STOP"],
    [finish("STOP", late), "the model said nothing, and stopped with STOP"],
    [finish("OTHER"), "the model said nothing, and stopped with OTHER"],
    [{ candidates: [] }, "the response holds no answer"],
    [{}, "the response holds no answer"],
    [chunk(a), "the response broke off before a finish reason came"],
  ];
  for (const [response, message] of cases) {
    assert.throws(() => gemini.read(response), { name: "TuttiError", code: "model-failed", message });
    const { push, ended, finish: end } = stream();
    push(response);
    assert.deepEqual([ended(), end().stop], [false, "truncated"]);
  }
});

test("an answer cut off before anything was said is a turn all the same", () => {
  const turn = gemini.read(finish("MAX_TOKENS", { text: "Hm.", thought: true }));
  assert.deepEqual([turn.stop, turn.messages, turn.text], ["truncated", [], ""]);
});

test('"STOP" on every chunk, as proxies write it, ends nothing before something was said', () => {
  const { push, ended, finish: end } = stream();
  push(finish("STOP"), finish("STOP", { text: "" }));
  assert.equal(ended(), false);
  const parts = [{ text: "Let me " }, { text: "look." }, a, b];
  assert.deepEqual(push(...parts.map((part) => finish("STOP", part))), [callA, callB]);
  assert.deepEqual(end(), gemini.read(finish("STOP", ...parts)));
});

test("case 48: a stream that breaks off has not ended, and its last call is not committed", () => {
  const { push, ended, finish: end } = stream();
  assert.deepEqual(push(chunk(a), chunk(b)), [callA]);
  const { stop, calls } = end();
  assert.deepEqual([ended(), stop, calls], [false, "truncated", [callA, { ...callB, truncated: true }]]);
});

test("a prompt that was blocked is a refused turn", () => {
  const blocked = { promptFeedback: { blockReason: "PROHIBITED_CONTENT" } };
  const { push, ended, finish: end } = stream();
  push(blocked);
  assert.deepEqual([ended(), end().stop, end().messages], [true, "refused", []]);
  assert.deepEqual(gemini.read(blocked), end());
  // A reason that is unspecified is none.
  const passed = { ...finish("STOP", a), promptFeedback: { blockReason: "BLOCK_REASON_UNSPECIFIED" } };
  assert.deepEqual(gemini.read(passed).calls, [callA]);
});

test("of several candidates the first is read, in whatever order they come", () => {
  const { push, finish: end } = stream();
  const other = (finishReason: string) => ({
    content: { parts: [{ text: "B" }] },
    finishReason,
    index: 1,
  });
  const [first] = chunk(a).candidates ?? [];
  assert.deepEqual(push({ candidates: [other("STOP"), first ?? {}] }), []);
  assert.deepEqual(push({ candidates: [other("MALFORMED_FUNCTION_CALL")] }), []);
  assert.deepEqual(push(finish("STOP")), [callA]);
  assert.deepEqual([end().text, end().stop], ["", "calls"]);
});

test("an error inside the stream is thrown, with the error as its cause", () => {
  const error = { code: 503, status: "UNAVAILABLE", message: "The model is overloaded." };
  assert.throws(
    () => stream().push({ error }),
    (thrown) =>
      thrown instanceof TuttiError &&
      thrown.code === "model-failed" &&
      thrown.message === "UNAVAILABLE: The model is overloaded." &&
      thrown.cause === error,
  );
  assert.throws(() => stream().push({ error: {} }), { message: "the server failed" });
});

test("chunks without an answer, and fields of tomorrow, are let pass", () => {
  const { push, finish: end } = stream();
  const tomorrow: object = { mood: "blue", candidates: [{ mood: "blue", index: 0 }] };
  assert.deepEqual(push({}, { candidates: [] }, tomorrow as GeminiResponse, finish("STOP", a)), [callA]);
  assert.equal(end().stop, "calls");
});

test("text is told as it comes; thoughts are not the answer's text", () => {
  const assembler = gemini.assemble();
  assert.deepEqual(assembler.push(chunk({ text: "Hm.", thought: true })), { committed: [] });
  assert.deepEqual(assembler.push(chunk({ text: "Hi" }, { text: " you" })), {
    text: "Hi you",
    committed: [],
  });
  assert.deepEqual(assembler.push(finish("STOP", { text: "." })), { text: ".", committed: [] });
  assert.deepEqual([assembler.finish().text, assembler.finish().stop], ["Hi you.", "end"]);
});

test("what the model has moved on from is the parts before its last", () => {
  const { push, committed } = stream();
  push(chunk({ text: "Let me " }), chunk({ text: "look." }));
  assert.deepEqual(committed().messages, []);
  push(chunk(a));
  assert.deepEqual(committed().messages, [{ role: "model", parts: [{ text: "Let me look." }] }]);
  push(chunk(b));
  const { messages, calls, stop, text } = committed();
  assert.deepEqual([calls, stop, text], [[callA], "calls", "Let me look."]);
  assert.deepEqual(messages, [{ role: "model", parts: [{ text: "Let me look." }, a] }]);
});

test("case 47: two calls that are the same stay two, and one that a proxy repeats with its id is one", () => {
  const bare = call("get", { x: 1 });
  const twice = stream();
  assert.equal(twice.push(chunk(bare), chunk(bare), finish("STOP")).length, 2);
  const repeated = stream();
  assert.deepEqual(repeated.push(chunk(a), chunk(a), chunk(b, a), finish("STOP", b)), [callA, callB]);
  assert.deepEqual(repeated.finish().messages, [{ role: "model", parts: [a, b] }]);
});

test("two calls that differ are two, also with one id", () => {
  const { push, finish: end } = stream();
  const other = call("get", { x: 2 }, { id: "a" });
  const named = call("put", { x: 1 }, { id: "a" });
  assert.deepEqual(push(chunk(a), chunk(other), finish("STOP", named)), [
    callA,
    { ...callA, input: { x: 2 } },
    { ...callA, name: "put" },
  ]);
  assert.equal(end().calls.length, 3);
});

test("case 45: a call without arguments has an empty input", () => {
  const { push } = stream();
  const none = { functionCall: { name: "get" } };
  assert.deepEqual(push(chunk(none), finish("STOP", { functionCall: { name: "get", id: "", args: {} } })), [
    { name: "get", input: {} },
    { name: "get", input: {} },
  ]);
});
