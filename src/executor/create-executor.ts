/** `createExecutor`: the engine with its limits, threads for tools that are isolated, and a budget for results. */
import { createEngine, type Executor } from "../core/executor.ts";
import { BackEndPool } from "../limits/pool.ts";
import { createSecondAttempts } from "../limits/second-attempts.ts";
import { resolveParts, type ExecutorOptions } from "./executor-options.ts";
import { createThreadsLater, withThreads } from "./isolate.ts";

/**
 * Creates what runs batches of tool calls. With a budget for results, which is the default, its tools have `read_result` at
 * their end, so that the model can read what was cut; one of your own of that name stays, and is left to you.
 *
 * @throws TypeError that names the option and what came
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { pools, retry, random, threads: threadsOptions, results } = resolveParts(options);
  const threads = threadsOptions && createThreadsLater(threadsOptions);
  const own = threads === undefined ? options.tools : withThreads(options.tools, threads);
  const tools = results.tool === undefined ? own : [...own, results.tool];
  return createEngine(
    { ...options, tools },
    {
      poolNames: pools.named,
      hasPool: (name) => pools.get(name) !== undefined,
      createPool: (name, host) => {
        const pool = pools.get(name);
        return pool && new BackEndPool(name, pool, host);
      },
      secondAttempts: createSecondAttempts({ retry, random }),
      results,
      onShutdown: async () => threads?.close(),
    },
  );
}
