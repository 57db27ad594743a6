import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contrast, textOf } from "../../src/testing/effects/comparable.ts";

const named = (value: unknown) => textOf(value, (what) => what);

class Money {
  readonly amount: number;
  constructor(amount: number) {
    this.amount = amount;
  }
}

test("values that are the same have one text, whatever the order of their fields and entries", () => {
  const loop: unknown[] = [1];
  loop.push(loop);
  const same: readonly (readonly [unknown, unknown, string])[] = [
    [{ b: 1, a: "x" }, { a: "x", b: 1 }, '{"a":"x","b":1}'],
    [
      new Map([
        [1, "a"],
        [2, "b"],
      ]),
      new Map([
        [2, "b"],
        [1, "a"],
      ]),
      'Map {1 => "a",2 => "b"}',
    ],
    [new Set(["b", "a"]), new Set(["a", "b"]), 'Set {"a","b"}'],
    [new Date(0), new Date(0), 'Date "1970-01-01T00:00:00.000Z"'],
    [Buffer.from("ab"), Buffer.from("ab"), "Buffer [97,98]"],
    [new Uint16Array([258]).buffer, new Uint16Array([258]).buffer, "ArrayBuffer [2,1]"],
    [new RangeError("no"), new RangeError("no"), "RangeError: no"],
    [new URL("http://a/"), new URL("http://a"), 'URL "http://a/"'],
    [/a/g, /a/g, "/a/g"],
    [loop, loop, "[1,[circle 0]]"],
    [new Money(1), new Money(1), 'a Money {"amount":1}'],
    [Object.create(null), {}, "{}"],
    [() => 1, () => 2, "a function"],
  ];
  for (const [one, other, text] of same) assert.deepEqual([named(one), named(other)], [text, text]);
});

test("values that differ have different texts, as far as they are data", () => {
  const apart = [
    [undefined, null, 0, -0, NaN, "0", 0n, false, "", [], {}, new Map(), new Set(), "undefined", "[]"],
    [{ a: undefined }, { a: null }, [undefined], [null], [[]], ["a", "b"], ["a,b"], ['a","b'], ["b", "a"]],
    [
      new Map([["a", 1]]),
      new Map([["a", 2]]),
      { a: 1 },
      new Set(["a"]),
      new Error("a"),
      "Error: a",
      new Money(1),
    ],
    [
      new Uint8Array([1]),
      new Int8Array([1]),
      new Uint8Array([1]).buffer,
      [1],
      new Date(NaN),
      /1/,
      Symbol("a"),
    ],
  ].flat();
  assert.equal(new Set(apart.map(named)).size, apart.length);
});

test("two JSON values have one text exactly when they are equal", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const equal = isEqual(a, b);
      assert.equal(named(a) === named(b), equal);
      assert.equal(named(a), named(structuredClone(a)));
    }),
  );
});

test("of two long texts the place is shown where they differ first", () => {
  const [a, b] = ["x".repeat(200), `${"x".repeat(150)}y${"x".repeat(49)}`];
  const [one, other] = contrast(a, b);
  assert.notEqual(one, other);
  assert.match(other, /^…x{40}yx{39}…$/);
  assert.deepEqual(contrast("ab", "ac"), ["ab", "ac"]);
  const [short, long] = contrast("x", a);
  assert.deepEqual([short, long], ["x", `${"x".repeat(80)}…`]);
});

function isEqual(a: unknown, b: unknown): boolean {
  try {
    assert.deepStrictEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
