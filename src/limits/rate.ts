/**
 * A rate: at most so many starts in so much time, spaced rather than counted by window.
 *
 * The generic cell rate algorithm, GCRA (ITU-T I.371; Brandur Leach, "Rate limiting, cells, and GCRA"), with its one
 * timestamp written as a moment and a count since then: adding intervals up would drift by a rounding error each.
 *
 * 1. In any [t, t + k · perMs] at most `burst + k · count` pass (at most 5 ms of lateness more where intervals are shorter
 *    than that, see `LATE_MS`).
 * 2. Once exactly `waitMs(now)` has been added to `now`, in floating point, the next may pass.
 */

/** A rate, as `Rate` takes it; checked by `resolvePoolOptions`. */
export interface RateOptions {
  readonly count: number;
  readonly perMs: number;
  /**
   * How many may pass at once after a pause.
   *
   * One, because a back-end that spaces its callers refuses a second. One that counts by window bears a burst as long as
   * `burst + count` is within its limit: 100 a second are kept by `{ count: 90, burst: 10 }`.
   *
   * @default 1
   */
  readonly burst?: number | undefined;
}

/**
 * A start that comes this much later than it might have does not push back those behind it: timers are late by a
 * millisecond or two, which would cost a tenth of a rate of 100 a second. At intervals above `COARSE_MS` it costs little,
 * and the spacing is kept to the letter.
 */
const LATE_MS = 5;
const COARSE_MS = 50;

/** How many starts may pass, by time. */
export class Rate {
  readonly #count: number;
  readonly #perMs: number;
  readonly #burst: number;
  readonly #lateMs: number;
  /** When the first passed of those that are counted. */
  #since = -Infinity;
  /** How many have passed since. */
  #passed = 0;

  constructor({ count, perMs, burst = 1 }: RateOptions) {
    this.#count = count;
    this.#perMs = perMs;
    this.#burst = burst;
    this.#lateMs = perMs / count <= COARSE_MS ? LATE_MS : 0;
  }

  /** Milliseconds until the next may pass: 0 if it may now. */
  waitMs(now: number): number {
    if (now >= this.#freshAt()) return 0;
    const at = this.#at(this.#passed + 1 - this.#burst);
    if (now >= at) return 0;
    const wait = at - now;
    // Rounding may leave the sum just short of it: one unit in the last place more.
    return now + wait >= at ? wait : wait + Math.abs(at) * Number.EPSILON;
  }

  /** Counts one that passes. Only when `waitMs(now)` is 0. */
  take(now: number): void {
    if (now >= this.#freshAt()) {
      this.#since = now;
      this.#passed = 0;
    }
    this.#passed++;
  }

  /** From then on nothing that has passed matters any more. */
  #freshAt(): number {
    return this.#at(this.#passed) + this.#lateMs;
  }

  /** When the n-th interval since `#since` begins. */
  #at(n: number): number {
    return this.#since + (n * this.#perMs) / this.#count;
  }
}
