/** Whatever a tool returns, the model reads something, and nothing throws. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeOutcome } from "../../src/results/encode.ts";
import { ok } from "../support/outcomes.ts";

class Account {
  readonly id = 7;
  readonly #secret = "s";
  secret() {
    return this.#secret;
  }
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const cycle: Record<string, unknown> = { name: "a" };
cycle["self"] = cycle;

const shared = { x: 1 };

const throwing = {
  before: 1,
  get broken(): unknown {
    throw new Error("no");
  },
  after: 2,
};

const values: readonly (readonly [string, unknown, string])[] = [
  ["undefined", undefined, "(no output)"],
  ["null", null, "null"],
  ["an empty string", "", "(empty)"],
  ["a string", 'as "it" is\n', 'as "it" is\n'],
  ["a string with lone surrogates", "a\ud800b\udc00", "a\ufffdb\ufffd"],
  ["lone surrogates inside, in a text and in a key", { "\udc00": "a\ud800" }, '{"\ufffd":"a\ufffd"}'],
  ["a number", 1.5, "1.5"],
  ["NaN", NaN, "NaN"],
  ["Infinity", -Infinity, "-Infinity"],
  ["minus zero", -0, "0"],
  ["a boolean", false, "false"],
  ["a BigInt", 12345678901234567890n, "12345678901234567890"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["a function", () => 1, "[Function]"],
  ["a Date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["an invalid Date", new Date(NaN), "Invalid Date"],
  ["a RegExp", /a"b/g, '/a"b/g'],
  ["a URL", new URL("https://example.com/a?b"), "https://example.com/a?b"],
  ["a plain object", { b: 1, a: [true, null, "x"] }, '{"b":1,"a":[true,null,"x"]}'],
  ["an object's undefined and methods", { a: undefined, f() {}, b: 1 }, '{"b":1}'],
  ["a list's undefined and functions", [undefined, () => 1], '[null,"[Function]"]'],
  ["odd values inside", { n: NaN, big: 1n, s: Symbol("s") }, '{"n":"NaN","big":1,"s":"Symbol(s)"}'],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ["a key named __proto__", JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ["a Map with text keys", new Map([["10", 1], ["2", 2]]), '{"10":1,"2":2}'], // prettier-ignore
  ["a Map with other keys", new Map([[{ a: 1 }, 1]]), '[[{"a":1},1]]'],
  ["a Set", new Set([1, "a"]), '[1,"a"]'],
  ["an Error", new RangeError("too far"), '{"name":"RangeError","message":"too far"}'],
  ["an Error without a message", new Error(""), '{"name":"Error","message":""}'],
  [
    "an Error with a cause and a code",
    Object.assign(new Error("a", { cause: new Error("b") }), { code: "E1" }),
    '{"name":"Error","message":"a","code":"E1","cause":{"name":"Error","message":"b"}}',
  ],
  [
    "an AggregateError",
    new AggregateError([new Error("x")], "all"),
    '{"name":"AggregateError","message":"all","errors":[{"name":"Error","message":"x"}]}',
  ],
  ["a cycle", cycle, '{"name":"a","self":"[Circular]"}'],
  ["the same object twice", [shared, shared], '[{"x":1},{"x":1}]'],
  ["a class instance", new Account(), '{"id":7}'],
  ["a Promise", Promise.resolve(1), "[Promise]"],
  ["a WeakMap", new WeakMap(), "[WeakMap]"],
  ["a boxed string", new String("s"), "s"],
  ["a toJSON", { toJSON: () => ({ a: 1 }) }, '{"a":1}'],
  ["a toJSON that gives nothing", { toJSON: () => undefined }, "null"],
  ["a toJSON that gives itself", { a: 1, toJSON() { return this; } }, '{"a":1}'], // prettier-ignore
  ["a toJSON that throws", { a: { toJSON() { throw new Error("no"); } }, b: 1 }, '{"a":"[Unreadable]","b":1}'], // prettier-ignore
  ["a getter that throws", throwing, '{"before":1,"broken":"[Unreadable]","after":2}'],
  ["a revoked proxy", revoked(), "[Unreadable]"],
  ["a revoked proxy inside", [1, revoked()], '[1,"[Unreadable]"]'],
  ["typed arrays", { f: new Float32Array([0.5, 2]), b: new BigInt64Array([1n]) }, '{"f":[0.5,2],"b":[1]}'],
  ["an empty list", [], "[]"],
  ["an empty object", {}, "{}"],
  ["a sparse list", [1, , 3], "[1,null,3]"], // eslint-disable-line no-sparse-arrays
];

for (const [title, value, expected] of values) {
  test(`${title} reads ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(encodeOutcome(ok(value)), { isError: false, parts: [{ type: "text", text: expected }] });
  });
}

test("an object without end is cut at a depth, and at a number of values", () => {
  const endless = (): unknown =>
    new Proxy({}, { get: endless, ownKeys: () => ["a"], getOwnPropertyDescriptor });
  assert.match(textOf(endless()), /^(\{"a":)+"\[Left out\]"\}+$/);
  const many = textOf(Array(2_000_000).fill(1));
  assert.ok(many.endsWith(',1,"[Left out]"]') && many.length < 2_100_000);
});

test("a deep object is written to the same text however deep the stack is", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) deep = [deep];
  const text = textOf(deep);
  const below = (frames: number): string => (frames === 0 ? textOf(deep) : below(frames - 1));
  assert.equal(below(2_000), text);
});

/** Texts with halves of characters in them, which `fc.string` never makes. */
const text = fc
  .array(fc.oneof(fc.string({ unit: "binary", maxLength: 3 }), fc.constantFrom("\ud800", "\udc00", "\\ud8")))
  .map((pieces) => pieces.join(""));

const anything = fc.anything({
  key: text,
  values: [
    text,
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.constantFrom(null, undefined, -0, NaN, Infinity),
  ],
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});

test("G8: the same value gives the same parts, never none, never empty, never ill-formed", () => {
  fc.assert(
    fc.property(anything, (value) => {
      const encoded = encodeOutcome(ok(value));
      assert.deepEqual(encodeOutcome(ok(value)), encoded);
      assert.equal(encoded.isError, false);
      assert.ok(encoded.parts.length >= 1);
      for (const part of encoded.parts) {
        assert.equal(part.type, "text");
        assert.ok(part.type === "text" && part.text !== "" && part.text.isWellFormed());
      }
    }),
    { numRuns: 1_000 },
  );
});

test("a value has the same text wherever it lies: the short way to it, for plain values, and the long one agree", () => {
  fc.assert(
    fc.property(anything, (value) => {
      // What is in a Map goes the long way.
      const [, json] = /^\{"in":(.*)\}$/s.exec(textOf(new Map([["in", [value]]]))) ?? [];
      assert.equal(textOf([value]), json);
    }),
    { numRuns: 3_000 },
  );
});

test("plain JSON values read as JSON.stringify writes them", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const expected = typeof value === "string" ? value || "(empty)" : JSON.stringify(value);
      assert.equal(textOf(value), expected);
    }),
  );
});

function textOf(value: unknown): string {
  const [part] = encodeOutcome(ok(value)).parts;
  return part?.type === "text" ? part.text : assert.fail("no text");
}

function getOwnPropertyDescriptor() {
  return { enumerable: true, configurable: true };
}
