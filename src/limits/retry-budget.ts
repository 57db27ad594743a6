/**
 * A retry budget: retries and hedges together are a small share of the first attempts, so that they cannot turn a weak
 * back-end into a dead one (Google's SRE book, "Handling Overload"; Finagle's RetryBudget; gRPC's A6, retry throttling).
 *
 * 1. Over the window, retries are at most `ratio` of the first attempts, or `floor` where that is more: one failure
 *    among five calls may be retried.
 * 2. The same holds since the last success. The floor is therefore given once to a back-end from which nothing comes, not
 *    once per window: from 30 first attempts on, an outage multiplies the load by no more than 1.1, at any pace of calls.
 *
 * The window is a ring of ten counts and moves by a tenth of its length.
 */

/** The options of a `RetryBudget`. */
export interface RetryBudgetOptions {
  /**
   * Retries and hedges per first attempt.
   *
   * @default 0.1
   */
  readonly ratio?: number | undefined;
  /**
   * The time over which they are counted.
   *
   * @default 10000
   */
  readonly windowMs?: number | undefined;
  /**
   * Retries that are allowed where there are few first attempts.
   *
   * @default 3
   */
  readonly floor?: number | undefined;
}

const PARTS = 10;

/** Counts attempts, and says whether one more than the first is within the budget. */
export class RetryBudget {
  readonly #ratio: number;
  readonly #floor: number;
  readonly #partMs: number;
  readonly #window = new Counts();
  readonly #sinceSuccess = new Counts();
  /** Retries after refusals that cost nothing, since the last success. */
  #free = 0;
  readonly #parts: readonly Counts[] = Array.from({ length: PARTS }, () => new Counts());
  /** The number of the newest part since time began; it is at its remainder by `PARTS` in the ring. */
  #newest = -Infinity;

  constructor({ ratio = 0.1, windowMs = 10_000, floor = 3 }: RetryBudgetOptions = {}) {
    this.#ratio = ratio;
    this.#floor = floor;
    this.#partMs = windowMs / PARTS;
  }

  /** Counts the first attempt of a call, when it starts. */
  attempted(now: number): void {
    this.#part(now).firsts++;
    this.#window.firsts++;
    this.#sinceSuccess.firsts++;
  }

  /** An attempt, whichever of its call, ended well: the back-end is alive. */
  succeeded(): void {
    this.#sinceSuccess.clear();
    this.#free = 0;
  }

  /** Whether a retry or a hedge is within the budget, or among the first `free` since the last success, which cost nothing. */
  has(now: number, free = 0): boolean {
    if (this.#free < free) return true;
    this.#part(now);
    return this.#allows(this.#window) && this.#allows(this.#sinceSuccess);
  }

  /** Takes a retry or a hedge out of the budget, or says that there is none. */
  take(now: number): boolean {
    return this.takeRefused(now, 0);
  }

  /** The same after a refusal by which a limit is found out: so many since the last success cost nothing. */
  takeRefused(now: number, free: number): boolean {
    if (!this.has(now, free)) return false;
    if (this.#free < free) this.#free++;
    this.#count(now);
    return true;
  }

  #count(now: number): void {
    this.#part(now).retries++;
    this.#window.retries++;
    this.#sinceSuccess.retries++;
  }

  #allows({ firsts, retries }: Counts): boolean {
    return retries + 1 <= Math.max(this.#floor, firsts * this.#ratio);
  }

  /** The part of the window that `now` is in; those that have left the window are emptied. */
  #part(now: number): Counts {
    const number = Math.floor(now / this.#partMs);
    const from = Math.max(this.#newest + 1, number - PARTS + 1);
    for (let i = from; i <= number; i++) {
      const part = this.#at(i);
      this.#window.firsts -= part.firsts;
      this.#window.retries -= part.retries;
      part.clear();
    }
    this.#newest = Math.max(this.#newest, number);
    return this.#at(this.#newest);
  }

  #at(number: number): Counts {
    // `at`, as the first parts come before time 0.
    return this.#parts.at(number % PARTS) as Counts;
  }
}

class Counts {
  firsts = 0;
  retries = 0;

  clear(): void {
    this.firsts = 0;
    this.retries = 0;
  }
}
