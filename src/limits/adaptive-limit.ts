/**
 * How many attempts at once a back-end bears, found out from how it answers (after TCP: slow start, AIMD, CUBIC's memory of
 * the ceiling; `queueing.ts` is its Vegas). It owns the number; whoever starts attempts keeps to it, and keeps the pauses
 * that a back-end asks for. Measured before simulated back-ends (test/limits/adaptive-back-ends.test.ts):
 *
 * 1. 10 at once: the first 50 calls take 1.6 times the least, and the pause asked for; later ones 1.0, 0.3 % refused.
 * 2. A capacity that halves is followed within 10 calls, one that doubles within 1,000, or 2,500 where a refusal comes with a
 *    pause of a second: tries are made no more often than that they cost 1 % of the calls and 5 % of the time.
 * 3. Queueing without refusals: within twice of what is served at once, from 8 on; by some 5 more than that below.
 * 4. Noise, stragglers, tools of unlike length do not lower it for long. A rate is not kept well: 2 to 8 % are refused.
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
  /** Stays where it is for so many calls. `probed`: because a probe failed. */
  | { readonly kind: "steady"; left: number; well: number; readonly probed: boolean }
  | Probing;

/** Tries more, and if so many calls that started after `since` are well, and some time has passed, twice as much more. */
interface Probing {
  readonly kind: "probing";
  readonly since: number;
  readonly until: number;
  readonly step: number;
  left: number;
}

/** What one round may take from the limit at most. */
const FALL = 0.5;

/** After a fall the limit stays for so many rounds, and so many calls at least. */
const HELD_ROUNDS = 8;
const FEWEST_HELD = 16;
/** After probes that failed on end, for up to so many times that. */
const MOST_PATIENCE = 4;
/** And for so many calls per call that a probe had refused: so that probing has 1 % of calls refused. */
const HELD_PER_REFUSAL = 100;
/** And for so long that the pause which a refusal brings is this share of the time, unless it is very long. */
const PAUSE_SHARE = 0.05;
const LONGEST_PAUSE_MS = 30_000;

/** Attempts run into their timeout for reasons of their own; not so many of them, out of the last so many. */
const FEWEST_TIMEOUTS = 5;
const TIMEOUT_SHARE = 0.25;
const TIMEOUT_WINDOW = 100;

/** How fast the time that calls usually take is followed. */
const FOLLOWS = 0.05;

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

  /** Starts at `min`. */
  constructor({ min, max }: AdaptiveLimitOptions) {
    this.#min = min;
    this.#max = max;
    this.#slots = min;
  }

  /** How many attempts may run at once now: an integer. It falls below what runs; then none may start. */
  get slots(): number {
    return this.#slots;
  }

  /** How many run. */
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
    this.#typicalMs += (ms - this.#typicalMs) * (this.#typicalMs === 0 ? 1 : FOLLOWS);
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
    // A round is over with the first end of an attempt that started in it.
    this.#roundEnd = this.#starts;
    this.#peakBefore = this.#peak;
    this.#peak = this.#running;
  }

  /** Each that is refused gives up its slot: what is left was accepted. Those of one round share one fall. */
  #refused(ticket: AdaptiveTicket, retryAfterMs: number): void {
    if (ticket.number > this.#fall.lastStart) {
      const used = Math.min(this.#slots, this.#used);
      // What has been added only just is not in use yet; what has been there for long, and is not needed, falls by half.
      if (this.#growth.kind !== "steady") this.#set(used);
      this.#startFall("overload");
      this.#set(used);
      this.#holdAfterRefusal(Math.min(retryAfterMs, LONGEST_PAUSE_MS));
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
    this.#startFall("overload");
    this.#set(this.#fall.floor);
    this.#hold();
  }

  #startFall(why: "overload" | "queueing"): void {
    this.#fall = { lastStart: this.#starts, floor: Math.floor(this.#slots * FALL) };
    this.#timeouts = { since: this.#starts, count: 0 };
    for (const queueing of this.#queueing.values()) {
      if (why === "overload") queueing.acquit();
      queueing.restart();
    }
  }

  #hold({ probed = false, pauseMs = 0 } = {}): void {
    const rounds = Math.max(FEWEST_HELD, HELD_ROUNDS * this.#slots) * this.#patience;
    const pause = this.#typicalMs > 0 ? (pauseMs / PAUSE_SHARE / this.#typicalMs) * this.#slots : 0;
    this.#growth = { kind: "steady", left: Math.max(rounds, pause), well: 0, probed };
  }

  #follow(verdict: QueueingVerdict): void {
    switch (verdict.kind) {
      case "fine":
        return;
      case "suspected":
        this.#startFall("queueing");
        this.#set(this.#fall.floor);
        return this.#hold();
      case "queueing":
      case "innocent":
        return this.#set(Math.max(this.#slots, verdict.slots));
    }
  }

  /** For a call that was well while all slots were taken, and that others did not delay. */
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
