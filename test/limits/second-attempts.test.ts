import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  createExecutor,
  defineTool,
  type Executor,
  type HedgeOptions,
  type PoolOptions,
} from "../../src/index.ts";
import { VirtualClock } from "../../src/testing.ts";
import { seeded } from "../support/back-ends.ts";

function callsOf(n: number) {
  return Array.from({ length: n }, (_, i) => ({ id: `call_${i}`, name: "look", input: {} }));
}

describe("retries of what a back-end refuses", () => {
  const ATTEMPT_MS = 100;

  /** A back-end that serves so many at once and refuses the others, and calls that are tried again. */
  function before(atOnce: number, pool: PoolOptions) {
    const clock = new VirtualClock();
    let running = 0;
    const seen = { attempts: 0, refused: 0 };
    const look = defineTool({
      name: "look",
      description: "Looks",
      input: { type: "object" },
      effects: "read",
      pools: ["api"],
      retry: true,
      execute: async () => {
        seen.attempts++;
        if (running >= atOnce) {
          await clock.sleep(1);
          seen.refused++;
          throw Object.assign(new Error("too many"), { status: 429, headers: { "retry-after-ms": "100" } });
        }
        running++;
        await clock.sleep(ATTEMPT_MS);
        running--;
        return "well";
      },
    });
    const executor = createExecutor({
      tools: [look],
      pools: { api: pool },
      concurrency: Infinity,
      maxCalls: Infinity,
      random: seeded(1),
      clock,
    });
    return { clock, executor, seen };
  }

  async function statuses(clock: VirtualClock, executor: Executor, n: number): Promise<Set<string>> {
    const running = executor.run(callsOf(n));
    await clock.runAll();
    return new Set((await running).map(({ status }) => status));
  }

  for (const atOnce of [3, 7, 10, 20, 33]) {
    test(`no call fails while an adaptive pool finds out that its back-end bears ${atOnce}`, async () => {
      const { clock, executor, seen } = before(atOnce, { adaptive: true });
      assert.deepEqual(await statuses(clock, executor, 200), new Set(["ok"]));
      assert.ok(seen.refused > 0, `${seen.refused} were refused`);
      assert.ok(seen.refused < 60, `${seen.refused} were refused`);
    });
  }

  test("a back-end that refuses everything is spared all the same", async () => {
    const { clock, executor, seen } = before(0, { adaptive: true });
    assert.deepEqual(await statuses(clock, executor, 1_000), new Set(["failed"]));
    assert.ok(seen.attempts <= 1_105, `${seen.attempts} attempts`);
  });

  test("where no limit is found out, refusals are retried within the budget", async () => {
    const { clock, executor, seen } = before(0, { concurrency: 50 });
    await statuses(clock, executor, 1_000);
    assert.ok(seen.attempts <= 1_100, `${seen.attempts} attempts`);
  });
});

describe("hedges by percentile", () => {
  /** Turns of eight calls, one attempt in `oneIn` of which takes 2 s instead of some 100 ms. */
  async function turns(hedge: HedgeOptions, { oneIn = 20, n = 800 } = {}) {
    const clock = new VirtualClock();
    const random = seeded(3);
    let attempts = 0;
    const look = defineTool({
      name: "look",
      description: "Looks",
      input: { type: "object" },
      effects: "read",
      idempotent: true,
      hedge,
      execute: (_, { signal }) => clock.sleep(++attempts % oneIn === 0 ? 2_000 : 80 + 40 * random(), signal),
    });
    const executor = createExecutor({ tools: [look], concurrency: 16, clock });
    const slow: number[] = [];
    for (let turn = 0; turn < n; turn++) {
      const from = clock.now();
      let ms = 0;
      const running = executor.run(callsOf(8)).then(() => (ms = clock.now() - from));
      await clock.runAll();
      await running;
      if (ms > 1_000) slow.push(turn);
    }
    return { slow, extra: attempts / (n * 8) - 1 };
  }

  test("stragglers that are as many as lie beyond it do not put it off more and more", async () => {
    const { slow, extra } = await turns({ percentile: 95 });
    assert.ok(slow.length <= 4 && slow.every((turn) => turn < 40), `slow turns: ${slow.join(" ")}`);
    assert.ok(extra < 0.06, `${extra}`);
  });

  test("nor do some more than that", async () => {
    const { slow, extra } = await turns({ percentile: 95 }, { oneIn: 16 });
    assert.ok(slow.length <= 6 && slow.every((turn) => turn < 40), `slow turns: ${slow.join(" ")}`);
    assert.ok(extra < 0.08, `${extra}`);
  });
});
