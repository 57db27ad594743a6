/**
 * Isolated tools in an executor: their `execute` runs in threads, and all of them together have one limit in the engine, so
 * that a call which waits for a thread says so, and no slot is held meanwhile.
 *
 * What runs threads is loaded at the first call: an executor without isolated tools knows neither a thread nor Node.
 */
import type { Tool, ToolContext } from "../core/tool.ts";
import type { Threads } from "../threads/threads.ts";
import type { ThreadsOptions } from "../threads/threads-options.ts";

/** The pool of the engine whose slots are threads. */
export const THREADS_POOL = "threads";

/** Threads that are created when they are first needed. */
export function createThreadsLater(options: ThreadsOptions): Threads {
  let threads: Promise<Threads> | undefined;
  const load = async () => {
    const { createThreads } = await import("../threads/threads.ts");
    return createThreads(options);
  };
  return {
    run: async (module, input, host) => (await (threads ??= load())).run(module, input, host),
    close: async () => (await threads)?.close(),
  };
}

/** The tools, those that are isolated with an `execute` that runs in these threads. */
export function withThreads(tools: readonly Tool[], threads: Threads): Tool[] {
  return tools.map((tool) => {
    const module = tool?.module;
    if (module === undefined) return tool;
    return Object.freeze({
      ...tool,
      pools: withPool(tool.pools),
      execute: (input: unknown, context: ToolContext) => threads.run(module, input, context),
    });
  });
}

function withPool(pools: Tool["pools"]): Tool["pools"] {
  if (typeof pools !== "function") return [...pools, THREADS_POOL];
  return (input: never) => [...pools(input), THREADS_POOL];
}
