/** Results fit the context (contract §8; field-note cases H65 to H67). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EncodedResult } from "../../src/core/result.ts";
import { encodeOutcome } from "../../src/results/encode.ts";
import { createResultBudget } from "../../src/results/result-budget.ts";
import { IMAGE_TOKENS, TokenMeter } from "../../src/results/tokens.ts";
import { notOk, ok } from "../support/outcomes.ts";
import { anyOutcome, cutOf, largeValue, longText, PNG, textOf } from "../support/results.ts";

// `RESULT_RUNS=20000 node --test …` looks longer.
const numRuns = Number(process.env["RESULT_RUNS"] ?? 100);

const byLength = (text: string) => text.length;
const counters = fc.constantFrom(byLength, (text: string) => Buffer.byteLength(text) / 3, undefined);
const outcomes = fc.array(anyOutcome, { minLength: 1, maxLength: 8 });
/** What the shortest result that says something needs by any of the counters; an error keeps its code and its flags. */
const LEAST = 120;

function budgetOf(call: number, batch: number, countTokens?: (text: string) => number) {
  return createResultBudget({ maxResultTokens: { call, batch }, countTokens });
}

test("no result is over the call's budget, and all together are not over the batch's", async () => {
  await fc.assert(
    fc.asyncProperty(
      outcomes,
      counters,
      fc.tuple(fc.nat(5_000), fc.nat(20_000)),
      async (all, countTokens, [call, batch]) => {
        const limits = { call: call + LEAST, batch: batch + LEAST * all.length };
        const results = await budgetOf(limits.call, limits.batch, countTokens).encode(all);
        const meter = new TokenMeter(countTokens);
        const sizes = results.map(({ parts }) => meter.parts(parts));
        assert.ok(sizes.every((size) => size <= limits.call));
        assert.ok(sizes.reduce((a, b) => a + b, 0) <= limits.batch);
      },
    ),
    { numRuns },
  );
});

test("no result is empty, and none ill-formed, however small the budget", async () => {
  await fc.assert(
    fc.asyncProperty(
      outcomes,
      counters,
      fc.integer({ min: 1, max: 500 }),
      async (all, countTokens, tokens) => {
        const results = await budgetOf(tokens, tokens, countTokens).encode(all);
        assert.equal(results.length, all.length);
        for (const { parts } of results) {
          assert.ok(parts.length > 0);
          for (const part of parts)
            if (part.type === "text") assert.ok(part.text !== "" && part.text.isWellFormed());
        }
      },
    ),
    { numRuns },
  );
});

test("H66: a result within its fair share is untouched, whatever the others are", async () => {
  await fc.assert(
    fc.asyncProperty(
      outcomes,
      counters,
      fc.integer({ min: 1, max: 5_000 }),
      async (all, countTokens, share) => {
        const results = await budgetOf(share, share * all.length, countTokens).encode(all);
        const meter = new TokenMeter(countTokens);
        for (const [i, outcome] of all.entries()) {
          const whole = encodeOutcome(outcome);
          if (meter.parts(whole.parts) <= share) assert.deepEqual(results[i], whole);
        }
      },
    ),
    { numRuns },
  );
});

test("H66: what small results leave goes to the large one", async () => {
  const small = ["a", "b", "c"].map(ok);
  const results = await budgetOf(10_000, 8_000, byLength).encode([ok("x".repeat(50_000)), ...small]);
  const [large, ...others] = results.map(textOf);
  assert.deepEqual(others, ["a", "b", "c"]);
  assert.ok((large?.length ?? 0) > 7_900, `${large?.length}`);
});

test("a text that is cut uses its share but for a few in a hundred", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 500, max: 20_000 }), counters, async (tokens, countTokens) => {
      const [result] = await budgetOf(tokens, tokens, countTokens).encode([ok("some words ".repeat(20_000))]);
      const used = new TokenMeter(countTokens).parts((result as EncodedResult).parts);
      assert.ok(used >= tokens * 0.95, `${used} of ${tokens}`);
    }),
    { numRuns },
  );
});

test("H67: JSON that is cut stays JSON, with a note behind it", async () => {
  await fc.assert(
    fc.asyncProperty(largeValue, fc.integer({ min: 200, max: 3_000 }), async (value, tokens) => {
      const [result] = await budgetOf(tokens, tokens, byLength).encode([ok(value)]);
      const text = textOf(result as EncodedResult);
      if (text === textOf(encodeOutcome(ok(value)))) return;
      const note = text.lastIndexOf("\n[cut: ");
      assert.ok(note >= 0, text);
      assert.doesNotThrow(() => JSON.parse(text.slice(0, note)), text);
    }),
    { numRuns },
  );
});

test("H67: an error that is cut stays one JSON object, with its code and its flags", async () => {
  await fc.assert(
    fc.asyncProperty(longText, fc.integer({ min: 1, max: 1_000 }), async (message, tokens) => {
      const outcome = notOk("timed-out", { code: "timeout", message, mayHaveTakenEffect: true });
      const [result] = await budgetOf(tokens, tokens, byLength).encode([outcome]);
      assert.equal(result?.isError, true);
      const { error } = JSON.parse(textOf(result as EncodedResult)) as { error: Record<string, unknown> };
      assert.deepEqual({ ...error, message: "" }, {
        code: "timeout",
        message: "",
        retryable: false,
        mayHaveTakenEffect: true,
      }); // prettier-ignore
      // A message that was empty has nothing to cut.
      assert.equal(error["message"] === "", message === "");
    }),
    { numRuns },
  );
});

test("G8: the same outcomes give the same bytes, whenever what is kept is kept", async () => {
  await fc.assert(
    fc.asyncProperty(
      outcomes,
      fc.scheduler(),
      fc.integer({ min: 1, max: 2_000 }),
      async (all, scheduler, tokens) => {
        const maxResultTokens = { call: tokens, batch: tokens * 2 };
        const expected = await createResultBudget({ maxResultTokens }).encode(all);
        const put = scheduler.scheduleFunction(async (_id: string, _text: string) => {});
        const slow = createResultBudget({ maxResultTokens, resultStore: { put, get: () => undefined } });
        const results = slow.encode(all);
        await scheduler.waitFor(results);
        assert.deepEqual(await results, expected);
      },
    ),
    { numRuns },
  );
});

test("H67: an image is kept whole or replaced by a note, never cut", async () => {
  const output = [PNG, "a chart", PNG, "x".repeat(50_000), PNG];
  const budget = budgetOf(3 * IMAGE_TOKENS, 100_000, undefined);
  const [result] = await budget.encode([ok(output)]);
  assert.equal(result?.parts[0]?.type, "image");
  assert.ok(result?.parts.every((part) => part.type === "text" || part.data === PNG.toString("base64")));
  assert.ok(new TokenMeter(undefined).parts(result?.parts ?? []) <= 3 * IMAGE_TOKENS);
  assert.notEqual(budget.tool, undefined);

  const [none] = await budgetOf(500, 500).encode([ok([PNG, "a chart"])]);
  assert.deepEqual(none?.parts, [
    { type: "text", text: "(an image, image/png, left out: it is over the budget)" },
    { type: "text", text: "a chart" },
  ]);
});

test("the note says how much is shown, and how to read on", async () => {
  const [result] = await budgetOf(1_000, 1_000, byLength).encode([ok("x".repeat(56_789))]);
  assert.match(
    textOf(result as EncodedResult),
    /^x+\n\[cut: 8\d\d of 56,789 characters shown; call read_result with id "result_[a-z0-9]{22}" and offset 8\d\d to read on\]$/,
  );
  const cut = cutOf(result as EncodedResult);
  assert.equal(cut?.shown.length, cut?.offset);
});

test("a budget that is too small for a note leaves the shortest one", async () => {
  const [result] = await budgetOf(1, 1, byLength).encode([ok("x".repeat(100))]);
  assert.equal(textOf(result as EncodedResult), "[cut]");
  const [short] = await budgetOf(1, 1, byLength).encode([ok("yes")]);
  assert.equal(textOf(short as EncodedResult), "yes");
});
