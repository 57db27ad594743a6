/**
 * What retries do to a back-end that is down: every call fails. In virtual time, so that hours pass at once.
 *
 * Three attempts for each call treble the load of a back-end just when it is weakest. Tutti's retries come out of a budget.
 */
import { createExecutor, defineTool } from "../src/index.ts";
import { createRandom } from "../src/simulator/seed.ts";
import { VirtualClock } from "../src/testing/virtual-clock.ts";
import type { Benchmark, Row } from "./row.ts";

const CALLS = 1_000;
const FAILS_AFTER_MS = 5;
const NAIVE_ATTEMPTS = 3;

/** When the calls come: `atOnce` of them every `everyMs`. */
interface Pace {
  readonly name: string;
  readonly atOnce: number;
  readonly everyMs: number;
}

const PACES: readonly Pace[] = [
  { name: "1 a second", atOnce: 1, everyMs: 1_000 },
  { name: "10 a second", atOnce: 1, everyMs: 100 },
  { name: "100 a second", atOnce: 1, everyMs: 10 },
  { name: "50 every 5 s", atOnce: 50, everyMs: 5_000 },
];

/** How a back-end that is down fails. */
const FAILURES: readonly { readonly name: string; readonly error: () => Error }[] = [
  { name: "503", error: () => Object.assign(new Error("503 Service Unavailable"), { status: 503 }) },
  {
    name: "ECONNREFUSED",
    error: () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
  },
];

/** Makes a call, and resolves when it has been given up. */
type Caller = (attempt: () => Promise<never>, clock: VirtualClock) => (number: number) => Promise<unknown>;

/** Attempts for each of 1,000 calls to a back-end that is down. */
export const outage: Benchmark = {
  name: "outage",
  about: `attempts of ${CALLS.toLocaleString("en")} calls to a back-end that is down, over calls; aim: at most 1.10`,
  run: async () => {
    const rows: Row[] = [];
    for (const pace of PACES) {
      for (const { name, error } of FAILURES)
        rows.push(rowOf(`tutti, retry, ${name}, ${pace.name}`, await attemptsOf(pace, error, tutti)));
      rows.push(rowOf(`a loop of three attempts, ${pace.name}`, await attemptsOf(pace, Error, naive)));
    }
    return rows;
  },
};

function rowOf(subject: string, attempts: number): Row {
  const ratio = attempts / CALLS;
  return {
    benchmark: "outage",
    subject,
    n: CALLS,
    value: attempts,
    unit: "attempts",
    ratioTo: "calls",
    ratio,
  };
}

async function attemptsOf({ atOnce, everyMs }: Pace, error: () => Error, caller: Caller): Promise<number> {
  const clock = new VirtualClock();
  let attempts = 0;
  const call = caller(async () => {
    attempts++;
    await clock.sleep(FAILS_AFTER_MS);
    throw error();
  }, clock);
  const calls: Promise<unknown>[] = [];
  for (let number = 0; number < CALLS; number++) {
    if (number > 0 && number % atOnce === 0) await clock.advance(everyMs);
    calls.push(call(number));
  }
  await clock.runAll();
  await Promise.all(calls);
  return attempts;
}

function tutti(attempt: () => Promise<never>, clock: VirtualClock): ReturnType<Caller> {
  const look = defineTool({
    name: "look",
    description: "Looks something up",
    input: { type: "object" },
    effects: "read",
    idempotent: true,
    pools: ["api"],
    execute: attempt,
  });
  const executor = createExecutor({
    tools: [look],
    pools: { api: { concurrency: 50 } },
    concurrency: 50,
    retry: { attempts: NAIVE_ATTEMPTS },
    random: createRandom("outage"),
    clock,
  });
  return (number) => executor.run([{ id: `call_${number}`, name: "look", input: {} }]);
}

/** What is written by hand, with the same waits as Tutti's. */
function naive(attempt: () => Promise<never>, clock: VirtualClock): ReturnType<Caller> {
  const random = createRandom("outage");
  return async () => {
    for (let i = 0; i < NAIVE_ATTEMPTS; i++) {
      await attempt().catch(() => clock.sleep(200 * 2 ** i * random()));
    }
  };
}
