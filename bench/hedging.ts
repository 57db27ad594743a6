/**
 * What further attempts beside a slow one do to the time of a turn, and what they cost. In virtual time, by a seed.
 *
 * A turn is as slow as its slowest call, so stragglers that are one call in twenty slow down every third turn of eight calls.
 * Where they come from decides what a hedge can do:
 *
 * - *One replica of twenty* is slow, and a load balancer goes round: the second attempt goes elsewhere.
 * - *Chance*: each attempt, the second too, is slow one time in twenty. Then two are in one call of 400, and that is one turn
 *   of 50: it takes a third to help the slowest turn of a hundred.
 * - *Together*: in one turn of twenty the back-end is slow, whoever asks. Nothing can help; the budget bounds what is tried.
 */
import { createExecutor, defineTool, type HedgeOptions } from "../src/index.ts";
import { createRandom } from "../src/simulator/seed.ts";
import { VirtualClock } from "../src/testing/virtual-clock.ts";
import type { Benchmark, Row } from "./row.ts";

const TURNS = 2_000;
const CALLS = 8;
const ONE_IN = 20;
const USUAL_MS = 100;
const TIMES_SLOWER = 20;

/** Whether an attempt that starts in a turn is slow. */
type Straggles = (turn: number) => boolean;

/** Where stragglers come from. */
interface Stragglers {
  readonly name: string;
  readonly percentiles: readonly number[];
  create(random: () => number): Straggles;
}

const STRAGGLERS: readonly Stragglers[] = [
  {
    name: "one replica of twenty",
    percentiles: [99],
    create: () => {
      let attempts = 0;
      return () => ++attempts % ONE_IN === 0;
    },
  },
  { name: "chance", percentiles: [97, 99], create: (random) => () => random() < 1 / ONE_IN },
  { name: "together", percentiles: [99], create: () => (turn) => turn % ONE_IN === 0 },
];

const HEDGES: readonly { readonly name: string; readonly hedge: HedgeOptions | undefined }[] = [
  { name: "no hedge", hedge: undefined },
  { name: "percentile: 95", hedge: { percentile: 95 } },
  { name: "afterMs: 200", hedge: { afterMs: 2 * USUAL_MS } },
];

/** A turn's time at high percentiles, with a hedge over without, and the attempts beyond one per call. */
export const hedging: Benchmark = {
  name: "hedging",
  about:
    `${TURNS.toLocaleString("en")} turns of ${CALLS} calls, one in ${ONE_IN} ${TIMES_SLOWER} × slower; ` +
    "aims: 99th percentile of a turn ≤ 0.5 ×, extra attempts ≤ 0.08, ≤ 0.10 where all are slow",
  run: async () => {
    const rows: Row[] = [];
    for (const stragglers of STRAGGLERS) rows.push(...(await rowsOf(stragglers)));
    return rows;
  },
};

async function rowsOf(stragglers: Stragglers): Promise<Row[]> {
  const rows: Row[] = [];
  let bare: readonly number[] | undefined;
  for (const { name, hedge } of HEDGES) {
    const { turnsMs, attempts } = await turnsOf(stragglers, hedge);
    bare ??= turnsMs;
    const row = { benchmark: "hedging", subject: `${stragglers.name}: ${name}` };
    for (const percent of stragglers.percentiles) {
      const value = percentile(turnsMs, percent);
      const ratio = value / percentile(bare, percent);
      rows.push({ ...row, n: TURNS, value, unit: `ms p${percent}`, ratioTo: "no hedge", ratio });
    }
    const value = attempts - TURNS * CALLS;
    const ratio = value / (TURNS * CALLS);
    rows.push({ ...row, n: TURNS, value, unit: "extra attempts", ratioTo: "calls", ratio });
  }
  return rows;
}

async function turnsOf(stragglers: Stragglers, hedge: HedgeOptions | undefined) {
  const clock = new VirtualClock();
  const random = createRandom("hedging");
  const straggles = stragglers.create(random);
  let turn = 0;
  let attempts = 0;
  const look = defineTool({
    name: "look",
    description: "Looks something up",
    input: { type: "object" },
    effects: "read",
    idempotent: true,
    hedge,
    execute: (_, { signal }) => {
      attempts++;
      const usual = USUAL_MS * (0.8 + 0.4 * random());
      return clock.sleep(straggles(turn) ? usual * TIMES_SLOWER : usual, signal);
    },
  });
  // Room for the second attempts beside all first ones.
  const executor = createExecutor({ tools: [look], concurrency: 2 * CALLS, clock });
  const turnsMs: number[] = [];
  for (turn = 1; turn <= TURNS; turn++) {
    const calls = Array.from({ length: CALLS }, (_, i) => ({ id: `${turn}_${i}`, name: "look", input: {} }));
    const from = clock.now();
    let to = from;
    const running = executor.run(calls).then(() => (to = clock.now()));
    await clock.runAll();
    await running;
    turnsMs.push(to - from);
  }
  return { turnsMs, attempts };
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? NaN;
}
