/** What a turn of calls costs that do nothing: from the response that has them to the request that answers them. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ProtocolName } from "../../src/simulator/simulator.ts";
import { median } from "../measure.ts";
import { CONTESTANTS, PEERS, tutti } from "./contestants.ts";
import type { Contestant } from "./contestant.ts";
import { fasterThan, toMs, toRatio, type Findings, type Scene, type Series } from "./findings.ts";
import { StillRunning, within } from "./guard.ts";
import type { ThreadData, ThreadMessage } from "./overhead-thread.ts";
import { promiseAll } from "./own-loop.ts";
import { recordTape, type Tape } from "./replay.ts";

/** Calls in the turn, with the rounds that count and those before them. */
const SIZES = [
  { calls: 1, rounds: 60, warmUpRounds: 40 },
  { calls: 10, rounds: 40, warmUpRounds: 20 },
  { calls: 100, rounds: 30, warmUpRounds: 15 },
  { calls: 1_000, rounds: 20, warmUpRounds: 10 },
  { calls: 5_000, rounds: 10, warmUpRounds: 5 },
] as const;
const TITLE = "Overhead";
/** Whoever takes longer for a turn is ended, and not asked for larger ones. */
const PATIENCE_MS = 8_000;
/** Whoever has used up so much at a size gets no further round there. */
const BUDGET_MS = 4_000;

/** One contestant's thread, until it is ended. */
interface Place {
  readonly contestant: Contestant;
  readonly worker: Worker;
  alive: boolean;
}

export const overhead: Scene = {
  name: "overhead",
  run: async () => {
    const places: Place[] = [];
    for (const contestant of CONTESTANTS) {
      const { module, name } = contestant;
      const workerData: ThreadData = { module, name };
      const worker = new Worker(new URL("overhead-thread.ts", import.meta.url), { workerData });
      await once(worker, "message");
      places.push({ contestant, worker, alive: true });
    }
    const bySize = new Map<number, readonly Series[]>();
    for (const size of SIZES) bySize.set(size.calls, await seriesOf(size, places));
    for (const { worker } of places) await worker.terminate();
    return write(bySize);
  },
};

async function seriesOf(
  { calls, rounds, warmUpRounds }: (typeof SIZES)[number],
  places: readonly Place[],
): Promise<Series[]> {
  const tapes = new Map<ProtocolName, Tape>();
  for (const { contestant, worker, alive } of places) {
    const { protocol } = contestant;
    if (!tapes.has(protocol)) tapes.set(protocol, await recordTape(protocol, calls));
    if (alive) worker.postMessage({ tape: tapes.get(protocol) ?? [], calls } satisfies ThreadMessage);
  }
  const taken = places.map(() => [] as number[]);
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    for (const [i, place] of places.entries()) {
      const ms = taken[i] ?? [];
      if (place.alive && sum(ms) < BUDGET_MS) ms.push(await play(place));
    }
  }
  return places.map(({ contestant, alive }, i) => {
    const ms = taken[i] ?? [];
    return { name: contestant.name, ms: alive ? ms.slice(Math.min(warmUpRounds, ms.length - 1)) : [] };
  });
}

async function play(place: Place): Promise<number> {
  place.worker.postMessage("play" satisfies ThreadMessage);
  try {
    const [ms] = (await within(PATIENCE_MS, once(place.worker, "message"))) as [number];
    return ms;
  } catch (error) {
    if (!(error instanceof StillRunning)) throw error;
    place.alive = false;
    await place.worker.terminate();
    return NaN;
  }
}

function write(bySize: ReadonlyMap<number, readonly Series[]>): Findings {
  const sizes = [...bySize.keys()];
  const of = (calls: number, { name }: Contestant) =>
    bySize.get(calls)?.find((series) => series.name === name) ?? { name, ms: [] };
  const cell = (calls: number, contestant: Contestant) => {
    const { ms } = of(calls, contestant);
    if (ms.length === 0) return "–";
    return `${toMs(median(ms))} (${toRatio(median(ms) / median(of(calls, promiseAll).ms))})`;
  };
  return {
    title: TITLE,
    about: [
      "One turn of N calls that do nothing, all answered in the next request: the time from the response with the calls to that request, in brackets ÷ Promise.all. Responses come whole and from memory, as the simulator says them, so that neither network nor simulator counts; the client's own reading and writing of JSON does. Each contestant has a thread of its own, and its own limit: ten at once for p-limit, Mastra and Tutti, none for the others.",
    ],
    columns: ["", ...sizes.map((calls) => `N = ${calls.toLocaleString("en")}`)],
    rows: CONTESTANTS.map((contestant) => [
      contestant.name,
      ...sizes.map((calls) => cell(calls, contestant)),
    ]),
    notes: [
      `Medians of ${SIZES.map(({ rounds }) => rounds).join(", ")} rounds; fewer for those that take seconds. –: a turn of this size or of the one before took more than ${PATIENCE_MS / 1_000} s.`,
    ],
    better: sizes.flatMap((calls) =>
      fasterThan(
        of(calls, tutti),
        PEERS.map((peer) => of(calls, peer)),
        `${TITLE}, N = ${calls.toLocaleString("en")}`,
      ),
    ),
    points: [...bySize].flatMap(([n, series]) =>
      series.filter(({ ms }) => ms.length > 0).map(({ name, ms }) => ({ name, n, ms: median(ms) })),
    ),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
