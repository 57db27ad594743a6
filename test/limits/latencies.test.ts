import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Latencies } from "../../src/limits/latencies.ts";

function recorded(samples: readonly number[]): Latencies {
  const latencies = new Latencies();
  for (const ms of samples) latencies.record(ms);
  return latencies;
}

function assertNear(actual: number | undefined, expected: number): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= expected * 0.0251,
    `${actual} is not ${expected} within 2.5 %`,
  );
}

/** 1, 2, 3, … */
function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

test("nothing is said of a percentile until there are samples enough", () => {
  const needed = [
    [0.5, 20],
    [0.9, 20],
    [0.95, 20],
    [0.99, 100],
    [0.995, 200],
  ] as const;
  for (const [p, enough] of needed) {
    assert.equal(recorded(upTo(enough - 1)).percentile(p), undefined, `${p} of ${enough - 1}`);
    assertNear(recorded(upTo(enough)).percentile(p), p * enough);
  }
  assert.equal(recorded(upTo(10_000)).percentile(0.997), undefined);
});

test("a tool that became slow, or fast, is followed within 256 samples", () => {
  const latencies = recorded(Array(1_000).fill(100));
  for (let i = 0; i < 13; i++) latencies.record(500);
  assertNear(latencies.percentile(0.95), 500);
  assertNear(latencies.percentile(0.5), 100);
  for (let i = 0; i < 256; i++) latencies.record(10);
  assertNear(latencies.percentile(0.95), 10);
  assertNear(latencies.percentile(0.99), 10);
});

test("times that are no times do no harm", () => {
  const odd = [0, -1, NaN, 1e-300, Infinity, 1e300, Number.MAX_VALUE];
  const latencies = recorded([...odd, ...odd, ...odd]);
  assertNear(latencies.percentile(0.1), 0.1);
  assertNear(latencies.percentile(0.95), 3_600_000);
});

test("a percentile is that of the last 256 samples by nearest rank, within 2.5 %", () => {
  const sample = fc.oneof(
    fc.double({ min: 0.1, max: 3_600_000, noNaN: true }),
    fc.double({ min: 20, max: 60, noNaN: true }),
    fc.double({ min: 0.1, max: 2, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 20, maxLength: 700 }),
      fc.constantFrom(0.01, 0.25, 0.5, 0.75, 0.9, 0.95),
      (samples, p) => {
        const latencies = new Latencies();
        for (const [i, ms] of samples.entries()) {
          latencies.record(ms);
          // Now and then, as asking must not disturb what is asked later.
          if (i < 20 || (i % 37 !== 0 && i < samples.length - 1)) continue;
          const last = samples.slice(Math.max(0, i - 255), i + 1).sort((a, b) => a - b);
          assertNear(latencies.percentile(p), last[Math.ceil(last.length * p - 1e-9) - 1] as number);
        }
      },
    ),
    { numRuns: 300 },
  );
});
