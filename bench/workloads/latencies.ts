/**
 * How long the calls of a turn take. Seed 0 is what the file says; the others draw from the distribution that its README
 * names, so that no schedule is good by the luck of one draw.
 */
import { createRandom } from "../../src/simulator/seed.ts";
import type { Lognormal, WorkloadTurn } from "./workload.ts";

/** A turn's durations in milliseconds, by seed. */
export type Latencies = (turn: WorkloadTurn, seed: number) => readonly number[];

/** AsyncLM's range and mean: 30 to 500 ms, 110 ms on average. */
const USUAL = { medianMs: 86.4, sigma: 0.7, minMs: 30, maxMs: 500 };
/** TraceLab's: a median of 300 ms, one in ten longer than 13.6 s, cut at a minute. */
const HEAVY = { medianMs: 300, sigma: Math.log(13_600 / 300) / 1.2816, minMs: 1, maxMs: 60_000 };
const MEAN_MS = 110;

/** Of BFCL, WorFBench and NESTFUL. */
export const usualLatencies: Latencies = seeded((random) => lognormal(USUAL, random));

/** Of tools on coding agents: most of the time is in a few calls. */
export const heavyLatencies: Latencies = (turn, seed) => {
  if (seed === 0) return turn.calls.map(({ heavyMs }) => heavyMs);
  const random = createRandom(`${turn.id} heavy ${seed}`);
  return turn.calls.map(() => lognormal(HEAVY, random));
};

/** Of searches and sums: this lognormal. */
export function lognormalLatencies(of: Lognormal): Latencies {
  return seeded((random) => lognormal({ ...of, minMs: 1, maxMs: Infinity }, random));
}

/** Of AsyncHow: its own durations, dealt again over all its steps, each graph scaled to the mean that it has in the file. */
export function dealtLatencies(turns: readonly WorkloadTurn[]): Latencies {
  const all = turns.flatMap(({ calls }) => calls.map(({ ms }) => ms));
  const dealt = seeded((random) => all[Math.floor(random() * all.length)] ?? MEAN_MS);
  return (turn, seed) => {
    const drawn = dealt(turn, seed);
    if (seed === 0) return drawn;
    const mean = drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length;
    return drawn.map((ms) => (ms * MEAN_MS) / mean);
  };
}

function seeded(draw: (random: () => number) => number): Latencies {
  return (turn, seed) => {
    if (seed === 0) return turn.calls.map(({ ms }) => ms);
    const random = createRandom(`${turn.id} ${seed}`);
    return turn.calls.map(() => draw(random));
  };
}

function lognormal(
  { medianMs, sigma, minMs, maxMs }: Lognormal & { readonly minMs: number; readonly maxMs: number },
  random: () => number,
): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(maxMs, Math.max(minMs, medianMs * Math.exp(sigma * normal)));
}
