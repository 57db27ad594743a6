/**
 * `createExecutor`: the engine with its limits, threads for tools that are isolated, a budget for results, and schemas that show
 * references where the model may write them.
 */
import { createEngine, type Executor } from "../core/executor.ts";
import type { Tool } from "../core/tool.ts";
import { BackEndPool } from "../limits/pool.ts";
import { createSecondAttempts } from "../limits/second-attempts.ts";
import { resolveParts, type ExecutorOptions } from "./executor-options.ts";
import { createThreadsLater, withThreads } from "./isolate.ts";
import { widenSchema } from "./widen-schema.ts";

/**
 * Creates what runs batches of tool calls. With a budget for results, which is the default, its tools have `read_result` at
 * their end, so that the model can read what was cut; one of your own of that name stays, and is left to you.
 *
 * @throws TypeError that names the option and what came
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { pools, retry, random, threads: threadsOptions, results } = resolveParts(options);
  const threads = threadsOptions && createThreadsLater(threadsOptions);
  const isolated = threads === undefined ? options.tools : withThreads(options.tools, threads);
  const own = withReferences(isolated, options.references ?? false);
  const tools = results.tool === undefined ? own : [...own, results.tool];
  return createEngine(
    { ...options, tools },
    {
      poolNames: pools.named,
      pools: pools.facts,
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

/**
 * The tools as the model is shown them where it may write references; their inputs are checked as ever, once references are
 * resolved. A list of calls is none of the values that are resolved: what is in its calls is. `read_result` is not among these
 * tools, since what it takes stands in the notes of earlier turns.
 */
function withReferences(
  tools: readonly Tool[],
  references: NonNullable<ExecutorOptions["references"]>,
): readonly Tool[] {
  // What is no tool, and what is no mode, is refused by the engine.
  if (references === false || !Array.isArray(tools)) return tools;
  const mode = references === "template" ? references : "exact";
  return tools.map((tool: Tool) =>
    tool?.inputSchema === undefined || tool.wraps !== undefined
      ? tool
      : Object.freeze({ ...tool, inputSchema: widenSchema(tool.inputSchema, mode) }),
  );
}
