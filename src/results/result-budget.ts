/**
 * `createResultBudget`: the results of a batch within their budget (contract §8).
 *
 * 1. A result is over neither the call's budget nor its max-min fair share of the batch's; what is within both is untouched.
 * 2. No result is empty: where a budget has no room for anything, `[cut]` stands there, and an error keeps its code and flags.
 * 3. The same outcomes give the same bytes (G8): ids are made of content, and shares of sizes and places.
 * 4. Nothing here fails a batch: neither a store nor a counter.
 */
import type { Outcome } from "../core/outcome.ts";
import type { EncodedResult, ResultEncoder } from "../core/result.ts";
import type { Tool } from "../core/tool.ts";
import {
  resolveResultBudget,
  type ResolvedResultBudget,
  type ResultBudgetOptions,
} from "./budget-options.ts";
import { cutResult } from "./cut.ts";
import { encodeOutcome } from "./encode.ts";
import { fairShares } from "./fair-shares.ts";
import { Keeper } from "./keeper.ts";
import { memoryStore } from "./memory-store.ts";
import { READER } from "./note.ts";
import { readResultTool } from "./read-result.ts";
import { IMAGE_TOKENS, TokenMeter } from "./tokens.ts";

/** Encodes outcomes within a budget; has the tool that reads what was cut. */
export interface ResultBudget extends ResultEncoder {
  /** To put among the executor's tools; undefined without a budget, without tools, and beside the user's own of that name. */
  readonly tool: Tool | undefined;
}

/**
 * Creates what encodes the outcomes of an executor's batches within a budget. `createExecutor` has one; this is for loops that
 * run calls in another way.
 *
 * @throws TypeError that names the option and what came
 */
export function createResultBudget(options: ResultBudgetOptions = {}): ResultBudget {
  const resolved = resolveResultBudget(options);
  const { call, batch, tools, resultStore, clock } = resolved;
  if (call === Infinity && batch === Infinity) {
    return { tool: undefined, encode: async (outcomes) => outcomes.map(encodeOutcome) };
  }
  const meter = new TokenMeter(resolved.countTokens);
  const isReadable = tools === undefined || (tools.length > 0 && tools.every(({ name }) => name !== READER));
  const store = resultStore ?? (isReadable ? memoryStore() : undefined);
  const tool =
    isReadable && store !== undefined
      ? readResultTool(store, { tokens: Math.min(call, batch), meter })
      : undefined;
  const keeper = new Keeper({ store, clock, isReadable });
  return { tool, encode: (outcomes) => encodeWithin(outcomes, { resolved, meter, keeper, isReadable }) };
}

interface Within {
  readonly resolved: ResolvedResultBudget;
  readonly meter: TokenMeter;
  readonly keeper: Keeper;
  readonly isReadable: boolean;
}

async function encodeWithin(outcomes: readonly Outcome[], within: Within): Promise<EncodedResult[]> {
  const { resolved, meter, keeper, isReadable } = within;
  const { call, batch } = resolved;
  const results = outcomes.map(encodeOutcome);
  const sizes = results.map(({ parts }) => meter.upTo(parts, call));
  const shares = fairShares(
    sizes.map((size) => Math.min(size, call)),
    batch,
  );
  const imagesFit = IMAGE_TOKENS <= Math.min(call, batch);
  return Promise.all(
    results.map(async (result, i) => {
      const tokens = shares[i] as number;
      if ((sizes[i] as number) <= tokens) return result;
      const outcome = outcomes[i] as Outcome;
      return cutResult({ outcome, result }, { tokens, meter, keeper, isReadable, imagesFit });
    }),
  );
}
