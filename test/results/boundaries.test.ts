/** Where a text is cut (field-note case H67). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { characterBoundary, pairBoundary, readableBoundary } from "../../src/results/boundary.ts";
import { beginsAsJson, jsonPrefix } from "../../src/results/json-prefix.ts";

const texts = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), fc.string());

test("H67: no boundary is inside a surrogate pair, nor behind where it was asked for", () => {
  fc.assert(
    fc.property(texts, fc.nat(40), (text, index) => {
      for (const boundary of [pairBoundary, characterBoundary, readableBoundary]) {
        const end = boundary(text, index);
        assert.ok(end >= 0 && end <= Math.min(index, text.length));
        assert.ok(text.slice(0, end).isWellFormed());
      }
    }),
  );
});

test("a character that a reader sees as one is not cut", () => {
  const family = "👨‍👩‍👧‍👦";
  for (let i = 2; i < 2 + family.length; i++) assert.equal(characterBoundary(`ab${family}`, i), 2);
  assert.equal(characterBoundary("ae\u0301x", 2), 1);
  assert.equal(characterBoundary("a\r\nb", 2), 1);
});

test("a heap of combining marks is cut all the same", () => {
  const heap = `e${"\u0301".repeat(1_000)}`;
  assert.equal(characterBoundary(heap, 900), 900);
});

test("a text is cut behind a line where one ends near", () => {
  const text = `${"a".repeat(95)}\n${"b".repeat(95)}\n`;
  assert.equal(readableBoundary(text, 100), 96);
  assert.equal(readableBoundary(text, 180), 180);
  assert.equal(readableBoundary(text, 192), 192);
});

const jsonTexts = fc
  .tuple(
    fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue())),
    fc.constantFrom(undefined, 2),
  )
  .map(([value, indent]) => JSON.stringify(value, undefined, indent));

test("H67: a prefix of JSON is JSON, and no longer than what it was cut at but for its marker and its ends", () => {
  fc.assert(
    fc.property(jsonTexts, fc.nat({ max: 1_000_000 }), (text, seed) => {
      const limit = 1 + (seed % text.length);
      const cut = jsonPrefix(text, limit);
      if (limit === text.length) return assert.equal(cut, undefined);
      assert.ok(cut !== undefined && cut.end <= limit);
      assert.ok(cut.text.startsWith(text.slice(0, cut.end)));
      const value: unknown = JSON.parse(cut.text);
      assert.ok(JSON.stringify(value).includes("[Left out]"));
    }),
  );
});

const prefixes: readonly (readonly [string, string, number, string])[] = [
  ["a list, between its items", "[1,22,333,4444]", 12, '[1,22,333,"[Left out]"]'],
  ["a list, before its first item", "[123456]", 4, '["[Left out]"]'],
  ["an object, between its properties", '{"a":1,"b":2,"c":3}', 14, '{"a":1,"b":2,"...":"[Left out]"}'],
  ["an object, before its first property", '{"aaaaaa":1}', 5, '{"...":"[Left out]"}'],
  ["a list in an object", '{"a":[1,2,3],"b":4}', 10, '{"a":[1,2,"[Left out]"]}'],
  ["behind a list in an object", '{"a":[1,2,3],"b":4}', 13, '{"a":[1,2,3],"...":"[Left out]"}'],
  ["a long string", '{"text":"abcdefghijklmnop"}', 20, '{"text":"abcdefghijk [Left out]"}'],
  ["a string, before an escape", String.raw`["aaaaaa\nbbbb"]`, 9, '["aaaaaa [Left out]"]'],
  ["a string, before an escaped pair", String.raw`["aaaaaaaaaaaaaaa\ud83d\ude00"]`, 23, '["aaaaaaaaaaaaaaa [Left out]"]'],
  ["a string, behind an escaped backslash", String.raw`["aaaaaaaaaa\\ud83d bbb"]`, 19, String.raw`["aaaaaaaaaa\\ud83d [Left out]"]`],
  ["JSON with blanks", '{\n  "a": 1,\n  "b": 2\n}\n', 16, '{\n  "a": 1,"...":"[Left out]"}'],
]; // prettier-ignore

for (const [title, text, limit, expected] of prefixes) {
  test(`${title} is cut to ${expected}`, () => {
    assert.equal(jsonPrefix(text, limit)?.text, expected);
  });
}

test("what is no JSON is not taken for it", () => {
  for (const text of [
    "plain",
    "",
    "{",
    "[ok] done: 1,2,3",
    "[a](b) c, d",
    '{"a":1}\n{"b":2}\n',
    '{"a":[1}}',
    '"text"',
    "{ hello, world }",
  ]) {
    assert.equal(beginsAsJson(text, 1_000), false, text);
  }
  for (const text of ['{"a":1}', "[1,2,3]\n", " [ ] ", `[${"1,".repeat(1_000)}1]`])
    assert.equal(beginsAsJson(text, 1_000), true, text);
});
