/** The estimate of tokens: close to what real tokenizers count, and cheap. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { estimateTokens, IMAGE_TOKENS, TokenMeter } from "../../src/results/tokens.ts";

const PNG = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;

// What o200k_base counts for these texts.
const samples: readonly (readonly [string, string, number])[] = [
  [
    "English",
    "A result over its budget is cut at a character boundary, with a note of what was left out; the whole is kept.",
    26,
  ],
  [
    "code",
    "for (const [i, part] of parts.entries()) {\n  if (part.type === 'text') total += part.text.length;\n}\n",
    29,
  ],
  ["JSON", '{"id":1037,"name":"Customer 1","email":"user1@example.com","total":"13.37","active":true}', 29],
  [
    "a log",
    "2026-01-08T12:07:07.107Z INFO [worker-7] request id=d88a path=/api/v1/items/7 status=200 took=7ms",
    41,
  ],
  ["numbers", "84147.098,90929.743,14112.001,-75680.250,-95892.427,-27941.550", 29],
];

for (const [title, text, tokens] of samples) {
  test(`the estimate for ${title} is within a third of what a tokenizer counts`, () => {
    const estimated = estimateTokens(text);
    assert.ok(estimated >= tokens * 0.75 && estimated <= tokens * 1.34, `${estimated}, counted ${tokens}`);
  });
}

test("a character of Chinese or Japanese is a token", () => {
  assert.equal(estimateTokens("東京は日本の首都"), 8);
});

test("more text is never fewer tokens, and no text is none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (head, tail) => {
      const [shorter, longer] = [estimateTokens(head), estimateTokens(head + tail)];
      assert.ok(shorter <= longer && (head === "" ? shorter === 0 : shorter >= 1));
    }),
  );
});

test("an image is a fixed number of tokens", () => {
  assert.equal(new TokenMeter(undefined).parts([PNG, { type: "text", text: "東京" }]), IMAGE_TOKENS + 2);
});

test("a counter of one's own is used; where it fails, the estimate is", () => {
  assert.equal(new TokenMeter((text) => text.length).text("seven c"), 7);
  const broken: readonly ((text: string) => number)[] = [
    () => NaN,
    () => -1,
    () => "7" as unknown as number,
    () => {
      throw new Error("no vocabulary");
    },
  ];
  for (const countTokens of broken) assert.equal(new TokenMeter(countTokens).text("東京"), 2);
});

test("a text far over a limit is over it without being counted to its end", () => {
  let counted = 0;
  const meter = new TokenMeter((text) => {
    counted += text.length;
    return text.length;
  });
  assert.equal(meter.upTo([{ type: "text", text: "a".repeat(1_000_000) }], 10), 11);
  assert.ok(counted < 10_000, `counted ${counted}`);
});
