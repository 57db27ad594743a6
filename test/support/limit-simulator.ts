/**
 * A pool with an adaptive limit before a back-end, in virtual time: what is refused waits for the time that the back-end
 * asks for, and so does the whole pool; then it is tried again, before those that have not been.
 */
import { PriorityQueue } from "../../src/core/priority-queue.ts";
import {
  AdaptiveLimit,
  type AdaptiveLimitOptions,
  type AdaptiveResult,
} from "../../src/limits/adaptive-limit.ts";
import type { Answer, BackEnd } from "./back-ends.ts";

/** What became of one batch. */
export interface BatchReport {
  readonly calls: number;
  readonly ms: number;
  readonly attempts: number;
  readonly refused: number;
  /** Calls that ended other than well. */
  readonly failed: number;
  /** The limit at its end. */
  readonly slots: number;
  /** The most that ran at once. */
  readonly peak: number;
}

export interface PoolSettings extends Partial<AdaptiveLimitOptions> {
  readonly backEnd: BackEnd;
  /** Without an adaptive limit, for comparison. */
  readonly fixed?: number;
}

interface Timer {
  readonly at: number;
  readonly seq: number;
  readonly fire: () => void;
}

/** Virtual time. */
export class Simulation {
  now = 0;
  /** By time in whole microseconds, which the queue keeps in order of arrival. */
  readonly #timers = new PriorityQueue<Timer>((a, b) => a.seq <= b.seq);
  #set = 0;

  after(ms: number, fire: () => void): void {
    const at = this.now + ms;
    // Those of one moment in the order in which they were set: up to a million timers per moment.
    this.#timers.push({ at, seq: Math.round(at * 1_000) + ++this.#set / 1e7, fire });
  }

  /** Until nothing is left, or `done`. */
  run(done: () => boolean): void {
    while (!done()) {
      const next = this.#timers.pop();
      if (next === undefined) return;
      this.now = Math.max(this.now, next.at);
      next.fire();
    }
  }
}

/** The pool. */
export class SimulatedPool {
  readonly limit: AdaptiveLimit;
  readonly simulation = new Simulation();
  /** The limit after each end of an attempt: by count of calls that ended. */
  readonly trail: number[] = [];
  readonly #backEnd: BackEnd;
  readonly #fixed: number | undefined;
  #pausedUntil = 0;
  #waiting = 0;
  #open = 0;
  #report = { attempts: 0, refused: 0, failed: 0, peak: 0 };

  constructor({ backEnd, fixed, min = 1, max = 256 }: PoolSettings) {
    this.limit = new AdaptiveLimit({ min, max });
    this.#backEnd = backEnd;
    this.#fixed = fixed;
  }

  /** Runs so many calls, all of them there at once. */
  batch(calls: number): BatchReport {
    const from = this.simulation.now;
    this.#report = { attempts: 0, refused: 0, failed: 0, peak: 0 };
    this.#waiting = this.#open = calls;
    this.#start();
    this.simulation.run(() => this.#open === 0);
    return { calls, ms: this.simulation.now - from, ...this.#report, slots: this.limit.slots };
  }

  /** Lets time pass between batches. */
  idle(ms: number): void {
    let over = false;
    this.simulation.after(ms, () => (over = true));
    this.simulation.run(() => over);
  }

  #start(): void {
    const { now } = this.simulation;
    while (
      this.#waiting > 0 &&
      now >= this.#pausedUntil &&
      this.limit.running < (this.#fixed ?? this.limit.slots)
    ) {
      this.#waiting--;
      this.#report.attempts++;
      const answer = this.#backEnd.arrive(now);
      const ticket = this.limit.started(now, answer.tool ?? "look");
      this.#report.peak = Math.max(this.#report.peak, this.limit.running);
      this.simulation.after(answer.ms, () => {
        this.limit.ended(ticket, { now: this.simulation.now, ...answer });
        this.#ended(answer);
      });
    }
  }

  #ended({ result, retryAfterMs = 0 }: Answer): void {
    this.trail.push(this.limit.slots);
    if (result === "refused") {
      this.#report.refused++;
      this.#waiting++;
      this.#pause(retryAfterMs);
    } else {
      if (result !== ("ok" satisfies AdaptiveResult)) this.#report.failed++;
      this.#open--;
    }
    this.#start();
  }

  #pause(ms: number): void {
    const until = this.simulation.now + ms;
    if (until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.simulation.after(ms, () => this.#start());
  }
}
