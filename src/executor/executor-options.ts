/** The options of an executor: those of its engine and of its limits. */
import type { EngineOptions } from "../core/executor-options.ts";
import { ENGINE_KEYS } from "../core/executor-options.ts";
import { aFunction, knownKeys } from "../core/options.ts";
import { resolveRetry, type ResolvedRetry, type RetryOptions } from "../core/repeats.ts";
import { PoolNames } from "../limits/pool-names.ts";
import type { PoolOptions } from "../limits/pool-options.ts";
import type { ResultOptions } from "../results/budget-options.ts";
import { createResultBudget, type ResultBudget } from "../results/result-budget.ts";
import type { Tool } from "../core/tool.ts";
import { resolveThreadsOptions, type ThreadsOptions } from "../threads/threads-options.ts";
import { THREADS_POOL } from "./isolate.ts";

/** What `createExecutor` takes. */
export interface ExecutorOptions extends EngineOptions, ResultOptions {
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
  /** The threads of tools that are isolated: see `isolate` of `defineTool`. */
  readonly threads?: ThreadsOptions | undefined;
}

/** What the engine is put together with. */
export interface ResolvedParts {
  readonly pools: PoolNames;
  readonly retry: false | ResolvedRetry;
  readonly random: () => number;
  /** Undefined if no tool is isolated. */
  readonly threads: ThreadsOptions | undefined;
  readonly results: ResultBudget;
}

const KEYS = ["pools", "retry", "random", "threads", "maxResultTokens", "countTokens", "resultStore"];

/**
 * Checks the options that are not the engine's, and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveParts(options: ExecutorOptions): ResolvedParts {
  knownKeys("createExecutor", options, [...ENGINE_KEYS, ...KEYS]);
  if (options.random !== undefined) aFunction("random", options.random);
  const { pools = {} } = options;
  const threads = resolveThreadsOptions(options.threads ?? {});
  const isolates =
    Array.isArray(options.tools) && options.tools.some((tool: Tool | null) => isIsolated(tool));
  return {
    pools: new PoolNames(isolates ? withThreadsPool(pools, threads.max) : pools),
    retry: resolveRetry("retry", options.retry ?? false),
    random: options.random ?? Math.random,
    threads: isolates ? (options.threads ?? {}) : undefined,
    results: budgetOf(options),
  };
}

function budgetOf({
  maxResultTokens,
  countTokens,
  resultStore,
  tools,
  clock,
}: ExecutorOptions): ResultBudget {
  // What is no tool is refused by the engine.
  const named = Array.isArray(tools)
    ? tools.filter((tool: Tool | null) => typeof tool?.name === "string")
    : [];
  return createResultBudget({ maxResultTokens, countTokens, resultStore, tools: named, clock });
}

function isIsolated(tool: Tool | null): boolean {
  return tool?.module !== undefined;
}

function withThreadsPool(
  pools: Readonly<Record<string, PoolOptions>>,
  max: number,
): Readonly<Record<string, PoolOptions>> {
  if (Object.hasOwn(pools, THREADS_POOL))
    throw new TypeError(`a pool cannot be called "${THREADS_POOL}": that names the limit of isolated tools`);
  return { ...pools, [THREADS_POOL]: { concurrency: max } };
}
