/** `createExecutor` as users have it: the engine, with its results within a budget. */
import { createExecutor as createEngine, type Executor } from "../core/executor.ts";
import type { ExecutorOptions as EngineOptions } from "../core/executor-options.ts";
import type { ResultOptions } from "../results/budget-options.ts";
import { createResultBudget } from "../results/result-budget.ts";

/** What `createExecutor` takes. */
export interface ExecutorOptions extends EngineOptions, ResultOptions {}

/**
 * Creates what runs batches of tool calls. With a budget for results, which is the default, its tools have `read_result` at
 * their end, so that the model can read what was cut; one of your own of that name stays, and is left to you.
 *
 * @throws TypeError that names the option and what came
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { maxResultTokens, countTokens, resultStore, ...engine } = options;
  const { tools, clock } = engine;
  const budget = createResultBudget({
    maxResultTokens,
    countTokens,
    resultStore,
    // What is no tool is refused by the engine.
    tools: Array.isArray(tools) ? tools.filter((tool) => typeof tool?.name === "string") : [],
    clock,
  });
  const executor = createEngine(
    budget.tool === undefined ? engine : { ...engine, tools: [...tools, budget.tool] },
  );
  return Object.assign(executor, { results: budget });
}
