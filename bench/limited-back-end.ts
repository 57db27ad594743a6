/**
 * Turns of calls to a back-end that bears only so much: how many succeed, how long the turn takes, how much is refused.
 *
 * No schedule is faster than 500 ms: the last of 50 requests starts when 40 have ended, in four rounds of ten, after
 * 400 ms; the bucket, which holds ten and fills by 100 a second, lets it start no sooner either. Starts that are evenly spaced,
 * as a pool's `rate` has them unless `burst` is said, make no use of the bucket: the last is at 490 ms, so 590 ms is their best.
 *
 * Every contestant has a back-end of its own and takes its turn in each round, after a pause in which the bucket fills. Those
 * that need to be installed are beside Tutti in `bench/peers`.
 */
import pLimit from "p-limit";
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool, type PoolOptions } from "../src/index.ts";
import {
  look,
  startLimitedServer,
  theoryMs,
  type LimitedServer,
  type ServerLimits,
  type Tally,
} from "./limited-server.ts";
import { median } from "./measure.ts";
import type { Benchmark, Row } from "./row.ts";

const CALLS = 50;
const ROUNDS = 4;
const LIMITS: ServerLimits = { atOnce: 10, perSecond: 100, burst: 10, ms: 100 };
const SPACED = "tutti, limits known";
const PAUSE_MS = 150;
/** Of an executor that does not know the limits: the first, and those in which it knows better. */
const BATCHES = 4;

const KNOWN: PoolOptions = { concurrency: 10, rate: { count: 100, perMs: 1_000 } };

/** One turn of one contestant. */
interface Turn extends Tally {
  readonly ms: number;
}

/** What each call of a turn does. */
type Look = (id: string) => Promise<string>;

/** How one of them runs a turn. */
interface Contestant {
  readonly name: string;
  /** Runs one call per id at once; resolves when the turn is over, and rejects for no call that fails. */
  run(ids: readonly string[], look: Look): Promise<unknown>;
}

/** Successes, time and refusals of Tutti and of bare promises. */
export const limitedBackEnd: Benchmark = {
  name: "limited-back-end",
  about:
    `${CALLS} calls to a back-end that bears ${LIMITS.atOnce} at once and ${LIMITS.perSecond} a second; ` +
    "aims: all succeed, ≤ 1.15 × theory with limits known, ≤ 2 × and < 0.10 refused when found out",
  run: async () => {
    const contestants = ours();
    await using stack = new AsyncDisposableStack();
    const turns = new Map<string, Turn[]>();
    const note = (name: string, turn: Turn) => turns.set(name, [...(turns.get(name) ?? []), turn]);
    const servers = new Map<Contestant, LimitedServer>();
    for (const contestant of contestants)
      servers.set(contestant, stack.use(await startLimitedServer(LIMITS)));
    const adaptiveServer = stack.use(await startLimitedServer(LIMITS));
    // The first round, in which code is compiled and connections are made, does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [contestant, server] of servers) {
        const turn = await play(contestant, server);
        if (round > 0) note(contestant.name, turn);
      }
      const finding = tutti("", { adaptive: true });
      for (let batch = 1; batch <= BATCHES; batch++) {
        const turn = await play(finding, adaptiveServer);
        if (round > 0) note(`tutti, adaptive, ${batch === 1 ? "first batch" : "later batches"}`, turn);
      }
    }
    return [...turns].flatMap(([subject, of]) => rowsOf(subject, of));
  },
};

function ours(): Contestant[] {
  const limit = pLimit(LIMITS.atOnce);
  return [
    tutti(SPACED, KNOWN),
    // One less than the bucket holds: for what timers and the network add and take away.
    tutti("tutti, limits known, burst: 9", { ...KNOWN, burst: LIMITS.burst - 1 }),
    { name: "Promise.all", run: (ids, look) => Promise.allSettled(ids.map(look)) },
    {
      name: "p-limit(10)",
      run: (ids, look) => Promise.allSettled(ids.map((id) => limit(() => look(id)))),
    },
  ];
}

function tutti(name: string, pool: PoolOptions): Contestant {
  let look: Look = () => Promise.reject(new Error("no turn has begun"));
  const tool = defineTool({
    name: "look",
    description: "Looks something up",
    input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
    effects: "read",
    idempotent: true,
    retry: true,
    pools: ["api"],
    execute: (input) => look((input as { id: string }).id),
  });
  // The executor's own limit, which is ten unless it is told, is not to help.
  const executor = createExecutor({ tools: [tool], pools: { api: pool }, concurrency: Infinity });
  return {
    name,
    run: (ids, toDo) => {
      look = toDo;
      return executor.run(ids.map((id) => ({ id, name: "look", input: { id } })));
    },
  };
}

async function play(contestant: Contestant, server: LimitedServer): Promise<Turn> {
  await sleep(PAUSE_MS);
  server.tally();
  const ids = Array.from({ length: CALLS }, (_, i) => `call_${i}`);
  const from = performance.now();
  await contestant.run(ids, (id) => look(`${server.url}/${id}`));
  return { ms: performance.now() - from, ...server.tally() };
}

function rowsOf(subject: string, turns: readonly Turn[]): Row[] {
  const total = (count: (turn: Turn) => number) => turns.reduce((sum, turn) => sum + count(turn), 0);
  const served = total((turn) => turn.served) / turns.length;
  const ms = median(turns.map((turn) => turn.ms));
  const refused = total((turn) => turn.refused);
  const row = { benchmark: "limited-back-end", subject, n: CALLS };
  return [
    { ...row, value: served, unit: "succeeded", ratioTo: "calls", ratio: served / CALLS },
    ...theoriesOf(subject).map((theory) => ({
      ...row,
      value: ms,
      unit: "ms",
      ratioTo: `theory, ${theory} ms`,
      ratio: ms / theory,
    })),
    {
      ...row,
      value: refused / turns.length,
      unit: "429s",
      ratioTo: "requests",
      ratio: refused / total((turn) => turn.requests),
    },
  ];
}

/** What the time is set against: for all the best schedule there is, and for starts that are spaced the best of these too. */
function theoriesOf(subject: string): number[] {
  const best = theoryMs(CALLS, LIMITS);
  return subject === SPACED ? [best, theoryMs(CALLS, { ...LIMITS, burst: 1 })] : [best];
}
