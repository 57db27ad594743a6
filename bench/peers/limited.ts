/**
 * A turn of calls to a back-end that bears only so much: how many succeed, how long the calls take, how much is refused. The
 * back-end is that of `limited-back-end` in the benchmarks of Tutti alone, which says what the shortest time is.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseScenario, startSimulator } from "../../src/simulator/simulator.ts";
import {
  look,
  startLimitedServer,
  theoryMs,
  type LimitedServer,
  type ServerLimits,
  type Tally,
} from "../limited-server.ts";
import { median } from "../measure.ts";
import type { Contestant, Tool } from "./contestant.ts";
import { CONTESTANTS, tutti } from "./contestants.ts";
import { fasterThan, toMs, toRatio, type Findings, type Scene, type Series } from "./findings.ts";
import { within } from "./guard.ts";
import { tuttiWith } from "./tutti.ts";

const TITLE = "A back-end that bears only so much";
const CALLS = 50;
const ROUNDS = 3;
const LIMITS: ServerLimits = { atOnce: 10, perSecond: 100, burst: 10, ms: 100 };
const PAUSE_MS = 150;
const GUARD_MS = 20_000;

/** Knows nothing, and finds out; a call that was refused is made again. */
const finding = tuttiWith("Tutti, `adaptive` and `retry`", {
  executor: { pools: { api: { adaptive: true } }, concurrency: Infinity },
  tool: { pools: ["api"], retry: true },
});

/** Knows the limits. One less than the bucket holds: for what timers and the network add and take away. */
const knowing = tuttiWith("Tutti, a pool with both limits", {
  executor: {
    pools: { api: { concurrency: 10, rate: { count: 100, perMs: 1_000 }, burst: LIMITS.burst - 1 } },
    concurrency: Infinity,
  },
  tool: { pools: ["api"], retry: true },
});

/** Who plays, and what it is told. */
interface Entry {
  readonly name: string;
  readonly contestant: Contestant;
  readonly atOnce?: number;
}

const peers = CONTESTANTS.filter((one) => one !== tutti);
const ENTRIES: readonly Entry[] = [
  ...peers.map((contestant) => ({ name: contestant.name, contestant })),
  ...peers
    .filter(({ limit }) => limit === "none unless told")
    .map((contestant) => ({
      name: `${contestant.name}, told ${LIMITS.atOnce}`,
      contestant,
      atOnce: LIMITS.atOnce,
    })),
  { name: finding.name, contestant: finding },
  { name: knowing.name, contestant: knowing },
];

/** One turn. */
interface Turn extends Tally {
  readonly ms: number;
}

export const limitedBackEnd: Scene = {
  name: "limited-back-end",
  run: async () => {
    const scenario = parseScenario({
      timeToFirstTokenMs: 0,
      tokensPerSecond: Infinity,
      turns: [
        { calls: Array.from({ length: CALLS }, (_, i) => ({ name: "look", input: { id: String(i) } })) },
        { text: "Done." },
      ],
    });
    await using stack = new AsyncDisposableStack();
    const simulator = stack.use(await startSimulator({ scenario }));
    const servers = new Map<Entry, LimitedServer>();
    for (const entry of ENTRIES) servers.set(entry, stack.use(await startLimitedServer(LIMITS)));
    const results = new Map<string, Turn[]>();
    // The first round, in which code is compiled and connections are made, does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [entry, server] of servers) {
        const play = prepare(entry, server, simulator.url);
        const which = entry.contestant === finding ? [": first turn", ": second turn"] : [""];
        for (const nth of which) {
          const turn = await play();
          const name = `${entry.name}${nth}`;
          if (round > 0) results.set(name, [...(results.get(name) ?? []), turn]);
        }
      }
    }
    return write(results);
  },
};

/** An agent for two turns, of which the second may know better. */
function prepare(entry: Entry, server: LimitedServer, url: string): () => Promise<Turn> {
  let from = Infinity;
  let to = 0;
  const execute: Tool["execute"] = async ({ id }) => {
    from = Math.min(from, performance.now());
    try {
      return await look(`${server.url}/${id}`);
    } finally {
      to = performance.now();
    }
  };
  const tools = [{ name: "look", execute }];
  const agent = entry.contestant.start({ url, stream: false, tools, atOnce: entry.atOnce });
  return async () => {
    await sleep(PAUSE_MS);
    server.tally();
    [from, to] = [Infinity, 0];
    await within(GUARD_MS, agent.open().say("Look.", new AbortController().signal));
    return { ms: to - from, ...server.tally() };
  };
}

function write(results: ReadonlyMap<string, readonly Turn[]>): Findings {
  const theory = theoryMs(CALLS, LIMITS);
  const all = [...results].map(([name, turns]) => {
    const served = turns.reduce((sum, turn) => sum + turn.served, 0) / turns.length;
    const requests = turns.reduce((sum, turn) => sum + turn.requests, 0);
    const refused = turns.reduce((sum, turn) => sum + turn.refused, 0) / requests;
    return { name, served, refused, ms: median(turns.map((turn) => turn.ms)) };
  });
  const seriesOf = (name: string): Series => ({ name, ms: (results.get(name) ?? []).map(({ ms }) => ms) });
  const rivals = all.filter(({ name, served }) => served === CALLS && !name.startsWith("Tutti"));
  return {
    title: TITLE,
    about: [
      `One turn with ${CALLS} calls, each a request to a server that takes ${LIMITS.ms} ms, bears ${LIMITS.atOnce} at once and ${LIMITS.perSecond} a second, and answers 429 with \`Retry-After\` to what is beyond. The time is from the start of the first call to the end of the last; no schedule is faster than ${theory} ms. A time over turns in which calls failed says nothing, and is left out.`,
      `Once as they come, once told the ten at once, for those that can be told; of the ${LIMITS.perSecond} a second only Tutti can be told. That ten at once keep within the rate here is this back-end's kindness, and that Mastra's and p-limit's ten are as many as it bears is chance: Tutti's own limit of ten is turned off.`,
    ],
    columns: ["", "of 50 calls succeed", "time", "÷ the least possible", "refused by a 429"],
    rows: all.map(({ name, served, refused, ms }) => [
      name,
      served.toLocaleString("en", { maximumFractionDigits: 1 }),
      served === CALLS ? toMs(ms) : "–",
      served === CALLS ? toRatio(ms / theory) : "–",
      refused === 0 ? "none" : `${Math.round(refused * 100)} %`,
    ]),
    notes: [`Medians of ${ROUNDS} rounds.`],
    better: fasterThan(
      seriesOf(knowing.name),
      rivals.map(({ name }) => seriesOf(name)),
      TITLE,
    ),
  };
}
