import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { delayMs } from "../../src/limits/backoff.ts";

const BASE = { baseMs: 100, maxMs: 1_000, random: 0.5 };

test("the bound doubles with each attempt, up to its maximum", () => {
  const delays = [1, 2, 3, 4, 5, 5_000].map((attempt) => delayMs({ ...BASE, attempt }));
  assert.deepEqual(delays, [50, 100, 200, 400, 500, 500]);
});

test("jitter is full: from nothing up to the bound", () => {
  assert.equal(delayMs({ ...BASE, attempt: 2, random: 0 }), 0);
  assert.equal(delayMs({ ...BASE, attempt: 2, random: 0.999 }), 199.8);
});

test("a back-end that keeps saying 'now' is given more time by each attempt", () => {
  const delays = [1, 2, 3, 9].map((attempt) => delayMs({ ...BASE, attempt, retryAfterMs: 0 }));
  assert.deepEqual(delays, [5, 10, 20, 50]);
});

test("no retry comes before the time that the back-end named, nor much after it", () => {
  const attempts = fc.record({
    attempt: fc.integer({ min: 1, max: 2_000 }),
    baseMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
    maxMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    retryAfterMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(attempts, (options) => {
      const delay = delayMs(options);
      const { retryAfterMs = 0, maxMs } = options;
      assert.ok(delay >= retryAfterMs && delay <= retryAfterMs + maxMs, `${delay} ms`);
      if (options.retryAfterMs !== undefined)
        assert.ok(delay <= retryAfterMs + 0.1 * Math.max(maxMs, retryAfterMs), `${delay} ms`);
    }),
  );
});
