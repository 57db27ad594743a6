/** The options of a pool, and their defaults. */
import { knownKeys, positiveInteger, positiveMs } from "../core/options.ts";
import { resolveCircuitOptions, type CircuitOptions } from "./circuit-options.ts";
import { finiteCount, nonNegativeInteger, refuse } from "./refuse.ts";

/** A shared capacity, such as an API or a database. At least one of its limits must be said. */
export interface PoolOptions {
  /**
   * Running attempts of all tools that name the pool. Minimum: 1. Beside `adaptive` it is the most that is ever tried.
   *
   * @default Infinity
   */
  readonly concurrency?: number | undefined;
  /**
   * Attempts that start in any `perMs` milliseconds, evenly spaced but for `burst`.
   *
   * @default none
   */
  readonly rate?: { readonly count: number; readonly perMs: number } | undefined;
  /**
   * Attempts that may start at once after a pause; only with `rate`. Minimum: 1.
   *
   * The safe value is 1: some back-ends space their callers. One that counts by window, so many in each second, bears a
   * burst as long as `burst + rate.count` is within its limit: 100 a second are kept by a count of 90 and a burst of 10.
   *
   * @default 1
   */
  readonly burst?: number | undefined;
  /**
   * Finds out how many attempts at once the back-end bears, from its refusals and its latency; `true` for the defaults.
   *
   * @default off
   */
  readonly adaptive?: true | AdaptiveOptions | undefined;
  /**
   * Calls that may wait for the pool; those beyond are refused at once. 0: none may wait.
   *
   * @default Infinity
   */
  readonly maxQueue?: number | undefined;
  /**
   * Lets calls fail at once while nothing comes back from the back-end; `true` for the defaults.
   *
   * @default off
   */
  readonly circuit?: true | CircuitOptions | undefined;
}

/** The bounds of an adaptive limit. */
export interface AdaptiveOptions {
  /**
   * Attempts at once: where it starts, and what it never goes below. Minimum: 1.
   *
   * @default 1
   */
  readonly min?: number | undefined;
  /**
   * Attempts at once that it never goes above. Not beside `concurrency`, which says the same.
   *
   * @default the pool's `concurrency`, or else 256
   */
  readonly max?: number | undefined;
}

/** The options with their defaults. */
export type ResolvedPool = ReturnType<typeof resolvePoolOptions>;

const KEYS = ["concurrency", "rate", "burst", "adaptive", "maxQueue", "circuit"];

/** More than any one process has sensibly open at once: it has some 1,000 sockets by default. */
const MOST = 256;

/**
 * Checks the options of the pool `name`, and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolvePoolOptions(name: string, options: PoolOptions) {
  const path = `pools.${name}`;
  knownKeys(path, options, KEYS);
  const { concurrency, adaptive, circuit } = options;
  const rate = resolveRate(path, options);
  const limits = [concurrency, rate, adaptive, circuit];
  if (limits.every((limit) => limit === undefined))
    throw new TypeError(
      `\`${path}\` limits nothing: it needs \`concurrency\`, \`rate\`, \`adaptive\` or \`circuit\``,
    );
  const most = positiveInteger(`${path}.concurrency`, concurrency ?? Infinity);
  return {
    concurrency: most,
    rate,
    adaptive: adaptive === undefined ? undefined : resolveAdaptive(path, adaptive, most),
    maxQueue: nonNegativeInteger(`${path}.maxQueue`, options.maxQueue ?? Infinity),
    circuit: circuit === undefined ? undefined : resolveCircuitOptions(`${path}.circuit`, circuit),
  };
}

function resolveRate(path: string, { rate, burst }: PoolOptions) {
  if (rate === undefined) {
    if (burst !== undefined) throw new TypeError(`\`${path}.burst\` needs \`rate\` beside it`);
    return undefined;
  }
  knownKeys(`${path}.rate`, rate, ["count", "perMs"]);
  const perMs = positiveMs(`${path}.rate.perMs`, rate.perMs);
  if (perMs === Infinity) refuse(`\`${path}.rate.perMs\` must be finite`, perMs);
  return {
    count: finiteCount(`${path}.rate.count`, rate.count),
    perMs,
    burst: finiteCount(`${path}.burst`, burst ?? 1),
  };
}

function resolveAdaptive(path: string, adaptive: true | AdaptiveOptions, concurrency: number) {
  const name = `${path}.adaptive`;
  const given = adaptive === true ? {} : adaptive;
  knownKeys(name, given, ["min", "max"]);
  if (given.max !== undefined && concurrency !== Infinity)
    throw new TypeError(`\`${name}.max\` and \`${path}.concurrency\` say the same: leave one of them out`);
  const min = finiteCount(`${name}.min`, given.min ?? 1);
  const usual = concurrency === Infinity ? Math.max(MOST, min) : concurrency;
  const max = positiveInteger(`${name}.max`, given.max ?? usual);
  if (min > max) refuse(`\`${name}.min\` must be at most its max, which is ${max}`, min);
  return { min, max };
}
