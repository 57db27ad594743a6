/** Measures a set: Tutti by replay, the rivals by their rule, with the same turns, latencies and slots. */
import type { BatchEvent } from "../../src/index.ts";
import type { ResolvedEffects } from "../../src/core/effects.ts";
import { findWaits } from "./explained-waits.ts";
import { optimumOf } from "./optimum.ts";
import { Replay } from "./replay.ts";
import { oneByOne, RIVALS, scheduleOf, type RivalTurn } from "./rivals.ts";
import { makespanOf, type Schedule } from "./schedule.ts";
import { Tally } from "./tally.ts";
import type { Pair, WorkloadTurn } from "./workload.ts";
import { knownPairs, orderSensitive, requestsOf, touchedIn, type WorkloadSet } from "./workload-set.ts";

/** How many slots are tried. */
export const SLOTS: readonly number[] = [Infinity, 10, 4];

/** Tutti's name in the tables, when it learns durations as it goes and when it is told them. */
export const TUTTI = "Tutti";
export const TUTTI_TOLD = "Tutti, durations given";

/** Everyone's names, in the tables' order. */
export const CONTESTANTS: readonly string[] = [
  oneByOne.name,
  ...RIVALS.map(({ name }) => name),
  TUTTI,
  TUTTI_TOLD,
];

/** The figures of a set. */
export interface SetFigures {
  readonly set: WorkloadSet;
  /** By contestant, then in the order of `SLOTS`. */
  readonly tallies: ReadonlyMap<string, readonly Tally[]>;
  readonly waits: WaitCount;
  /** Of the best schedules on the fewest slots, for the first few draws. */
  readonly optimum: OptimumCount;
}

/** What Tutti's trace says of calls that did not start with their turn. */
export interface WaitCount {
  late: number;
  readonly unexplained: string[];
}

/** How the best schedules compare, in turns with more calls than slots. */
export interface OptimumCount {
  readonly tally: Tally;
  /** Tutti's on the same turns, with durations given. */
  readonly told: Tally;
  /** Searches that were given up, so that the optimum may be lower. */
  unproven: number;
}

/** What is measured. */
export interface MeasureOptions {
  /** Draws of latencies for each turn. */
  readonly seeds: number;
  /** How many of these are also solved to the optimum. @default 0 */
  readonly solved?: number;
}

/** Replays each turn of the set with so many draws of latencies. */
export async function measureSet(
  set: WorkloadSet,
  { seeds, solved = 0 }: MeasureOptions,
): Promise<SetFigures> {
  const tallies = new Map(CONTESTANTS.map((name) => [name, SLOTS.map(() => new Tally())]));
  const waits: WaitCount = { late: 0, unexplained: [] };
  const optimum: OptimumCount = { tally: new Tally(), told: new Tally(), unproven: 0 };
  const contestants = SLOTS.map((slots) => createContestants(set, slots, waits));
  for (const turn of set.turns) {
    const prepared = prepareTurn(set, turn);
    for (let seed = 0; seed < seeds; seed++) {
      const durations = set.latencies(turn, seed);
      const graph = { durations, pairs: prepared.pairs };
      for (const [place, slots] of SLOTS.entries()) {
        const measure = { graph, known: prepared.known, slots };
        for (const { name, schedule } of contestants[place] ?? []) {
          const ran = await schedule(prepared, durations);
          tallies.get(name)?.[place]?.add(ran, measure);
          if (name === TUTTI_TOLD && seed < solved && durations.length > slots) solve(optimum, ran, measure);
        }
      }
    }
  }
  return { set, tallies, waits, optimum };
}

/** A turn, and what is known of it before it runs. */
interface PreparedTurn {
  readonly turn: WorkloadTurn;
  readonly touched: readonly ResolvedEffects[];
  readonly touches: RivalTurn["touches"];
  readonly known: readonly Pair[];
  readonly pairs: readonly Pair[];
}

function prepareTurn(set: WorkloadSet, turn: WorkloadTurn): PreparedTurn {
  const touched = touchedIn(set, turn);
  return {
    turn,
    touched,
    touches: touched.map(({ reads, writes, commutes }) =>
      writes.length + commutes.length > 0 ? "writes" : reads.length > 0 ? "reads" : "none",
    ),
    known: knownPairs(set, turn),
    pairs: orderSensitive(set, turn),
  };
}

interface Contestant {
  readonly name: string;
  readonly schedule: (turn: PreparedTurn, durations: readonly number[]) => Schedule | Promise<Schedule>;
}

function createContestants(set: WorkloadSet, slots: number, waits: WaitCount): Contestant[] {
  const rivals = [oneByOne, ...RIVALS].map((rival): Contestant => ({
    name: rival.name,
    schedule: ({ touches, known }, durations) => scheduleOf(rival, { durations, touches, known }, slots),
  }));
  const learning = new Replay({ ...set, slots, told: false });
  const told = new Replay({ ...set, slots, told: true });
  return [
    ...rivals,
    {
      name: TUTTI,
      schedule: async ({ turn, touched }, durations) => {
        const requests = requestsOf(set, turn);
        const events: BatchEvent[] = [];
        const schedule = await learning.turn(requests, durations, (event) => events.push(event));
        const found = findWaits(events, { touched, data: set.references ? turn.data : [] });
        waits.late += found.late;
        waits.unexplained.push(...found.unexplained.map((what) => `${turn.id}: ${what}`));
        return schedule;
      },
    },
    {
      name: TUTTI_TOLD,
      schedule: ({ turn }, durations) => told.turn(requestsOf(set, turn, durations), durations),
    },
  ];
}

function solve(optimum: OptimumCount, ran: Schedule, measure: Parameters<Tally["add"]>[1]): void {
  const { graph, known, slots } = measure;
  const { makespan, proven } = optimumOf({ ...graph, pairs: known }, slots, makespanOf(ran));
  optimum.told.add(ran, measure);
  optimum.tally.addMakespan(makespan, measure);
  if (!proven) optimum.unproven++;
}
