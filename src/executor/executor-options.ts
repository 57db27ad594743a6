/** The options of an executor: those of its engine and of its limits. */
import type { EngineOptions } from "../core/executor-options.ts";
import { ENGINE_KEYS } from "../core/executor-options.ts";
import { knownKeys } from "../core/options.ts";
import { resolveRetry, type ResolvedRetry, type RetryOptions } from "../core/repeats.ts";
import { PoolNames } from "../limits/pool-names.ts";
import type { PoolOptions } from "../limits/pool-options.ts";

/** What `createExecutor` takes. */
export interface ExecutorOptions extends EngineOptions {
  /**
   * Capacities that tools share, by name. A name that ends in `*` stands for all names that begin so, each a pool of its own:
   * `"host:*"`.
   */
  readonly pools?: Readonly<Record<string, PoolOptions>> | undefined;
  /**
   * Whether calls that failed are tried again, for tools that do not say. See `retry` of a tool.
   *
   * @default false
   */
  readonly retry?: boolean | RetryOptions | undefined;
  /**
   * Where chance comes from, from 0 up to 1: it spreads retries in time.
   *
   * @default Math.random
   */
  readonly random?: (() => number) | undefined;
}

/** The options that are not the engine's, with their defaults. */
export interface ResolvedLimits {
  readonly pools: PoolNames;
  readonly retry: false | ResolvedRetry;
  readonly random: () => number;
}

/**
 * Checks the options that are not the engine's, and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveLimits(options: ExecutorOptions): ResolvedLimits {
  knownKeys("createExecutor", options, [...ENGINE_KEYS, "pools", "retry", "random"]);
  return {
    pools: new PoolNames(options.pools ?? {}),
    retry: resolveRetry("retry", options.retry ?? false),
    random: options.random ?? Math.random,
  };
}
