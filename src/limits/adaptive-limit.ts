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
  readonly tool: string;
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
  | { readonly kind: "steady"; left: number; well: number; readonly probed: boolean }
  /** Tries more, and if so many calls that started after `since` are well, still more. */
  | {
      readonly kind: "probing";
      readonly since: number;
      left: number;
      readonly until: number;
      readonly step: number;
    };

const FALL = 0.5;
const HOLD_ROUNDS = 8;
const FEWEST_HELD = 16;
const HELD_PER_REFUSAL = 100;
const PAUSE_SHARE = 0.05;
const MOST_PATIENCE = 4;
const FEWEST_TIMEOUTS = 5;
const TIMEOUT_SHARE = 0.25;
const TIMEOUT_WINDOW = 100;

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
  /** How many timed out of those that started since. */
  #timeouts = { since: 0, count: 0 };
  #growth: Growth = { kind: "slow-start" };
  /** What holds are multiplied by, as probes fail one after the other. */
  #patience = 1;
  #typicalMs = 0;
  #lastPauseMs = 0;
  /** By tool, as tools take their time, each its own. */
  readonly #queueing = new Map<string, Queueing>();

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

  /** An attempt of a tool's call starts. */
  started(now: number, tool: string): AdaptiveTicket {
    this.#running++;
    const number = ++this.#starts;
    this.#peak = Math.max(this.#peak, this.#running);
    if (this.#running >= this.#slots) this.#lastFull = number;
    return { startedAt: now, number, running: this.#running, tool };
  }

  /** An attempt has ended; to be said of each that started. */
  ended(ticket: AdaptiveTicket, { now, result, retryAfterMs }: AdaptiveEnd): void {
    this.#turnRound(ticket);
    this.#running--;
    switch (result) {
      case "ok":
        return this.#well(ticket, now);
      case "timed-out":
        return this.#timedOut(ticket);
      case "refused":
        return this.#refused(ticket, retryAfterMs ?? 0);
      case "failed":
        return;
    }
  }

  #well(ticket: AdaptiveTicket, now: number): void {
    const { tool, running, number } = ticket;
    const ms = now - ticket.startedAt;
    this.#typicalMs += (ms - this.#typicalMs) * (this.#typicalMs === 0 ? 1 : 0.05);
    let queueing = this.#queueing.get(tool);
    if (queueing === undefined) this.#queueing.set(tool, (queueing = new Queueing()));
    const verdict = number > this.#fall.lastStart ? queueing.record({ ms, running }, this.#slots) : undefined;
    if (verdict !== undefined) this.#follow(verdict);
    if (this.#lastFull >= number && queueing.prompt(ms)) this.#grow(ticket, now);
  }

  /** The most that ran at once of late. */
  get #used(): number {
    return Math.max(this.#peak, this.#peakBefore);
  }

  #turnRound(ticket: AdaptiveTicket): void {
    if (ticket.number <= this.#roundEnd) return;
    this.#roundEnd = this.#starts;
    this.#peakBefore = this.#peak;
    this.#peak = this.#running;
  }

  #refused(ticket: AdaptiveTicket, retryAfterMs: number): void {
    if (ticket.number > this.#fall.lastStart) {
      this.#startFall();
      this.#set(Math.min(this.#slots, this.#used));
      this.#holdAfterRefusal(retryAfterMs);
    }
    this.#set(Math.max(this.#fall.floor, this.#slots - 1));
    if (this.#growth.kind === "steady" && this.#growth.probed) this.#growth.left += HELD_PER_REFUSAL;
  }

  #holdAfterRefusal(pauseMs: number): void {
    this.#lastPauseMs = pauseMs;
    const growth = this.#growth;
    // Where it fell just before, it has not fallen far enough: that changes nothing of why it fell.
    if (growth.kind === "steady" && growth.well < 2 * this.#slots) return;
    const probed = growth.kind === "probing";
    this.#patience = probed ? Math.min(MOST_PATIENCE, this.#patience * 2) : 1;
    this.#hold({ probed, pauseMs });
  }

  /** Those that time out end in the order in which they started: of all that started up to this one, none is to come. */
  #timedOut({ number }: AdaptiveTicket): void {
    if (number <= this.#fall.lastStart) return;
    const timeouts = this.#timeouts;
    if (number - timeouts.since > TIMEOUT_WINDOW) this.#timeouts = { since: number - 1, count: 0 };
    const { since } = this.#timeouts;
    if (++this.#timeouts.count < Math.max(FEWEST_TIMEOUTS, TIMEOUT_SHARE * (number - since))) return;
    this.#startFall();
    this.#set(this.#fall.floor);
    this.#hold();
  }

  #startFall(): void {
    this.#fall = { lastStart: this.#starts, floor: Math.ceil(this.#slots * FALL) };
    this.#timeouts = { since: this.#starts, count: 0 };
    for (const queueing of this.#queueing.values()) queueing.restart();
  }

  #hold({ probed = false, pauseMs = 0 } = {}): void {
    const rounds = Math.max(FEWEST_HELD, HOLD_ROUNDS * this.#slots) * this.#patience;
    const pause = this.#typicalMs > 0 ? (pauseMs / PAUSE_SHARE / this.#typicalMs) * this.#slots : 0;
    this.#growth = { kind: "steady", left: Math.max(rounds, pause), well: 0, probed };
  }

  #follow(verdict: QueueingVerdict): void {
    switch (verdict.kind) {
      case "fine":
        return;
      case "queueing":
        this.#startFall();
        this.#set(Math.min(this.#slots, this.#used, Math.max(this.#fall.floor, verdict.slots)));
        return this.#hold();
      case "innocent":
        this.#set(Math.max(this.#slots, verdict.slots));
        return;
    }
  }

  #grow({ number }: AdaptiveTicket, now: number): void {
    const growth = this.#growth;
    switch (growth.kind) {
      case "slow-start":
        return this.#set(this.#slots + 1);
      case "steady":
        growth.well++;
        if (--growth.left <= 0) this.#probe(1, now);
        return;
      case "probing":
        if (number > growth.since && --growth.left <= 0 && now >= growth.until)
          this.#probe(growth.step * 2, now);
        return;
    }
  }

  #probe(step: number, now: number): void {
    this.#set(this.#slots + step);
    const left = this.#slots * this.#patience;
    this.#growth = { kind: "probing", since: this.#starts, left, until: now + this.#lastPauseMs, step };
  }

  #set(slots: number): void {
    this.#slots = Math.min(this.#max, Math.max(this.#min, slots));
  }
}
