/** What a scene found, ready to be written down. */
import { median } from "../measure.ts";

/** One contestant's times in a scene: one per round, in which all took turns. */
export interface Series {
  readonly name: string;
  readonly ms: readonly number[];
}

/** Bars of one scene in the chart of times. */
export interface Bars {
  readonly title: string;
  /** What the milliseconds are: the median, or what most rounds are within. */
  readonly measure: string;
  readonly bars: readonly { readonly name: string; readonly ms: number }[];
}

/** A line of the chart of overhead. */
export interface Point {
  readonly name: string;
  readonly n: number;
  readonly ms: number;
}

/** What a scene gives. */
export interface Findings {
  readonly title: string;
  /** What was played, and what to know about it: a paragraph each, in Markdown. */
  readonly about: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Below the table. */
  readonly notes?: readonly string[];
  /** Where somebody was better than Tutti: a sentence each. */
  readonly better: readonly string[];
  readonly bars?: Bars;
  readonly points?: readonly Point[];
}

/** A scene, run alone by `--only name`. */
export interface Scene {
  readonly name: string;
  run(): Promise<Findings>;
}

/** Which rounds a contestant has to win, and by how much in the median, for the difference to be more than noise. */
const WINS = 0.9;
const MARGIN = 0.01;

/** Whether `one` was faster than `other` beyond noise: in at least nine rounds of ten, and by 1 % in the median. */
export function isFaster(one: Series, other: Series): boolean {
  const wins = one.ms.filter((ms, round) => ms < (other.ms[round] ?? NaN)).length;
  return wins >= WINS * one.ms.length && median(one.ms) < (1 - MARGIN) * median(other.ms);
}

/** A sentence, if anybody was faster than `ours`. */
export function fasterThan(ours: Series, peers: readonly Series[], scene: string): string[] {
  const faster = peers.filter((peer) => isFaster(peer, ours));
  if (faster.length === 0) return [];
  const own = median(ours.ms);
  const theirs = faster.map(({ name, ms }) => `${toRatio(own / median(ms))} × ${name} (${toMs(median(ms))})`);
  return [`${scene}: ${ours.name} takes ${toMs(own)}, ${theirs.join(", ")}.`];
}

/** The value below which so many percent of the values are. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? NaN;
}

/** Milliseconds for people, with three digits or more. */
export function toMs(ms: number): string {
  const maximumFractionDigits = ms < 10 ? 2 : ms < 100 ? 1 : 0;
  return `${ms.toLocaleString("en", { maximumFractionDigits })} ms`;
}

/** A ratio for people. */
export function toRatio(ratio: number): string {
  return ratio.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
