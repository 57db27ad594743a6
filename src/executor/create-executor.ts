/** `createExecutor`: the engine, with its limits put in, and threads for tools that are isolated. */
import { createEngine, type Executor } from "../core/executor.ts";
import { BackEndPool } from "../limits/pool.ts";
import { createSecondAttempts } from "../limits/second-attempts.ts";
import { resolveParts, type ExecutorOptions } from "./executor-options.ts";
import { createThreadsLater, withThreads } from "./isolate.ts";

/**
 * Creates what runs batches of tool calls.
 *
 * @throws TypeError that names the option and what came
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { pools, retry, random, threads } = resolveParts(options);
  const runs = threads && createThreadsLater(threads);
  return createEngine(
    { ...options, tools: runs === undefined ? options.tools : withThreads(options.tools, runs) },
    {
      hasPool: (name) => pools.get(name) !== undefined,
      createPool: (name, host) => {
        const pool = pools.get(name);
        return pool && new BackEndPool(name, pool, host);
      },
      secondAttempts: createSecondAttempts({ retry, random }),
      onShutdown: async () => runs?.close(),
    },
  );
}
