/**
 * The calls of one executor in front of its pools: who waits there, who is turned away, and what each back-end is told of.
 *
 * 1. A back-end is told of each attempt's start, and once of its end.
 * 2. Calls that have to fail because of a pool do so when nothing else is half done: see `turnAway` and `leaveAlone`.
 */
import { queueFull, unavailable, type Failure } from "./failure.ts";
import type { LiveCall } from "./live-call.ts";
import { NO_TICKETS, type AttemptReport, type Tickets } from "./pool.ts";
import type { PoolPlace } from "./pools.ts";

/** What it needs of the scheduler. */
export interface BackEndsHost {
  now(): number;
  fail(live: LiveCall, failure: Failure): void;
}

/** The back-ends behind the pools. */
export class BackEnds {
  readonly #host: BackEndsHost;
  /** Pools for which more calls wait than may, unless some start now. */
  readonly #overfull: PoolPlace<LiveCall>[] = [];
  /** Pools whose back-end is left alone from now on. */
  readonly #shut: PoolPlace<LiveCall>[] = [];

  constructor(host: BackEndsHost) {
    this.#host = host;
  }

  /** Whether calls may have to fail. */
  get pending(): boolean {
    return this.#overfull.length + this.#shut.length > 0;
  }

  /** Why no attempt of a call is to be made now. */
  refused(live: LiveCall): Failure | undefined {
    for (const { pool } of live.pools) {
      const ms = pool.refusesForMs(this.#host.now());
      if (ms > 0) return unavailable(pool.name, ms, live.reach);
    }
    return undefined;
  }

  /** A call waits for room. */
  wait(live: LiveCall): void {
    for (const place of live.pools) {
      place.waiting.add(live);
      if (place.waiting.size > place.pool.maxQueue) this.#overfull.push(place);
    }
  }

  /** It has found it. */
  waitNoMore(live: LiveCall): void {
    for (const { waiting } of live.pools) waiting.delete(live);
  }

  /** An attempt starts. */
  attemptStarted({ pools, call }: LiveCall): Tickets {
    if (pools.length === 0) return NO_TICKETS;
    const now = this.#host.now();
    return pools.map(({ pool }) => pool.attemptStarted(now, call.name));
  }

  /** An attempt has ended. */
  attemptEnded(live: LiveCall, report: AttemptReport, tickets: Tickets): void {
    for (const [i, place] of live.pools.entries()) {
      place.pool.attemptEnded(report, tickets[i]);
      if (place.waiting.size > 0 && place.pool.refusesForMs(report.now) > 0) this.#shut.push(place);
    }
  }

  /** A call has settled, from this state. */
  settled(live: LiveCall, from: LiveCall["state"]): void {
    for (const place of live.pools) {
      place.waiting.delete(live);
      place.users--;
    }
    const now = this.#host.now();
    // It had been let through, and then was not tried.
    if (from.at === "starting" && from.tickets.length > 0 && from.gathering?.over !== false)
      this.attemptEnded(live, { startedAt: now, now, end: "stopped", trouble: undefined }, from.tickets);
  }

  /** Fails what waits for a back-end that is left alone. */
  leaveAlone(): void {
    for (const { pool, waiting } of this.#shut.splice(0)) {
      const ms = pool.refusesForMs(this.#host.now());
      if (ms > 0) for (const live of waiting) this.#host.fail(live, unavailable(pool.name, ms, live.reach));
    }
  }

  /** What could start has started: of those that still wait, the last to come are too many. */
  turnAway(): void {
    for (const { pool, waiting } of this.#overfull.splice(0)) {
      // One that was tried before is not turned away for others.
      const tooMany = [...waiting].slice(pool.maxQueue).filter(({ attempts }) => attempts === 0);
      for (const live of tooMany)
        if (!live.settled) this.#host.fail(live, queueFull(pool.name, pool.maxQueue));
    }
  }
}
