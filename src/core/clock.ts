/** Where time comes from: the only file of the core that knows the platform's clock. Tests hand in a virtual one. */

/** A source of monotonic time and of one-shot timers. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `fire` once, after `ms` milliseconds or later, and returns what `clearTimer` takes. */
  setTimer(fire: () => void, ms: number): unknown;
  /** Takes back a timer that has not fired. */
  clearTimer(timer: unknown): void;
}

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (fire, ms) => setTimeout(fire, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** A clock that stands still while state changes, so that what happens together has one time. */
export class SteppedClock implements Clock {
  readonly #clock: Clock;
  #frozen = false;
  #now: number | undefined = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    if (!this.#frozen) return this.#clock.now();
    return (this.#now ??= this.#clock.now());
  }

  /** Stands still from its next reading on. */
  freeze(): void {
    this.#frozen = true;
    this.#now = undefined;
  }

  /** Goes on. */
  release(): void {
    this.#frozen = false;
  }

  setTimer(fire: () => void, ms: number): unknown {
    return this.#clock.setTimer(fire, ms);
  }

  clearTimer(timer: unknown): void {
    this.#clock.clearTimer(timer);
  }
}
