import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RetryBudget } from "../../src/limits/retry-budget.ts";

/** How many of `wanted` retries the budget gives. */
function takeAll(budget: RetryBudget, now: number, wanted = 1_000): number {
  let taken = 0;
  while (taken < wanted && budget.take(now)) taken++;
  return taken;
}

function attempt(budget: RetryBudget, now: number, n: number): void {
  for (let i = 0; i < n; i++) budget.attempted(now);
}

test("one failure among five calls may be retried", () => {
  const budget = new RetryBudget();
  attempt(budget, 0, 5);
  assert.equal(budget.take(10), true);
});

test("a tenth of the first attempts of the last window may be retried", () => {
  const budget = new RetryBudget();
  attempt(budget, 0, 50);
  attempt(budget, 9_000, 50);
  assert.equal(takeAll(budget, 9_500), 10);
});

test("what has left the window counts no longer: neither attempts nor retries", () => {
  const budget = new RetryBudget();
  attempt(budget, 0, 100);
  assert.equal(takeAll(budget, 500), 10);
  budget.succeeded();
  attempt(budget, 9_000, 40);
  assert.equal(takeAll(budget, 9_999), 4, "140 attempts, 10 retries");
  budget.succeeded();
  assert.equal(takeAll(budget, 10_500), 0, "40 attempts, 4 retries");
  budget.succeeded();
  assert.equal(takeAll(budget, 19_500), 3, "the floor, once the retries have left too");
  assert.equal(takeAll(budget, 1e9), 0, "nothing has come since");
});

test("the floor is given once per window while answers come", () => {
  const budget = new RetryBudget();
  for (let window = 0; window < 5; window++) {
    const now = window * 10_000;
    attempt(budget, now, 5);
    budget.succeeded();
    assert.equal(takeAll(budget, now), 3);
  }
});

test("the floor is given once, not once per window, while nothing comes", () => {
  const budget = new RetryBudget();
  let taken = 0;
  for (let window = 0; window < 100; window++) {
    const now = window * 10_000;
    attempt(budget, now, 1);
    taken += takeAll(budget, now);
  }
  assert.equal(taken, 10);
});

test("a back-end that has come back has its floor again", () => {
  const budget = new RetryBudget();
  attempt(budget, 0, 20);
  assert.equal(takeAll(budget, 0), 3);
  assert.equal(takeAll(budget, 30_000), 0);
  budget.succeeded();
  assert.equal(takeAll(budget, 30_000), 3);
});

test("an outage multiplies the load by no more than 1.1, at any pace, after any past", () => {
  const gapMs = fc.oneof(fc.constant(0), fc.nat(50), fc.nat(3_000), fc.nat(30_000));
  const past = fc.array(fc.record({ gapMs, well: fc.boolean() }), { maxLength: 200 });
  const outage = fc.array(gapMs, { minLength: 30, maxLength: 400 });
  fc.assert(
    fc.property(past, outage, fc.integer({ min: 1, max: 5 }), (before, during, greed) => {
      const budget = new RetryBudget();
      let now = 0;
      for (const { gapMs: gap, well } of before) {
        now += gap;
        budget.attempted(now);
        if (!well) budget.take(now);
      }
      budget.succeeded();
      let load = 0;
      for (const [i, gap] of during.entries()) {
        now += gap;
        budget.attempted(now);
        load += 1 + takeAll(budget, now, greed);
        const firsts = i + 1;
        if (firsts >= 30) assert.ok(load <= 1.1 * firsts + 1e-9, `${load} attempts for ${firsts} calls`);
      }
    }),
    { numRuns: 300 },
  );
});

test("retries are no more than the ratio, or the floor, of the first attempts of the window", () => {
  const step = fc.record({ gapMs: fc.oneof(fc.constant(0), fc.nat(400), fc.nat(12_000)), kind: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const budget = new RetryBudget();
      const log: { part: number; retry: boolean }[] = [];
      let now = 0;
      let granted = 0;
      let firsts = 0;
      for (const { gapMs, kind } of steps) {
        now += gapMs;
        const part = Math.floor(now / 1_000);
        budget.succeeded();
        if (kind > 2) {
          budget.attempted(now);
          firsts++;
          log.push({ part, retry: false });
          continue;
        }
        const window = log.filter((entry) => entry.part > part - 10);
        const retries = window.filter(({ retry }) => retry).length;
        const allowed = Math.max(3, 0.1 * (window.length - retries));
        assert.equal(budget.take(now), retries + 1 <= allowed, `${retries} of ${allowed} at ${now}`);
        if (retries + 1 > allowed) continue;
        log.push({ part, retry: true });
        granted++;
      }
      assert.ok(granted <= 0.1 * firsts + 3 * (1 + now / 9_000), `${granted} for ${firsts}`);
    }),
    { numRuns: 300 },
  );
});
