/** The options of pools, and their defaults. */
import { knownKeys, positiveInteger, show } from "../core/options.ts";

/** A shared capacity, such as an API or a database. */
export interface PoolOptions {
  /** Running attempts of all tools that name the pool. Minimum: 1. */
  readonly concurrency: number;
}

/** The options of one pool, with their defaults. */
export interface ResolvedPool {
  readonly concurrency: number;
  /** Whether it is one of many of a kind, whose names are computed. */
  readonly computed: boolean;
}

/** The options of pools, by name or by the beginning of a name. */
export interface ResolvedPools {
  readonly named: ReadonlyMap<string, ResolvedPool>;
  /** The longest beginnings first. */
  readonly beginnings: readonly (readonly [beginning: string, pool: ResolvedPool])[];
}

/**
 * Checks `pools`, and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolvePools(pools: Readonly<Record<string, PoolOptions>>): ResolvedPools {
  if (typeof pools !== "object" || Array.isArray(pools))
    throw new TypeError(`\`pools\` must be an object of pools by name, got ${show(pools)}`);
  const named = new Map<string, ResolvedPool>();
  const beginnings: [string, ResolvedPool][] = [];
  for (const [name, options] of Object.entries(pools)) {
    if (name === "executor" || name.startsWith("tool:")) {
      throw new TypeError(
        `a pool cannot be called ${show(name)}: that names the limits of the executor and of tools`,
      );
    }
    const computed = name.endsWith("*");
    const pool = resolvePool(name, options, computed);
    if (computed) beginnings.push([name.slice(0, -1), pool]);
    else named.set(name, pool);
  }
  return { named, beginnings: beginnings.sort(([a], [b]) => b.length - a.length) };
}

/** The options for a pool of this name; undefined if there are none. */
export function optionsOf({ named, beginnings }: ResolvedPools, name: string): ResolvedPool | undefined {
  return named.get(name) ?? beginnings.find(([beginning]) => name.startsWith(beginning))?.[1];
}

function resolvePool(name: string, options: PoolOptions, computed: boolean): ResolvedPool {
  knownKeys(`pools.${name}`, options, ["concurrency"]);
  return { concurrency: positiveInteger(`pools.${name}.concurrency`, options.concurrency), computed };
}
