/** The options of results' budgets, and their defaults. */
import { systemClock, type Clock } from "../core/clock.ts";
import { aFunction, knownKeys, positiveInteger, show } from "../core/options.ts";
import type { ResultStore } from "../core/result.ts";
import type { CountTokens } from "./tokens.ts";

/** How many tokens results may have. */
export interface ResultTokens {
  /**
   * For the result of one call. Minimum: 1; `Infinity` for no limit.
   *
   * @default 10000
   */
  readonly call?: number | undefined;
  /**
   * For the results of a batch together. Minimum: 1; `Infinity` for no limit.
   *
   * @default 40000, or that of a call if it is more
   */
  readonly batch?: number | undefined;
}

/** What an executor takes for its results. */
export interface ResultOptions {
  /** How many tokens results may have; a number is that of a call. `Infinity` turns it off. @default 10000 and 40000 */
  readonly maxResultTokens?: number | ResultTokens | undefined;
  /**
   * Counts the tokens of a text, synchronously. What it throws is dropped, and the estimate taken.
   *
   * @default an estimate
   */
  readonly countTokens?: CountTokens | undefined;
  /**
   * Where the whole of what is cut is kept.
   *
   * @default memory, up to 64 MiB
   */
  readonly resultStore?: ResultStore | undefined;
}

/** What `createResultBudget` takes. */
export interface ResultBudgetOptions extends ResultOptions {
  /**
   * The executor's tools. Where one is called `read_result`, reading is left to it; where there are none, there is nothing to
   * read.
   *
   * @default unknown ones, none of that name
   */
  readonly tools?: readonly { readonly name: string }[] | undefined;
  /** Where the time comes from after which a store counts as failed. @default the platform's clock */
  readonly clock?: Clock | undefined;
}

/** The options with their defaults. */
export type ResolvedResultBudget = ReturnType<typeof resolveResultBudget>;

const DEFAULT_CALL = 10_000;
const DEFAULT_BATCH = 40_000;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveResultBudget(options: ResultBudgetOptions) {
  knownKeys("createResultBudget", options, [
    "maxResultTokens",
    "countTokens",
    "resultStore",
    "tools",
    "clock",
  ]);
  const { countTokens, resultStore, tools, clock = systemClock } = options;
  if (countTokens !== undefined) aFunction("countTokens", countTokens);
  if (resultStore !== undefined) checkStore(resultStore);
  return { ...resolveTokens(options.maxResultTokens ?? {}), countTokens, resultStore, tools, clock };
}

function resolveTokens(maxResultTokens: number | ResultTokens) {
  if (typeof maxResultTokens === "number") {
    return withBatch(positiveInteger("maxResultTokens", maxResultTokens), undefined);
  }
  if (typeof maxResultTokens !== "object") {
    throw new TypeError(
      `\`maxResultTokens\` must be a positive integer or { call, batch }, got ${show(maxResultTokens)}`,
    );
  }
  knownKeys("maxResultTokens", maxResultTokens, ["call", "batch"]);
  const { call = DEFAULT_CALL, batch } = maxResultTokens;
  return withBatch(positiveInteger("maxResultTokens.call", call), batch);
}

function withBatch(call: number, batch: number | undefined) {
  return {
    call,
    batch: positiveInteger("maxResultTokens.batch", batch ?? Math.max(DEFAULT_BATCH, call)),
  };
}

function checkStore(store: unknown): void {
  const { put, get } = (store ?? {}) as Partial<ResultStore>;
  if (typeof put === "function" && typeof get === "function") return;
  throw new TypeError(`\`resultStore\` must have the functions \`put\` and \`get\`, got ${show(store)}`);
}
