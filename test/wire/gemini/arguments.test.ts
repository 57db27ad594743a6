/** Calls whose arguments come in pieces, which Vertex sends on demand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJsonPath } from "../../../src/wire/gemini/json-path.ts";
import type { GeminiCall, GeminiPartialArg } from "../../../src/wire/gemini/protocol.ts";
import { call, chunk, finish, piece, stream } from "../../support/gemini-chunks.ts";

const begin = { name: "get", willContinue: true };

function text(jsonPath: string, stringValue: string, willContinue = false): GeminiPartialArg {
  return { jsonPath, stringValue, ...(willContinue && { willContinue }) };
}

/** The input of a call that comes in these pieces. */
function inputOf(...partialArgs: readonly GeminiPartialArg[]): unknown {
  const { push } = stream();
  const pieces: GeminiCall[] = [
    begin,
    ...partialArgs.map((one) => ({ partialArgs: [one], willContinue: true })),
    {},
  ];
  const committed = push(...pieces.map(piece), finish("STOP"));
  assert.equal(committed.length, 1);
  return committed[0]?.input;
}

test("values of each kind go to their paths", () => {
  const read = inputOf(
    text("$.city", "Bos", true),
    text("$.city", "ton", true),
    text("$.city", ""),
    { jsonPath: "$.days", numberValue: 0.5 },
    { jsonPath: "$.exact", boolValue: false },
    { jsonPath: "$.unit", nullValue: "NULL_VALUE" },
    text("$.empty", ""),
  );
  assert.deepEqual(read, { city: "Boston", days: 0.5, exact: false, unit: null, empty: "" });
});

test("objects and lists are made on the way", () => {
  const read = inputOf(
    text("$.recipe.steps[0]", "Boil."),
    text("$.recipe.steps[1]", "Serve."),
    text("$.recipe.parts[0].name", "water"),
    text("$['a b']['it\\'s'][\"c\\\"d\"]", "quoted"),
    { jsonPath: "$.grid[0][0]", numberValue: 1 },
    { jsonPath: "$.grid[0][1]", numberValue: 2 },
  );
  assert.deepEqual(read, {
    recipe: { steps: ["Boil.", "Serve."], parts: [{ name: "water" }] },
    "a b": { "it's": { 'c"d': "quoted" } },
    grid: [[1, 2]],
  });
});

test("strings that are written at the same time are each their own", () => {
  const read = inputOf(
    text("$.a", "1", true),
    text("$.b", "x", true),
    text("$.a", "2"),
    text("$.b", "y", true),
    text("$.b", "z"),
  );
  assert.deepEqual(read, { a: "12", b: "xyz" });
});

test("a field may be called __proto__, and changes nothing but the input", () => {
  const read = inputOf(text("$.__proto__.polluted", "yes")) as object;
  assert.deepEqual(Object.keys(read), ["__proto__"]);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("case 45: a call of which nothing more comes has an empty input", () => {
  assert.deepEqual(inputOf(), {});
});

// Recorded: one model ends its calls with an empty part, another with the last of the arguments.
test("G9: a call in pieces is committed when it is whole and the model has moved on", () => {
  const { push } = stream();
  const city = (name: string, more: boolean) =>
    piece({ partialArgs: [text("$.city", name)], ...(more && { willContinue: true }) });
  assert.deepEqual(push(piece(begin), city("Boston", true), piece({})), []);
  const boston = { name: "get", input: { city: "Boston" } };
  assert.deepEqual(push(piece(begin)), [boston]);
  assert.deepEqual(push(city("Rome", false)), []);
  assert.deepEqual(push(finish("STOP", { text: "" })), [{ name: "get", input: { city: "Rome" } }]);
});

test("case 55, G9: a call that never became whole is cut off, whatever the reason, and so are those behind it", () => {
  const open = [
    [piece(begin)],
    [piece(begin), piece({ partialArgs: [text("$.city", "Bo", true)], willContinue: true })],
    // Its string goes on, whatever the call says.
    [piece(begin), piece({ partialArgs: [text("$.city", "Bo", true)] }), piece({})],
  ];
  for (const chunks of open) {
    for (const behind of [[], [chunk(call("put", {}))]]) {
      const { push, finish: end, committed } = stream();
      assert.deepEqual(push(...chunks, ...behind, finish("STOP")), []);
      const { stop, calls } = end();
      assert.equal(stop, "truncated");
      assert.equal(calls.length, 1 + behind.length);
      assert.ok(calls.every(({ truncated }) => truncated === true));
      assert.deepEqual(committed().messages, []);
    }
  }
});

test("a call that came in pieces goes back whole, with its signature", () => {
  const { push, finish: end } = stream();
  push(
    chunk({ functionCall: { ...begin, id: "a" }, thoughtSignature: "c2ln" }),
    piece({ partialArgs: [text("$.city", "Boston")], willContinue: true }),
    finish("STOP", { functionCall: {} }),
  );
  const functionCall = { name: "get", id: "a", args: { city: "Boston" } };
  assert.deepEqual(end().messages, [{ role: "model", parts: [{ functionCall, thoughtSignature: "c2ln" }] }]);
});

test("a signature that comes with a later piece is that of the call", () => {
  const { push, finish: end } = stream();
  push(piece(begin), chunk({ functionCall: {}, thoughtSignature: "late" }), finish("STOP"));
  const functionCall = { name: "get", args: {} };
  assert.deepEqual(end().messages, [{ role: "model", parts: [{ thoughtSignature: "late", functionCall }] }]);
});

test("whole arguments may come in the middle of the pieces", () => {
  const { push } = stream();
  const pieces = [
    { ...begin, args: { x: 1 } },
    { args: { y: 2 }, willContinue: true },
    { partialArgs: [text("$.z", "3")] },
  ];
  assert.deepEqual(push(...pieces.map(piece), finish("STOP")), [
    { name: "get", input: { x: 1, y: 2, z: "3" } },
  ]);
});

test("G9: arguments of no call, and those that fit nowhere, are errors of the model's server", () => {
  const misfit = (...partialArgs: readonly GeminiPartialArg[]) =>
    [piece(begin), piece({ partialArgs, willContinue: true })] as const;
  for (const chunks of [
    [piece({ args: { x: 1 } })],
    [piece({ partialArgs: [text("$.x", "1")] })],
    [piece(begin), piece({}), piece({ partialArgs: [text("$.x", "1")] })],
    // A list with a hole: what belongs in it is not known.
    misfit(text("$.list[1]", "b")),
    misfit(text("$.list[0]", "a"), text("$.list.length", "b")),
    misfit(text("$.x", "a"), text("$.x.y", "b")),
    misfit(text("$[0]", "a")),
    misfit(text("$", "a")),
    misfit(text("city", "a")),
    misfit({ stringValue: "a" }),
  ]) {
    assert.throws(() => stream().push(...chunks, finish("STOP")), {
      name: "TuttiError",
      code: "model-failed",
      message: /^(arguments came for no call|an argument came for .*, where none can be)$/,
    });
  }
  // A piece that says nothing is none.
  assert.deepEqual(stream().push(piece({}), piece({ args: {} }), finish("STOP", call("get", {}))), [
    { name: "get", input: {} },
  ]);
});

test("a path to one value is read, and what is none is not", () => {
  assert.deepEqual(parseJsonPath("$"), []);
  assert.deepEqual(parseJsonPath("$.a.b-c[0]['d.e'][\"f\"][12]"), ["a", "b-c", 0, "d.e", "f", 12]);
  assert.deepEqual(parseJsonPath("$['\\u00e9\\\\']"), ["é\\"]);
  for (const path of ["", "a", "$a", "$.", "$[", "$[*]", "$..a", "$.a]", "$[-1]", "$['a]"]) {
    assert.equal(parseJsonPath(path), undefined, path);
  }
});
