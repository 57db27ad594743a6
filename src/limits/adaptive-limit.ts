/**
 * How many attempts at once a back-end bears, found out from how it answers.
 */
import { Queueing, type QueueingVerdict } from "./queueing.ts";

/** The bounds of an `AdaptiveLimit`; checked by `resolvePoolOptions`. */
export interface AdaptiveLimitOptions {
  readonly min: number;
  readonly max: number;
}

/** An attempt as the limit knows it; to be handed to `ended`. */
export interface AdaptiveTicket {
  readonly startedAt: number;
  /** Its number among the attempts. */
  readonly number: number;
  /** How many ran when it started, itself included. */
  readonly running: number;
}

/**
 * How an attempt ended. `refused`: a 429, a 503, or whatever says that it is too much. `failed`: any other error, or
 * cancelled, which says nothing of the back-end's capacity.
 */
export type AdaptiveResult = "ok" | "refused" | "timed-out" | "failed";

/** The end of an attempt. */
export interface AdaptiveEnd {
  readonly now: number;
  readonly result: AdaptiveResult;
  readonly retryAfterMs?: number | undefined;
}

type Growth =
  /** Nothing is known yet: doubles per round. */
  | { readonly kind: "slow-start" }
  /** Stays where it is for so many calls. */
  | { readonly kind: "steady"; left: number; readonly perRefusal: number }
  /** Tries more, and if so many calls that started after `since` are well, still more. */
  | { readonly kind: "probing"; readonly since: number; left: number; readonly step: number };

const FALL = 0.5;
const HOLD_ROUNDS = 8;
const FEWEST_HELD = 16;
const HELD_PER_REFUSAL = 100;
const PAUSE_SHARE = 0.05;
const MOST_HELD = 4_096;
const MOST_PATIENCE = 4;

/** The limit of one pool. */
export class AdaptiveLimit {
  readonly #min: number;
  readonly #max: number;
  #slots: number;
  #running = 0;
  #starts = 0;
  /** The latest start that took the last slot. */
  #lastFull = 0;
  /** The most that ran at once in this round and the one before. */
  #peak = 0;
  #peakBefore = 0;
  #roundEnd = 0;
  /** The last fall: the last start before it, and what it may not go below. */
  #fall = { lastStart: 0, floor: 0 };
  #growth: Growth = { kind: "slow-start" };
  /** What holds are multiplied by, as probes fail one after the other. */
  #patience = 1;
  #typicalMs = 0;
  readonly #queueing = new Queueing();

  constructor({ min, max }: AdaptiveLimitOptions) {
    this.#min = min;
    this.#max = max;
    this.#slots = min;
  }

  /** How many attempts may run at once now. */
  get slots(): number {
    return this.#slots;
  }

  get running(): number {
    return this.#running;
  }

  /** An attempt starts. */
  started(now: number): AdaptiveTicket {
    this.#running++;
    const number = ++this.#starts;
    this.#peak = Math.max(this.#peak, this.#running);
    if (this.#running >= this.#slots) this.#lastFull = number;
    return { startedAt: now, number, running: this.#running };
  }

  /** An attempt has ended; to be said of each that started. */
  ended(ticket: AdaptiveTicket, { now, result, retryAfterMs }: AdaptiveEnd): void {
    this.#turnRound(ticket);
    this.#running--;
    const ms = now - ticket.startedAt;
    switch (result) {
      case "ok":
        this.#typicalMs += (ms - this.#typicalMs) * (this.#typicalMs === 0 ? 1 : 0.05);
        this.#measure(ticket, ms);
        if (this.#lastFull >= ticket.number && this.#queueing.prompt(ms)) this.#grow(ticket);
        return;
      case "timed-out":
        return this.#measure(ticket, Infinity);
      case "refused":
        return this.#refused(ticket, retryAfterMs ?? 0);
      case "failed":
        return;
    }
  }

  #turnRound(ticket: AdaptiveTicket): void {
    if (ticket.number <= this.#roundEnd) return;
    this.#roundEnd = this.#starts;
    this.#peakBefore = this.#peak;
    this.#peak = this.#running;
  }

  #refused(ticket: AdaptiveTicket, retryAfterMs: number): void {
    if (ticket.number > this.#fall.lastStart) {
      const probed = this.#growth.kind === "probing";
      this.#patience = probed ? Math.min(MOST_PATIENCE, this.#patience * 2) : 1;
      this.#startFall();
      this.#set(Math.min(this.#slots, Math.max(this.#peak, this.#peakBefore)));
      this.#hold({ perRefusal: probed ? HELD_PER_REFUSAL : 0, pauseMs: retryAfterMs });
    }
    this.#set(Math.max(this.#fall.floor, this.#slots - 1));
    if (this.#growth.kind === "steady")
      this.#growth.left = Math.min(MOST_HELD, this.#growth.left + this.#growth.perRefusal * this.#patience);
  }

  #startFall(): void {
    this.#fall = { lastStart: this.#starts, floor: Math.ceil(this.#slots * FALL) };
    this.#queueing.restart();
  }

  #hold({ perRefusal = 0, pauseMs = 0 } = {}): void {
    const rounds = HOLD_ROUNDS * this.#slots;
    const pause = this.#typicalMs > 0 ? (pauseMs / PAUSE_SHARE / this.#typicalMs) * this.#slots : 0;
    const left = Math.min(MOST_HELD, Math.max(FEWEST_HELD, rounds, pause) * this.#patience);
    this.#growth = { kind: "steady", left, perRefusal };
  }

  #measure(ticket: AdaptiveTicket, ms: number): void {
    if (ticket.number <= this.#fall.lastStart) return;
    const verdict = this.#queueing.record({ ms, running: ticket.running }, this.#slots);
    if (verdict !== undefined) this.#follow(verdict);
  }

  #follow(verdict: QueueingVerdict): void {
    switch (verdict.kind) {
      case "fine":
        return;
      case "queueing":
      case "timing-out": {
        const times = verdict.kind === "queueing" ? verdict.times : Infinity;
        this.#startFall();
        this.#set(Math.max(this.#fall.floor, Math.round(this.#slots / times)));
        return this.#hold();
      }
      case "innocent":
        this.#set(Math.max(this.#slots, verdict.slots));
        return;
    }
  }

  #grow(ticket: AdaptiveTicket): void {
    const growth = this.#growth;
    switch (growth.kind) {
      case "slow-start":
        return this.#set(this.#slots + 1);
      case "steady":
        if (--growth.left <= 0) this.#probe(1);
        return;
      case "probing":
        if (ticket.number > growth.since && --growth.left <= 0) this.#probe(growth.step * 2);
        return;
    }
  }

  #probe(step: number): void {
    this.#set(this.#slots + step);
    this.#growth = { kind: "probing", since: this.#starts, left: this.#slots * this.#patience, step };
  }

  #set(slots: number): void {
    this.#slots = Math.min(this.#max, Math.max(this.#min, slots));
  }
}
