/**
 * The pools of one executor: those that its options name, and those that tools compute from an input, such as
 * `host:api.example.com`, made when they are first used.
 *
 * 1. Of the pools that tools compute, those that nobody uses are kept, for what they have learned, up to a number (G10).
 */
import type { CreatePool, Pool, PoolHost } from "./pool.ts";

/** What is said of a pool when the executor is created. */
export interface PoolFacts {
  /** One that ends in `*` is the beginning of the names of many, each with these limits. */
  readonly name: string;
  /** Slots that there are at most; `Infinity` where nothing limits them. */
  readonly limit: number;
  /** Attempts that may start in any `perMs` milliseconds. */
  readonly rate?: { readonly count: number; readonly perMs: number } | undefined;
}

/** How busy a pool is. */
export interface PoolStats {
  /** Attempts that hold a slot. */
  readonly running: number;
  /** Slots there are; moves where the limit is adaptive. */
  readonly limit: number;
  /** Calls that could run but for want of room, here or elsewhere. */
  readonly waiting: number;
  /** Milliseconds that the longest of them has waited since it came. */
  readonly waitingMs: number;
}

/** A pool, and the calls that wait for it. */
export interface PoolPlace<Item> {
  readonly pool: Pool;
  readonly waiting: Set<Item>;
  /** Calls that use it and have not settled, whatever they wait for. */
  users: number;
}

/** No pool at all: the list of most calls. */
export const NO_POOLS: readonly PoolPlace<never>[] = [];

const MOST_IDLE = 1_000;

/** The pools of one executor. */
export class Pools<Item extends { readonly arrivedAt: number }> {
  readonly #create: CreatePool;
  readonly #host: PoolHost;
  readonly #places = new Map<string, PoolPlace<Item>>();

  /** The pools of these names are there from the start. */
  constructor(create: CreatePool, host: PoolHost, names: readonly string[]) {
    this.#create = create;
    this.#host = host;
    for (const name of names) this.#place(name);
  }

  /**
   * The pools of these names, for a call that uses them until it settles: then `users` is to be lowered.
   *
   * @throws TypeError that names one that there is not
   */
  of(names: readonly string[]): readonly PoolPlace<Item>[] {
    const places = names.map((name) => this.#place(name));
    for (const place of places) place.users++;
    if (this.#places.size > MOST_IDLE) this.#forgetIdle();
    return places;
  }

  stats(now: number): Readonly<Record<string, PoolStats>> {
    const stats: [string, PoolStats][] = [];
    for (const [name, { pool, waiting }] of this.#places) {
      const [oldest] = waiting;
      const waitingMs = oldest === undefined ? 0 : now - oldest.arrivedAt;
      stats.push([name, { running: pool.running, limit: pool.limit, waiting: waiting.size, waitingMs }]);
    }
    return Object.fromEntries(stats);
  }

  #place(name: string): PoolPlace<Item> {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const pool = this.#create(name, this.#host);
    if (pool === undefined) throw new TypeError(`there is no pool ${JSON.stringify(name)}`);
    const place = { pool, waiting: new Set<Item>(), users: 0 };
    this.#places.set(name, place);
    return place;
  }

  /** Lets go of pools that nobody uses, the first made first. */
  #forgetIdle(): void {
    for (const [name, { pool, users }] of this.#places) {
      if (this.#places.size <= MOST_IDLE) return;
      if (pool.forgettable && pool.running === 0 && users === 0) this.#places.delete(name);
    }
  }
}
