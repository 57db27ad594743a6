/** The content that answers a turn's calls, and what the provider is told of the tools. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Outcome } from "../../../src/core/outcome.ts";
import type { EncodedResult } from "../../../src/core/result.ts";
import { defineTool } from "../../../src/core/tool.ts";
import { encodeOutcome } from "../../../src/results/encode.ts";
import { image } from "../../../src/results/image.ts";
import { judge } from "../../../src/simulator/gemini/referee.ts";
import { historyOptions } from "../../../src/wire/gemini/history.ts";
import type { GeminiContent } from "../../../src/wire/gemini/protocol.ts";
import { gemini, geminiWire } from "../../../src/wire/gemini/wire.ts";
import { notOk, ok } from "../../support/outcomes.ts";
import { call, finish } from "../../support/gemini-chunks.ts";

const PNG = image(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
const GIF = image(new TextEncoder().encode("GIF89a\0\0\0\0\0\0"));
const OLD = "gemini-2.5-flash";
const old = geminiWire(historyOptions(OLD));

const mixed: Outcome[] = [
  ok("sunny"),
  notOk("failed", { message: "no such city" }),
  ok([PNG, "a chart"]),
  notOk("timed-out", { code: "timeout", retryable: true, mayHaveTakenEffect: true }),
  notOk("denied", { code: "denied" }),
  ok(PNG),
  ok(undefined),
];

for (const [ids, model] of [
  ["ids", "gemini-3.6-flash"],
  ["no ids", "gemini-3-pro-preview"],
  ["no ids", OLD],
] as const) {
  test(`case 5, G1: mixed outcomes are answered in one content, one part per call, in call order (${model}, ${ids})`, () => {
    const wire = model === OLD ? old : gemini;
    const turn = turnOf(mixed.length, ids);
    const contents = wire.results(turn, mixed.map(encodeOutcome));
    assert.equal(contents.length, 1);
    const parts = partsOf(contents);
    assert.deepEqual(
      parts.map(({ functionResponse: { id, name } }) => [id, name]),
      mixed.map((_, i) => [ids === "ids" ? `call_${i}` : undefined, `tool_${i}`]),
    );
    assert.ok(parts.every(({ functionResponse: { response } }) => Object.values(response)[0] !== ""));
    const request = { contents: [gemini.user("Go."), ...turn.messages, ...contents] };
    assert.equal(judge(request, { path: `/v1/models/${model}:generateContent` }), undefined);
  });
}

test("G8: the content is the same bytes whatever the order of completion", () => {
  const turn = turnOf(mixed.length);
  const expected = JSON.stringify(gemini.results(turn, mixed.map(encodeOutcome)));
  const indexes = mixed.map((_, index) => index);
  fc.assert(
    fc.property(fc.shuffledSubarray(indexes, { minLength: indexes.length }), (completion) => {
      const settled: EncodedResult[] = [];
      for (const index of completion) settled[index] = encodeOutcome(mixed[index] as Outcome);
      assert.equal(JSON.stringify(gemini.results(turn, settled)), expected);
    }),
  );
});

// "If populated, the client to execute the `function_call` and return the response with the matching `id`"; some endpoints
// know no ids: 'Unknown name "id"', https://github.com/MoonshotAI/kimi-cli/pull/1582
test("case 52: a result has the id of its call if that has one, and none is ever made up", () => {
  const calls = [call("get", {}, { id: "x1" }), call("get", {}), call("get", {}, { id: "" })];
  const [content] = gemini.results(
    gemini.read(finish("STOP", ...calls)),
    [ok(1), ok(2), ok(3)].map(encodeOutcome),
  );
  assert.deepEqual(content, {
    role: "user",
    parts: [
      { functionResponse: { id: "x1", name: "get", response: { output: "1" } } },
      { functionResponse: { name: "get", response: { output: "2" } } },
      { functionResponse: { name: "get", response: { output: "3" } } },
    ],
  });
});

test("a result is an output or an error; several parts are lines", () => {
  const response = (outcome: Outcome) => responseOf(encodeOutcome(outcome));
  assert.deepEqual(response(ok("sunny")), { output: "sunny" });
  assert.deepEqual(response(ok({ degrees: 20 })), { output: '{"degrees":20}' });
  const text = (...texts: string[]): EncodedResult => ({
    isError: false,
    parts: texts.map((one) => ({ type: "text", text: one })),
  });
  assert.deepEqual(responseOf(text("one", "two")), { output: "one\ntwo" });
  assert.deepEqual(response(notOk("failed", { message: "no such city" })), {
    error: { code: "tool-error", message: "no such city", retryable: false, mayHaveTakenEffect: false },
  });
  // An error's text may be a tool's own, and then it may be any JSON, or none.
  for (const words of ["no such city", "{", "null", "[]", '{"error":"x","more":1}']) {
    assert.deepEqual(responseOf({ ...text(words), isError: true }), { error: words });
  }
});

test("case 7: whatever a tool returns is a response that is not empty", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  for (const value of [undefined, null, "", cyclic, 1n, new Uint8Array(10_000_000), new Error("")]) {
    const [output] = Object.values(responseOf(encodeOutcome(ok(value))));
    assert.ok(typeof output === "string" && output !== "");
  }
});

// https://ai.google.dev/gemini-api/docs/function-calling#multimodal
test("images go inside the result of their call, never beside it", () => {
  const [, second] = partsOf(gemini.results(turnOf(2), [ok("x"), ok([PNG, "a chart"])].map(encodeOutcome)));
  assert.deepEqual(second, {
    functionResponse: {
      id: "call_1",
      name: "tool_1",
      response: { output: "(an image)\na chart" },
      parts: [{ inlineData: { mimeType: "image/png", data: PNG.data } }],
    },
  });
});

test("an image that a model does not take is left out, and the model reads so", () => {
  const leftOut = (type: string) => `(an image, left out: this model takes no ${type} in a result)`;
  for (const [wire, outcome, output] of [
    [old, ok(PNG), leftOut("image/png")],
    [gemini, ok(GIF), leftOut("image/gif")],
  ] as const) {
    const [part] = partsOf(wire.results(turnOf(1), [encodeOutcome(outcome)]));
    const functionResponse = { id: "call_0", name: "tool_0", response: { output } };
    assert.deepEqual(part, { functionResponse });
  }
});

test("a model's name says what it takes; one that is not known counts as new", () => {
  for (const name of [
    OLD,
    "gemini-2.0-flash-001",
    "models/gemini-1.5-pro",
    "publishers/google/models/gemini-2.5-pro",
  ]) {
    assert.deepEqual(historyOptions(name), { images: false, signed: false }, name);
  }
  for (const name of ["gemini-3.6-flash", "gemini-3-pro-preview", "gemini-10-pro", "gemini-flash-latest"]) {
    assert.deepEqual(historyOptions(name), { images: true, signed: true }, name);
  }
});

test("a turn without calls needs no content, and results must match the calls", () => {
  assert.deepEqual(gemini.results(gemini.read(finish("STOP", { text: "Hi." })), []), []);
  for (const count of [1, 3]) {
    assert.throws(() => gemini.results(turnOf(2), Array(count).fill(encodeOutcome(ok(1)))), {
      name: "TuttiError",
      code: "invalid-message",
      message: `the turn made 2 calls, but there are ${count} results`,
    });
  }
});

test("tools are described in one entry by name, description and schema; one without fields has none", () => {
  const base = { description: "does it", effects: "read", execute: () => "" } as const;
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const;
  const weather = defineTool({ ...base, name: "weather", input: schema });
  const bare = [
    { type: "object" },
    { type: "object", properties: {}, required: [] },
    { type: "object", properties: {}, additionalProperties: false },
  ].map((inputSchema, i) => ({ ...weather, name: `bare_${i}`, inputSchema }));
  const open = [{ additionalProperties: true }, { anyOf: [schema] }].map((inputSchema, i) => ({
    ...weather,
    name: `open_${i}`,
    inputSchema,
  }));
  assert.deepEqual(gemini.tools([weather, ...bare, ...open]), [
    {
      functionDeclarations: [
        { name: "weather", description: "does it", parametersJsonSchema: schema },
        ...bare.map(({ name }) => ({ name, description: "does it" })),
        {
          name: "open_0",
          description: "does it",
          parametersJsonSchema: { additionalProperties: true, type: "object" },
        },
        {
          name: "open_1",
          description: "does it",
          parametersJsonSchema: { anyOf: [schema], type: "object" },
        },
      ],
    },
  ]);
  assert.deepEqual(gemini.tools([]), []);
});

test("a tool's name that Google takes no call of is refused by name", () => {
  const tool = defineTool({
    name: "2nd",
    description: "does it",
    input: { type: "object" },
    effects: "none",
    execute: () => "",
  });
  assert.throws(() => gemini.tools([tool]), {
    name: "TypeError",
    message: 'Gemini takes no tool whose name does not begin with a letter or "_", got "2nd"',
  });
});

test("what a user says is a content of the user's", () => {
  assert.deepEqual(gemini.user("hello"), { role: "user", parts: [{ text: "hello" }] });
});

function turnOf(count: number, ids: "ids" | "no ids" = "ids") {
  const calls = Array.from({ length: count }, (_, i) =>
    call(
      `tool_${i}`,
      {},
      { ...(ids === "ids" && { id: `call_${i}` }), ...(i === 0 && { sign: "c2lnbmVk" }) },
    ),
  );
  return gemini.read(finish("STOP", ...calls));
}

interface ResultPart {
  readonly functionResponse: {
    readonly id?: string;
    readonly name: string;
    readonly response: Record<string, unknown>;
  };
}

function partsOf(contents: readonly GeminiContent[]): readonly ResultPart[] {
  return contents.flatMap(({ parts }) => parts as readonly ResultPart[]);
}

function responseOf(result: EncodedResult): Record<string, unknown> {
  return partsOf(gemini.results(turnOf(1), [result]))[0]?.functionResponse.response ?? {};
}
