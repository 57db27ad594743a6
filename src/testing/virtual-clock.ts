/** A clock for tests: time passes only when it is told to. */
import type { Clock } from "../core/clock.ts";

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A `Clock` that stands still between `advance` and `advance`. */
export class VirtualClock implements Clock {
  #now = 0;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();

  /** Timers that are set and have not fired: what a test looks at to see that nothing was left. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimer(fire: () => void, ms: number): unknown {
    const timer = { at: this.#now + ms, fire };
    this.#timers.add(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** Resolves after `ms` virtual milliseconds; rejects with the signal's reason as soon as that aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const abort = () => {
        this.clearTimer(timer);
        reject(signal?.reason as Error);
      };
      const timer = this.setTimer(() => {
        signal?.removeEventListener("abort", abort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Lets `ms` virtual milliseconds pass, and everything happen that is due in them, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await drain();
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.fire();
      await drain();
    }
    this.#now = end;
  }

  /** Lets time pass until no timer is left. A timer that is set again and again never lets this end. */
  async runAll(): Promise<void> {
    await drain();
    for (let next = this.#next(); next !== undefined; next = this.#next())
      await this.advance(next.at - this.#now);
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  }
}

/** Lets every promise that can settle do so. */
function drain(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
