/**
 * Retries and hedges: whether a call that failed is tried again, and when a slow one gets a second attempt.
 *
 * 1. What may have taken effect is tried again only if its tool is `idempotent` (G7).
 * 2. Both come out of one budget per back-end: that of each pool that the call uses, or else its tool's own.
 * 3. Calls that ran at once and were refused are tried again even if that uses up the budget, and more: an adaptive pool finds
 *    its limit by these refusals, and any other is left alone for as long as its back-end asked. It is once per success.
 */
import type { AttemptReport, Pool } from "../core/pool.ts";
import type { ResolvedRetry } from "../core/repeats.ts";
import type { CreateSecondAttempts, FailedAttempt, SecondAttempts } from "../core/second-attempts.ts";
import type { Tool } from "../core/tool.ts";
import type { Trouble } from "../core/trouble.ts";
import { delayMs } from "./backoff.ts";
import { Latencies } from "./latencies.ts";
import { BackEndPool } from "./pool.ts";
import { RetryBudget } from "./retry-budget.ts";

/** Between the slowest twentieth, say, and the next half of one, this factor is a gap: smooth distributions have none. */
const GAP = 2;
const BEFORE = 1.5;

/** What holds for tools that do not say, and where chance comes from. */
export interface SecondAttemptsOptions {
  readonly retry: false | ResolvedRetry;
  readonly random: () => number;
}

/** What makes the second attempts of an executor's tools; the budgets of its pools are shared by them. */
export function createSecondAttempts(options: SecondAttemptsOptions): CreateSecondAttempts {
  const budgets = new WeakMap<Pool, RetryBudget>();
  return (tool) => {
    const retry = tool.retry ?? options.retry;
    if (retry === false && tool.hedge === undefined) return undefined;
    return new ToolAttempts({ tool, retry, budgets, random: options.random });
  };
}

interface ToolAttemptsOptions {
  readonly tool: Tool;
  readonly retry: false | ResolvedRetry;
  readonly budgets: WeakMap<Pool, RetryBudget>;
  readonly random: () => number;
}

class ToolAttempts implements SecondAttempts {
  readonly #tool: Tool;
  readonly #retry: false | ResolvedRetry;
  readonly #random: () => number;
  readonly #budgets: WeakMap<Pool, RetryBudget>;
  readonly #own = new RetryBudget();
  readonly #latencies = new Latencies();

  constructor({ tool, retry, budgets, random }: ToolAttemptsOptions) {
    this.#tool = tool;
    this.#retry = retry;
    this.#budgets = budgets;
    this.#random = random;
  }

  firstStarted(pools: readonly Pool[], now: number): void {
    for (const budget of this.#budgetsOf(pools)) budget.attempted(now);
  }

  ended(pools: readonly Pool[], { end, startedAt, now }: AttemptReport): void {
    if (end === "ok") for (const budget of this.#budgetsOf(pools)) budget.succeeded();
    if (this.#tool.hedge === undefined) return;
    const ms = now - startedAt;
    // The slower of two is stopped; that it took so long at least must count, or the slow ones would not.
    if (end === "ok" || (end === "stopped" && ms >= (this.hedgeAfterMs() ?? Infinity)))
      this.#latencies.record(ms);
  }

  retryInMs(pools: readonly Pool[], failed: FailedAttempt): number | undefined {
    const retry = this.#retry;
    const { attempts, trouble, leftMs } = failed;
    if (retry === false || attempts >= retry.attempts) return undefined;
    if (!this.#tool.idempotent && trouble?.nothingHappened !== true) return undefined;
    const { baseMs, maxMs } = retry;
    const retryAfterMs = trouble?.retryAfterMs;
    const ms = delayMs({ attempt: attempts, baseMs, maxMs, retryAfterMs, random: this.#chance() });
    return ms < leftMs && this.#takeRetry(pools, failed) ? ms : undefined;
  }

  /** A `random` that fails spreads nothing, and fails no call (G1). */
  #chance(): number {
    try {
      return this.#random();
    } catch {
      return 1;
    }
  }

  hedgeAfterMs(): number | undefined {
    const { hedge } = this.#tool;
    if (hedge === undefined) return undefined;
    return hedge.afterMs ?? this.#slowMs(hedge.percentile / 100);
  }

  /**
   * A percentile, but where it lies among stragglers, which are many times slower than what comes before them: then soon
   * after those. To wait for stragglers is no use; and as they are stopped, and known only by when they were, the wait
   * would grow with each of them.
   */
  #slowMs(p: number): number | undefined {
    const slowMs = this.#latencies.percentile(p);
    const beforeMs = this.#latencies.percentile(Math.max(p / 2, 1 - BEFORE * (1 - p)));
    return slowMs === undefined || beforeMs === undefined ? slowMs : Math.min(slowMs, GAP * beforeMs);
  }

  mayHedge(pools: readonly Pool[], now: number): boolean {
    return this.#take(pools, now, () => 0);
  }

  #takeRetry(pools: readonly Pool[], { trouble, now }: FailedAttempt): boolean {
    const refused = trouble?.nothingHappened === true && trouble.overloaded ? trouble : undefined;
    return this.#take(pools, now, (pool) =>
      refused !== undefined && pool instanceof BackEndPool ? freeRetries(pool, refused) : 0,
    );
  }

  /** Takes from every budget, or from none: that of one back-end does not pay for another. */
  #take(pools: readonly Pool[], now: number, freeOf: (pool: Pool | undefined) => number): boolean {
    const budgets = this.#budgetsOf(pools).map((budget, i) => ({ budget, free: freeOf(pools[i]) }));
    if (!budgets.every(({ budget, free }) => budget.has(now, free))) return false;
    for (const { budget, free } of budgets) budget.takeRefused(now, free);
    return true;
  }

  #budgetsOf(pools: readonly Pool[]): readonly RetryBudget[] {
    return pools.length === 0 ? [this.#own] : pools.map((pool) => this.#budgetOf(pool));
  }

  #budgetOf(pool: Pool): RetryBudget {
    let budget = this.#budgets.get(pool);
    if (budget === undefined) this.#budgets.set(pool, (budget = new RetryBudget()));
    return budget;
  }
}

/** More than any pool without a limit has sensibly running at once. */
const MOST_FREE = 64;

/** As many as may have run at once when the back-end refused. */
function freeRetries(pool: BackEndPool, { retryAfterMs }: Trouble): number {
  // It falls to no less than half at once.
  if (pool.adapts) return 2 * pool.limit;
  return retryAfterMs === undefined ? 0 : Math.min(pool.limit, MOST_FREE);
}
