/** The pools of an executor's options, by name, or by the beginning of a name. */
import { show } from "../core/options.ts";
import type { PoolFacts } from "../core/pools.ts";
import { resolvePoolOptions, type PoolOptions, type ResolvedPool } from "./pool-options.ts";

/** What is known of a pool before it is made. */
export interface NamedPool {
  readonly options: ResolvedPool;
  /** Whether it is one of many of a kind, whose names tools compute. */
  readonly computed: boolean;
}

/** The pools that there are, or may be. */
export class PoolNames {
  readonly #named = new Map<string, NamedPool>();
  /** The longest beginnings first. */
  readonly #beginnings: (readonly [beginning: string, pool: NamedPool])[] = [];

  /**
   * Takes the option `pools`.
   *
   * @throws TypeError that names the option and what came
   */
  constructor(pools: Readonly<Record<string, PoolOptions>>) {
    if (typeof pools !== "object" || pools === null || Array.isArray(pools))
      throw new TypeError(`\`pools\` must be an object of pools by name, got ${show(pools)}`);
    for (const [name, options] of Object.entries(pools)) {
      if (name === "executor" || name.startsWith("tool:")) {
        throw new TypeError(
          `a pool cannot be called ${show(name)}: that names the limits of the executor and of tools`,
        );
      }
      const computed = name.endsWith("*");
      const pool = { options: resolvePoolOptions(name, options), computed };
      if (computed) this.#beginnings.push([name.slice(0, -1), pool]);
      else this.#named.set(name, pool);
    }
    this.#beginnings.sort(([a], [b]) => b.length - a.length);
  }

  /** Those that are named in full. */
  get named(): readonly string[] {
    return [...this.#named.keys()];
  }

  /** All of them, as they were named. */
  get facts(): readonly PoolFacts[] {
    const all = [
      ...this.#named,
      ...this.#beginnings.map(([beginning, pool]) => [`${beginning}*`, pool] as const),
    ];
    return all.map(
      ([
        name,
        {
          options: { concurrency, rate, adaptive },
        },
      ]) => ({
        name,
        limit: adaptive?.max ?? concurrency,
        ...(rate !== undefined && { rate: { count: rate.count, perMs: rate.perMs } }),
      }),
    );
  }

  /** The pool of this name; undefined if there is none. */
  get(name: string): NamedPool | undefined {
    return this.#named.get(name) ?? this.#beginnings.find(([beginning]) => name.startsWith(beginning))?.[1];
  }
}
