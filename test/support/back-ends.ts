/** Back-ends in virtual time, for the simulation of limits. */
import type { AdaptiveResult } from "../../src/limits/adaptive-limit.ts";

/** What becomes of an attempt, known when it arrives. */
export interface Answer {
  readonly ms: number;
  readonly result: AdaptiveResult;
  readonly retryAfterMs?: number;
  /** Which tool's call it was, if that matters. */
  readonly tool?: string;
}

export interface BackEnd {
  arrive(now: number): Answer;
}

/** How long a call takes. */
export type Latency = () => number;

/** Numbers from 0 to 1 by a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About `ms`, spread log-normally. */
export function noisy(random: () => number, ms: number, sigma: number): Latency {
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return ms * Math.exp(sigma * normal);
  };
}

/** Some of the calls are many times slower. */
export function straggling(
  random: () => number,
  latency: Latency,
  { share = 0.05, times = 20 } = {},
): Latency {
  return () => latency() * (random() < share ? times : 1);
}

/** Refuses what is too much at once, and too much within a second, for that time. */
export class Refusing implements BackEnd {
  atOnce: number;
  readonly #perSecond: number;
  readonly #latency: Latency;
  readonly #retryAfterMs: number;
  readonly #refusalMs: number;
  #ends: number[] = [];
  #starts: number[] = [];

  constructor(options: {
    atOnce?: number;
    perSecond?: number;
    latency: Latency;
    retryAfterMs: number;
    refusalMs?: number;
  }) {
    this.atOnce = options.atOnce ?? Infinity;
    this.#perSecond = options.perSecond ?? Infinity;
    this.#latency = options.latency;
    this.#retryAfterMs = options.retryAfterMs;
    this.#refusalMs = options.refusalMs ?? 5;
  }

  arrive(now: number): Answer {
    this.#ends = this.#ends.filter((end) => end > now);
    if (this.#perSecond < Infinity) this.#starts = this.#starts.filter((start) => start > now - 1_000);
    if (this.#ends.length >= this.atOnce || this.#starts.length >= this.#perSecond) {
      return { ms: this.#refusalMs, result: "refused", retryAfterMs: this.#retryAfterMs };
    }
    const ms = this.#latency();
    this.#ends.push(now + ms);
    if (this.#perSecond < Infinity) this.#starts.push(now);
    return { ms, result: "ok" };
  }
}

/** Refuses none, but serves only so many at once: the others queue inside it. */
export class QueueingBackEnd implements BackEnd {
  readonly #free: number[];
  readonly #latency: Latency;
  readonly #timeoutMs: number;

  constructor({
    atOnce,
    latency,
    timeoutMs = Infinity,
  }: {
    atOnce: number;
    latency: Latency;
    timeoutMs?: number;
  }) {
    this.#free = Array<number>(atOnce).fill(0);
    this.#latency = latency;
    this.#timeoutMs = timeoutMs;
  }

  arrive(now: number): Answer {
    const first = this.#free.indexOf(Math.min(...this.#free));
    const end = Math.max(now, this.#free[first] as number) + this.#latency();
    this.#free[first] = end;
    const ms = end - now;
    return ms > this.#timeoutMs ? { ms: this.#timeoutMs, result: "timed-out" } : { ms, result: "ok" };
  }
}

/** Bears anything. */
export class Flat implements BackEnd {
  readonly #latency: Latency;
  readonly #timeoutMs: number;

  constructor(latency: Latency, timeoutMs = Infinity) {
    this.#latency = latency;
    this.#timeoutMs = timeoutMs;
  }

  arrive(): Answer {
    const ms = this.#latency();
    return ms > this.#timeoutMs ? { ms: this.#timeoutMs, result: "timed-out" } : { ms, result: "ok" };
  }
}
