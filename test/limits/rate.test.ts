import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Rate, type RateOptions } from "../../src/limits/rate.ts";

/** Passes `n` as fast as the rate lets them, each `late` ms after it might; the times at which they passed. */
function passAll(
  rate: Rate,
  { n, from = 0, late = () => 0 }: { n: number; from?: number; late?: () => number },
) {
  const times: number[] = [];
  for (let now = from; times.length < n;) {
    const wait = rate.waitMs(now);
    if (wait > 0) now += wait + late();
    else {
      rate.take(now);
      times.push(now);
    }
  }
  return times;
}

test("a rate without a burst spaces its calls evenly", () => {
  const times = passAll(new Rate({ count: 100, perMs: 1_000 }), { n: 5 });
  assert.deepEqual(times, [0, 10, 20, 30, 40]);
});

test("a burst passes at once, then the calls are spaced", () => {
  const times = passAll(new Rate({ count: 10, perMs: 1_000, burst: 3 }), { n: 5 });
  assert.deepEqual(times, [0, 0, 0, 100, 200]);
});

test("a pause gives the burst back, and no more than the burst", () => {
  const rate = new Rate({ count: 10, perMs: 1_000, burst: 3 });
  passAll(rate, { n: 4 });
  assert.deepEqual(passAll(rate, { n: 4, from: 10_000 }), [10_000, 10_000, 10_000, 10_100]);
});

test("late timers do not lower a fine rate", () => {
  const times = passAll(new Rate({ count: 100, perMs: 1_000 }), { n: 1_001, late: () => 2 });
  assert.ok((times.at(-1) as number) <= 10_002, `1,000 intervals took ${times.at(-1)} ms`);
});

test("a coarse rate keeps its spacing to the letter", () => {
  const times = passAll(new Rate({ count: 1, perMs: 1_000 }), { n: 4, late: () => 2 });
  assert.deepEqual(times, [0, 1_002, 2_004, 3_006]);
});

const rates: fc.Arbitrary<Required<RateOptions> & { burst: number }> = fc.record({
  count: fc.integer({ min: 1, max: 500 }),
  perMs: fc.oneof(fc.integer({ min: 1, max: 60_000 }), fc.double({ min: 0.1, max: 60_000, noNaN: true })),
  burst: fc.integer({ min: 1, max: 50 }),
});

const start = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  fc.integer({ min: 0, max: 1e9 }),
);

test("after exactly the time that a rate asks for the next may pass, wherever the clock stands", () => {
  fc.assert(
    fc.property(
      rates,
      start,
      fc.array(fc.double({ min: 0, max: 2, noNaN: true })),
      (options, from, pauses) => {
        const rate = new Rate(options);
        let now = from;
        for (const pause of pauses) {
          const wait = rate.waitMs(now);
          assert.ok(wait >= 0 && wait <= options.perMs / options.count + 1e-3, `waits ${wait}`);
          now += wait;
          assert.equal(rate.waitMs(now), 0, `at ${now}, having waited ${wait}`);
          rate.take(now);
          now += (pause * options.perMs) / options.count;
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("no window holds more than the burst and what the rate allows in its time", () => {
  const gaps = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3, noNaN: true })), {
    minLength: 20,
    maxLength: 300,
  });
  fc.assert(
    fc.property(rates, gaps, fc.integer({ min: 1, max: 3 }), (options, delays, k) => {
      const { count, perMs, burst } = options;
      const rate = new Rate(options);
      const interval = perMs / count;
      const times: number[] = [];
      let now = 0;
      for (const delay of delays) {
        now += Math.max(rate.waitMs(now), (delay > 2 ? delay : delay / 4) * interval);
        if (rate.waitMs(now) > 0) continue;
        rate.take(now);
        times.push(now);
      }
      const late = interval <= 50 ? Math.max(0, Math.ceil(5 / interval) - 1) : 0;
      const most = burst + k * count + late;
      for (let i = most; i < times.length; i++) {
        const span = (times[i] as number) - (times[i - most] as number);
        assert.ok(span > k * perMs, `${most + 1} passed within ${span} ms`);
      }
    }),
    { numRuns: 500 },
  );
});

test("a rate that is always asked passes exactly what it says", () => {
  fc.assert(
    fc.property(rates, start, (options, from) => {
      const { count, perMs, burst } = options;
      const n = burst + 2 * count;
      const times = passAll(new Rate(options), { n, from });
      const took = (times.at(-1) as number) - from;
      // Each start may be a unit or two in the last place of the clock beside its moment.
      const rounding = 2 * n * Number.EPSILON * (from + took);
      assert.ok(Math.abs(took - 2 * perMs) <= rounding + perMs * 1e-9, `took ${took} for ${2 * perMs}`);
    }),
    { examples: [[{ count: 43, perMs: 15_224, burst: 1 }, 34_359_730_135.758_52]] },
  );
});
