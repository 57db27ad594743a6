/** `createExecutor`: the engine, with threads for its isolated tools. */
import { createExecutor as createCoreExecutor, type Executor } from "../core/executor.ts";
import type { ExecutorOptions as CoreExecutorOptions } from "../core/executor-options.ts";
import { resolveThreadsOptions, type ThreadsOptions } from "../threads/threads-options.ts";
import { createThreadsLater, THREADS_POOL, withThreads } from "./isolate.ts";

/** What `createExecutor` takes. */
export interface ExecutorOptions extends CoreExecutorOptions {
  /** The threads of tools that are isolated: see `isolate` of `defineTool`. */
  readonly threads?: ThreadsOptions | undefined;
}

/**
 * Creates what runs batches of tool calls.
 *
 * @throws TypeError that names the option and what came
 */
export function createExecutor(options: ExecutorOptions): Executor {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return createCoreExecutor(options);
  }
  const { threads: threadsOptions = {}, ...coreOptions } = options;
  const { max } = resolveThreadsOptions(threadsOptions);
  const { tools, pools = {} } = coreOptions;
  if (
    !Array.isArray(tools) ||
    tools.every((tool: { module?: string } | null) => tool?.module === undefined)
  ) {
    return createCoreExecutor(coreOptions);
  }
  if (Object.hasOwn(pools, THREADS_POOL)) {
    throw new TypeError(`a pool cannot be called "${THREADS_POOL}": that names the limit of isolated tools`);
  }
  const threads = createThreadsLater(threadsOptions);
  const executor = createCoreExecutor({
    ...coreOptions,
    tools: withThreads(tools, threads),
    pools: { ...pools, [THREADS_POOL]: { concurrency: max } },
  });
  return {
    tools: executor.tools,
    clock: executor.clock,
    get stats() {
      return executor.stats;
    },
    run: (calls, runOptions) => executor.run(calls, runOptions),
    open: (openOptions) => executor.open(openOptions),
    shutdown: async () => {
      await executor.shutdown();
      await threads.close();
    },
  };
}
