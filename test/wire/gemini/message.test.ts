/** What of an answer goes back into the history, and how its usage is read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { GeminiPart, GeminiUsage } from "../../../src/wire/gemini/protocol.ts";
import { gemini } from "../../../src/wire/gemini/wire.ts";
import { call, chunk, finish, stream } from "../../support/gemini-chunks.ts";

const a = call("get", { x: 1 }, { id: "a", sign: "c2lnbmVk" });
const b = call("get", {}, { id: "b" });

/** The parts that an answer goes back as, each part in a chunk of its own; whole it must be the same. */
function replayed(...parts: readonly object[]): readonly object[] {
  const { push, finish: end } = stream();
  const all = parts as readonly GeminiPart[];
  push(...all.map((part) => chunk(part)), finish("STOP"));
  assert.deepEqual(gemini.read(finish("STOP", ...all)), end());
  const [content, ...more] = end().messages;
  assert.deepEqual([content?.role, more], ["model", []]);
  return content?.parts ?? [];
}

test("case 8: all parts go back as they came, in one content: thoughts, text, calls, the provider's own tools", () => {
  const parts = [
    { text: "Hm.", thought: true },
    { text: "Let me look." },
    { executableCode: { language: "PYTHON", code: "1 + 1" } },
    { codeExecutionResult: { outcome: "OUTCOME_OK", output: "2" } },
    a,
    b,
    { text: "Wait." },
    { partOfTomorrow: { mood: "blue" } },
  ];
  assert.equal(JSON.stringify(replayed(...parts)), JSON.stringify(parts));
});

// Recorded: of several calls the first is signed. https://github.com/diegosouzapw/OmniRoute/pull/11669: others may be.
test("each signature stays on the part that it came on, and no part gets one", () => {
  const c = call("get", {}, { sign: "b3RoZXI=" });
  assert.deepEqual(replayed(a, b, c), [a, b, c]);
});

test("a signature that comes late, on an empty text, goes back on it", () => {
  const late = { text: "", thoughtSignature: "c2lnbmVk" };
  assert.deepEqual(replayed(b, late), [b, late]);
  assert.deepEqual(replayed({ text: "Done." }, late), [{ text: "Done." }, late]);
});

test("text that comes in pieces is joined, but never over a signature, nor with thoughts", () => {
  const signed = { text: "c", thoughtSignature: "c2lnbmVk" };
  assert.deepEqual(
    replayed(
      { text: "H", thought: true },
      { text: "m", thought: true },
      { text: "a" },
      { text: "" },
      { text: "b" },
      signed,
      { text: "d" },
      b,
      { text: "e" },
    ),
    [{ text: "Hm", thought: true }, { text: "ab" }, signed, { text: "d" }, b, { text: "e" }],
  );
});

// "Unable to submit request because it has an empty text parameter."
test("an empty text that is not signed does not go back", () => {
  assert.deepEqual(replayed({ text: "" }, a, { text: "" }), [a]);
});

test("case 52: a call without an id goes back without one", () => {
  const bare = call("get", {});
  assert.deepEqual(replayed(bare, bare), [bare, bare]);
  const { calls } = gemini.read(finish("STOP", bare, call("get", {}, { id: "" })));
  assert.deepEqual(
    calls.map((one) => "id" in one),
    [false, false],
  );
});

for (const [title, usage, expected] of [
  [
    "with thoughts and a cache",
    { promptTokenCount: 10, cachedContentTokenCount: 8, candidatesTokenCount: 5, thoughtsTokenCount: 100 },
    [10, 105, 8],
  ],
  ["with the provider's own tools", { promptTokenCount: 10, toolUsePromptTokenCount: 90 }, [100, 0, 0]],
  // Recorded of an answer that was all thought.
  ["without an answer", { promptTokenCount: 15, thoughtsTokenCount: 60 }, [15, 60, 0]],
  ["that is empty", {}, [0, 0, 0]],
] as const satisfies readonly (readonly [string, GeminiUsage, readonly number[]])[]) {
  test(`usage ${title} is read; the prompt's tokens hold the cached ones`, () => {
    const [inputTokens, outputTokens, cachedInputTokens] = expected;
    const read = gemini.read({ ...finish("STOP", { text: "Hi." }), usageMetadata: usage });
    assert.deepEqual(read.usage, { inputTokens, outputTokens, cachedInputTokens });
  });
}

test("usage counts are totals: the last of each counts, and a chunk without one takes none away", () => {
  const { push, finish: end } = stream();
  push(
    { ...chunk({ text: "H" }), usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 1 } },
    { ...chunk({ text: "i" }), usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 2 } },
    { ...finish("STOP"), usageMetadata: { cachedContentTokenCount: 4 } },
  );
  assert.deepEqual(end().usage, { inputTokens: 10, outputTokens: 2, cachedInputTokens: 4 });
});
