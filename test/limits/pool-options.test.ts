import assert from "node:assert/strict";
import { test } from "node:test";
import { resolvePoolOptions, type PoolOptions } from "../../src/limits/pool-options.ts";

test("the defaults are filled in", () => {
  const none = {
    concurrency: Infinity,
    rate: undefined,
    adaptive: undefined,
    maxQueue: Infinity,
    circuit: undefined,
  };
  const rate = { count: 5, perMs: 1_000 };
  const circuit = { failures: 10, forMs: 5_000, openMs: 10_000, maxOpenMs: 60_000 };
  const cases: ReadonlyArray<readonly [PoolOptions, object]> = [
    [{ concurrency: 3 }, { concurrency: 3 }],
    [{ rate }, { rate: { ...rate, burst: 1 } }],
    [
      { rate, burst: 4, maxQueue: 0 },
      { rate: { ...rate, burst: 4 }, maxQueue: 0 },
    ],
    [{ adaptive: true }, { adaptive: { min: 1, max: 256 } }],
    [{ adaptive: { min: 300 } }, { adaptive: { min: 300, max: 300 } }],
    [
      { adaptive: { min: 2 }, concurrency: 8 },
      { concurrency: 8, adaptive: { min: 2, max: 8 } },
    ],
    [{ adaptive: { max: Infinity } }, { adaptive: { min: 1, max: Infinity } }],
    [{ circuit: true }, { circuit }],
    [
      { circuit: { forMs: 0, openMs: 90_000 } },
      { circuit: { ...circuit, forMs: 0, openMs: 90_000, maxOpenMs: 90_000 } },
    ],
  ];
  for (const [options, expected] of cases)
    assert.deepEqual(resolvePoolOptions("api", options), { ...none, ...expected }, JSON.stringify(options));
});

test("every misuse of a pool is a TypeError that names the option and what came", () => {
  const rate = { count: 5, perMs: 1_000 };
  const cases: ReadonlyArray<readonly [unknown, RegExp]> = [
    [undefined, /^`pools\.api` must be an object, got undefined$/],
    [7, /`pools\.api` must be an object, got 7/],
    [{}, /`pools\.api` limits nothing: it needs `concurrency`, `rate`, `adaptive` or `circuit`/],
    [{ maxQueue: 5 }, /`pools\.api` limits nothing/],
    [{ size: 5 }, /`pools\.api` has no option `size`; it knows concurrency, rate/],
    [{ concurrency: 0 }, /`pools\.api\.concurrency` must be a positive integer, got 0/],
    [{ rate: 5 }, /`pools\.api\.rate` must be an object, got 5/],
    [
      { rate: { count: 5 } },
      /`pools\.api\.rate\.perMs` must be a number of milliseconds above 0, got undefined/,
    ],
    [{ rate: { perMs: 5 } }, /`pools\.api\.rate\.count` must be a positive integer, got undefined/],
    [
      { rate: { ...rate, count: Infinity } },
      /`pools\.api\.rate\.count` must be a positive integer, got Infinity/,
    ],
    [{ rate: { ...rate, perMs: Infinity } }, /`pools\.api\.rate\.perMs` must be finite, got Infinity/],
    [{ rate: { ...rate, burst: 2 } }, /`pools\.api\.rate` has no option `burst`; it knows count, perMs/],
    [{ burst: 2, concurrency: 1 }, /`pools\.api\.burst` needs `rate` beside it/],
    [{ rate, burst: 0.5 }, /`pools\.api\.burst` must be a positive integer, got 0\.5/],
    [{ adaptive: false }, /`pools\.api\.adaptive` must be an object, got false/],
    [{ adaptive: { min: 0 } }, /`pools\.api\.adaptive\.min` must be a positive integer, got 0/],
    [
      { adaptive: { min: 5, max: 4 } },
      /`pools\.api\.adaptive\.min` must be at most its max, which is 4, got 5/,
    ],
    [
      { adaptive: { min: 5 }, concurrency: 4 },
      /`pools\.api\.adaptive\.min` must be at most its max, which is 4, got 5/,
    ],
    [
      { adaptive: { max: 5 }, concurrency: 4 },
      /`pools\.api\.adaptive\.max` and `pools\.api\.concurrency` say the same/,
    ],
    [{ concurrency: 1, maxQueue: -1 }, /`pools\.api\.maxQueue` must be an integer, 0 or more, got -1/],
    [{ circuit: "on" }, /`pools\.api\.circuit` must be an object, got "on"/],
    [{ circuit: { failures: 0 } }, /`pools\.api\.circuit\.failures` must be a positive integer, got 0/],
    [
      { circuit: { forMs: -1 } },
      /`pools\.api\.circuit\.forMs` must be a number of milliseconds, 0 or more, got -1/,
    ],
    [{ circuit: { openMs: Infinity } }, /`pools\.api\.circuit\.openMs` must be finite, got Infinity/],
    [
      { circuit: { maxOpenMs: 5 } },
      /`pools\.api\.circuit\.maxOpenMs` must be at least `openMs`, which is 10000, got 5/,
    ],
  ];
  for (const [options, message] of cases)
    assert.throws(
      () => resolvePoolOptions("api", options as PoolOptions),
      { name: "TypeError", message },
      JSON.stringify(options),
    );
});
