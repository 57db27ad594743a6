import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import stringWidth from "string-width";
import { labelOf } from "../../src/cli/call-words.ts";
import { clip, inColumns, oneLine, padEnd, wrap } from "../../src/cli/format.ts";

const FAMILY = "👨‍👩‍👧";

test("a text is cut by the columns that it takes, and never inside of a character", () => {
  assert.equal(clip("customer", 8), "customer");
  assert.equal(clip("customer", 7), "custom…");
  assert.equal(clip("北京天气", 8), "北京天气");
  assert.equal(clip("北京天气", 6), "北京…");
  assert.equal(clip(`${FAMILY}${FAMILY}`, 4), FAMILY + FAMILY);
  assert.equal(clip(`${FAMILY}${FAMILY}`, 3), `${FAMILY}…`);
  assert.equal(clip("text", 0), "");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.nat(20), (text, width) => {
      const shown = oneLine(text);
      assert.ok(stringWidth(clip(shown, width)) <= width);
      if (stringWidth(shown) <= width) assert.equal(clip(shown, width), shown);
    }),
  );
});

test("columns stand below one another, whatever is in them", () => {
  const lines = inColumns([
    ["北京", "1"],
    ["a", "22"],
    [FAMILY, "3"],
  ]);
  assert.deepEqual(lines, ["北京   1", "a     22", `${FAMILY}     3`]);
  assert.equal(stringWidth(padEnd("北京", 7)), 7);
});

test("a line is as wide as it may be", () => {
  assert.deepEqual(wrap("北京 天气 is fine", 9), ["北京 天气", "is fine"]);
});

test("what a terminal obeys, and what turns a text round, is written out in a line; emoji stay whole", () => {
  assert.equal(oneLine("a\u001b[2Jb\r\nc"), "a\\u001b[2Jb c");
  assert.equal(
    oneLine("pay\u202eeurt\u202c \u2066x\u2069\u200e\u200f\u061c\u200b!"),
    "pay\\u202eeurt\\u202c \\u2066x\\u2069\\u200e\\u200f\\u061c\\u200b!",
  );
  assert.equal(oneLine(`${FAMILY} 👍🏽 ✌️`), `${FAMILY} 👍🏽 ✌️`);
});

test("a subject is not cut inside of a character", () => {
  for (const length of [78, 79, 80]) {
    const label = labelOf({ name: "say", input: { text: "x".repeat(length) + "👍".repeat(9) } });
    assert.ok(label.isWellFormed(), label);
  }
});
