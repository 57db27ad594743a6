/** What the adaptive limit finds out of simulated back-ends; each figure of its header is held here, over many seeds. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  Flat,
  noisy,
  QueueingBackEnd,
  Refusing,
  seeded,
  straggling,
  type Latency,
} from "../support/back-ends.ts";
import { SimulatedPool, type BatchReport } from "../support/limit-simulator.ts";

const SEEDS = Array.from({ length: 20 }, (_, i) => 7_919 * (i + 1));
const SIGMAS = [0, 0.2, 0.5];

interface Case {
  readonly random: () => number;
  /** About 100 ms. */
  readonly latency: Latency;
  /** For messages. */
  readonly name: string;
  /** How unlike the calls are. */
  readonly sigma: number;
}

/** Each seed with each spread of latency. */
function eachCase(check: (of: Case) => void, sigmas: readonly number[] = SIGMAS): void {
  for (const sigma of sigmas) {
    for (const seed of sigma === 0 ? SEEDS.slice(0, 1) : SEEDS) {
      const random = seeded(seed);
      const latency = sigma === 0 ? () => 100 : noisy(random, 100, sigma);
      check({ random, latency, sigma, name: `seed ${seed}, sigma ${sigma}` });
    }
  }
}

function batches(
  pool: SimulatedPool,
  { n, calls, idleMs = 0 }: { n: number; calls: number; idleMs?: number },
) {
  return Array.from({ length: n }, () => {
    const report = pool.batch(calls);
    pool.idle(idleMs);
    return report;
  });
}

function sum(reports: readonly BatchReport[], of: "ms" | "refused" | "attempts" | "failed"): number {
  return reports.reduce((total, report) => total + report[of], 0);
}

/** The limit in the middle of the sorted trail, or at another place of it. */
function level(trail: readonly number[], at = 0.5): number {
  return trail.toSorted((a, b) => a - b)[Math.floor(at * trail.length)] as number;
}

describe("10 at once and 100 a second, more is refused", () => {
  const LEAST_MS = 500;
  for (const retryAfterMs of [50, 250, 1_000]) {
    for (const idleMs of [0, 5_000]) {
      test(`50 calls a batch, told to wait ${retryAfterMs} ms, ${idleMs} ms between batches`, () => {
        eachCase(
          ({ latency, name, sigma }) => {
            const backEnd = new Refusing({ atOnce: 10, perSecond: 100, latency, retryAfterMs });
            const [first, ...later] = batches(new SimulatedPool({ backEnd }), { n: 61, calls: 50, idleMs });
            // What noise adds: the slowest of the last ten.
            const leastMs = LEAST_MS * (1 + sigma);
            const firstMs = (first as BatchReport).ms;
            assert.ok(firstMs <= 1.7 * leastMs + retryAfterMs, `the first takes ${firstMs} ms (${name})`);
            const meanMs = sum(later, "ms") / later.length;
            assert.ok(meanMs <= 1.2 * leastMs, `later ones take ${meanMs} ms (${name})`);
            const share = sum(later, "refused") / sum(later, "attempts");
            assert.ok(share <= 0.005, `${share * 100} % are refused later (${name})`);
            const worst = Math.max(...later.map(({ refused, attempts }) => refused / attempts));
            assert.ok(worst <= 0.1, `${worst * 100} % of one batch are refused (${name})`);
            assert.equal(sum([first as BatchReport, ...later], "failed"), 0);
          },
          [0, 0.2],
        );
      });
    }
  }

  test("without an adaptive limit, half of the attempts and more are refused", () => {
    const backEnd = new Refusing({ atOnce: 10, perSecond: 100, latency: () => 100, retryAfterMs: 50 });
    const { refused, attempts } = new SimulatedPool({ backEnd, fixed: 50 }).batch(50);
    assert.ok(refused / attempts > 0.5, `${refused} of ${attempts}`);
  });
});

test("capacities from 1 to 100 are found, and kept with less than 1 % refused", () => {
  eachCase(({ latency, name }) => {
    for (const atOnce of [1, 3, 10, 30, 100]) {
      const backEnd = new Refusing({ atOnce, latency, retryAfterMs: 50 });
      const pool = new SimulatedPool({ backEnd });
      pool.batch(20 * atOnce);
      const { refused, attempts } = pool.batch(40 * atOnce + 1_000);
      assert.ok(
        refused / attempts < 0.01,
        `${refused} of ${attempts} are refused, ${atOnce} at once (${name})`,
      );
      const found = level(pool.trail.slice(20 * atOnce));
      assert.ok(found <= atOnce + 1 && found >= 0.75 * atOnce, `finds ${found} for ${atOnce} (${name})`);
    }
  });
});

test("a capacity that halves is followed within 10 calls, one that doubles within 2,000", () => {
  const after: Record<"down" | "up", number[]> = { down: [], up: [] };
  eachCase(({ latency, name }) => {
    const backEnd = new Refusing({ atOnce: 20, latency, retryAfterMs: 100 });
    const pool = new SimulatedPool({ backEnd });
    batches(pool, { n: 30, calls: 50 });
    const halved = pool.trail.length;
    backEnd.atOnce = 10;
    const lean = batches(pool, { n: 60, calls: 50 });
    const down = pool.trail.slice(halved).findIndex((slots) => slots <= 11);
    assert.ok(down >= 0 && down <= 10, `follows down after ${down} calls (${name})`);
    assert.ok(sum(lean, "refused") <= 40, `${sum(lean, "refused")} of 3,000 are refused (${name})`);
    const doubled = pool.trail.length;
    backEnd.atOnce = 20;
    batches(pool, { n: 60, calls: 50 });
    const up = pool.trail.slice(doubled).findIndex((slots) => slots >= 18);
    assert.ok(up >= 0 && up <= 2_000, `follows up after ${up} calls (${name})`);
    after.down.push(down);
    after.up.push(up);
  });
  assert.ok(level(after.up) <= 1_000, `usually follows up after ${level(after.up)} calls`);
});

describe("queueing inside the back-end, nothing is refused", () => {
  for (const atOnce of [8, 20, 40]) {
    for (const calls of [6 * atOnce, 5_000]) {
      test(`${atOnce} are served at once, ${calls} calls a batch: the limit settles within twice of it`, () => {
        eachCase(({ latency, name, sigma }) => {
          const pool = new SimulatedPool({ backEnd: new QueueingBackEnd({ atOnce, latency }) });
          batches(pool, { n: Math.ceil(5_000 / calls), calls, idleMs: 1_000 });
          const settled = pool.trail.slice(1_000);
          const at = level(settled);
          // Of 300 seeds of the noisiest, 4 settle beyond twice.
          const most = (sigma === 0.5 ? 3 : 2) * atOnce;
          assert.ok(at >= atOnce / 2 && at <= most, `settles at ${at} (${name})`);
        });
      });
    }
  }

  test("few are served at once: the limit stays within a few more", () => {
    eachCase(({ latency, name }) => {
      for (const atOnce of [1, 2, 4]) {
        const pool = new SimulatedPool({ backEnd: new QueueingBackEnd({ atOnce, latency }) });
        pool.batch(3_000);
        const at = level(pool.trail.slice(1_000));
        assert.ok(at <= atOnce + 5, `settles at ${at} for ${atOnce} (${name})`);
      }
    });
  });

  test("timeouts are not run into where only the queue makes them", () => {
    eachCase(
      ({ latency, name }) => {
        const pool = new SimulatedPool({
          backEnd: new QueueingBackEnd({ atOnce: 8, latency, timeoutMs: 600 }),
        });
        pool.batch(200);
        const { failed } = pool.batch(2_000);
        assert.ok(failed <= 20, `${failed} of 2,000 time out (${name})`);
      },
      [0, 0.2],
    );
  });
});

describe("a back-end that bears anything", () => {
  const MAX = 64;
  /** That the limit is at its maximum, or near it, nearly always. */
  function assertOpen(pool: SimulatedPool, { share, name }: { share: number; name: string }): void {
    const settled = pool.trail.slice(pool.trail.length >> 2);
    const mean = settled.reduce((total, slots) => total + slots, 0) / settled.length;
    assert.ok(mean >= share * MAX, `the limit is ${mean} on average (${name})`);
  }

  test("noise does not keep the limit from growing to what is offered", () => {
    eachCase(({ latency, name }) => {
      const pool = new SimulatedPool({ backEnd: new Flat(latency), max: MAX });
      pool.batch(5_000);
      assertOpen(pool, { share: 0.85, name });
    });
  });

  test("stragglers, one call in twenty that takes twenty times as long, do not lower it", () => {
    eachCase(({ latency, random, name }) => {
      for (const calls of [100, 5_000]) {
        const pool = new SimulatedPool({ backEnd: new Flat(straggling(random, latency)), max: MAX });
        batches(pool, { n: 5_000 / calls, calls, idleMs: 500 });
        assertOpen(pool, { share: 0.5, name: `${calls} calls a batch, ${name}` });
      }
    });
  });

  test("nor do they where they run into their timeout", () => {
    eachCase(({ latency, random, name }) => {
      const pool = new SimulatedPool({ backEnd: new Flat(straggling(random, latency), 1_000), max: MAX });
      batches(pool, { n: 50, calls: 100, idleMs: 500 });
      assertOpen(pool, { share: 0.5, name });
    });
  });

  test("tools that take 50 ms and 2 s share it without lowering it, mixed or by turns", () => {
    eachCase(({ latency, random, name }) => {
      for (const mode of ["mixed", "by turns"]) {
        let calls = 0;
        const arrive = () => {
          const slow = mode === "mixed" ? random() < 0.5 : Math.floor(calls++ / 50) % 2 === 0;
          return { ms: latency() * (slow ? 20 : 0.5), result: "ok", tool: slow ? "slow" : "fast" } as const;
        };
        const pool = new SimulatedPool({ backEnd: { arrive }, max: MAX });
        pool.batch(5_000);
        assertOpen(pool, { share: 0.65, name: `${mode}, ${name}` });
      }
    });
  });

  test("one tool whose batches take 50 ms and 2 s by turns does not lower it either", () => {
    eachCase(({ latency, name }) => {
      let calls = 0;
      const backEnd = new Flat(() => latency() * (Math.floor(calls++ / 50) % 2 === 0 ? 20 : 0.5));
      const pool = new SimulatedPool({ backEnd, max: MAX });
      batches(pool, { n: 100, calls: 50 });
      assertOpen(pool, { share: 0.8, name });
    });
  });

  test("refusals that have nothing to do with it, one call in a hundred, leave a limit of some dozen", () => {
    eachCase(({ latency, random, name }) => {
      const arrive = () =>
        random() < 0.01
          ? ({ ms: 5, result: "refused" } as const)
          : ({ ms: latency(), result: "ok" } as const);
      const pool = new SimulatedPool({ backEnd: { arrive }, max: MAX });
      pool.batch(5_000);
      assertOpen(pool, { share: 0.18, name });
    });
  });
});

describe("a rate, 100 a second, whatever the concurrency", () => {
  for (const [ms, most] of [
    [1, 0.1],
    [10, 0.04],
    [100, 0.04],
    [1_000, 0.02],
  ] as const) {
    test(`calls of ${ms} ms go on, with at most ${most * 100} % refused`, () => {
      eachCase(({ latency, name }) => {
        const backEnd = new Refusing({
          perSecond: 100,
          latency: () => (latency() * ms) / 100,
          retryAfterMs: 200,
        });
        const pool = new SimulatedPool({ backEnd });
        pool.batch(1_000);
        const report = pool.batch(4_000);
        assert.equal(report.failed, 0);
        const share = report.refused / report.attempts;
        assert.ok(share <= most, `${share * 100} % are refused (${name})`);
        assert.ok(report.ms <= 2 * 40_000, `takes ${report.ms} ms, at best 40,000 (${name})`);
      });
    });
  }
});
