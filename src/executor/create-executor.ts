/** `createExecutor`: the engine, with its limits put in. */
import { createEngine, type Executor } from "../core/executor.ts";
import { BackEndPool } from "../limits/pool.ts";
import { createSecondAttempts } from "../limits/second-attempts.ts";
import { resolveLimits, type ExecutorOptions } from "./executor-options.ts";

/**
 * Creates what runs batches of tool calls.
 *
 * @throws TypeError that names the option and what came
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { pools, retry, random } = resolveLimits(options);
  return createEngine(options, {
    hasPool: (name) => pools.get(name) !== undefined,
    createPool: (name, host) => {
      const pool = pools.get(name);
      return pool && new BackEndPool(name, pool, host);
    },
    secondAttempts: createSecondAttempts({ retry, random }),
  });
}
