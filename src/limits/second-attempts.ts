/**
 * Retries and hedges: whether a call that failed is tried again, and when a slow one gets a second attempt.
 *
 * 1. What may have taken effect is tried again only if its tool is `idempotent` (G7).
 * 2. Both come out of one budget per back-end: that of each pool that the call uses, or else its tool's own.
 */
import type { AttemptReport, Pool } from "../core/pool.ts";
import type { ResolvedRetry } from "../core/repeats.ts";
import type { CreateSecondAttempts, FailedAttempt, SecondAttempts } from "../core/second-attempts.ts";
import type { Tool } from "../core/tool.ts";
import { delayMs } from "./backoff.ts";
import { Latencies } from "./latencies.ts";
import { BackEndPool } from "./pool.ts";
import { RetryBudget } from "./retry-budget.ts";

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
    const { attempts, trouble, now, leftMs } = failed;
    if (retry === false || attempts >= retry.attempts) return undefined;
    if (!this.#tool.idempotent && trouble?.nothingHappened !== true) return undefined;
    const { baseMs, maxMs } = retry;
    const retryAfterMs = trouble?.retryAfterMs;
    const ms = delayMs({ attempt: attempts, baseMs, maxMs, retryAfterMs, random: this.#random() });
    if (ms >= leftMs) return undefined;
    // A limit that is being found refuses some. They are few: it halves with each round in which it is refused.
    const learning = trouble?.nothingHappened === true && pools.some(isLearning);
    if (learning) for (const budget of this.#budgetsOf(pools)) budget.spend(now);
    return learning || this.#take(pools, now) ? ms : undefined;
  }

  hedgeAfterMs(): number | undefined {
    const { hedge } = this.#tool;
    if (hedge === undefined) return undefined;
    return hedge.afterMs ?? this.#latencies.percentile(hedge.percentile / 100);
  }

  mayHedge(pools: readonly Pool[], now: number): boolean {
    return this.#take(pools, now);
  }

  #take(pools: readonly Pool[], now: number): boolean {
    return this.#budgetsOf(pools).every((budget) => budget.take(now));
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

function isLearning(pool: Pool): boolean {
  return pool instanceof BackEndPool && pool.learning;
}
