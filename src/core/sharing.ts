/**
 * Identical calls of one tool that share one execution: those in flight, and for a while those that have ended well.
 *
 * 1. A call joins another only while both hold their locks: nothing can have written in between what they read (G3).
 * 2. What is remembered is forgotten when a call starts that writes what it was read from.
 * 3. A call that is stopped has nothing to share: those that joined it run themselves (G2), and do not wait for its end (G5).
 */
import type { Call } from "./call.ts";
import type { ResolvedEffects } from "./effects.ts";
import type { Outcome } from "./outcome.ts";
import { covers, type Path } from "./resource.ts";
import type { Tool } from "./tool.ts";

/** A call that may share. */
export interface Sharer {
  readonly call: Call;
  readonly tool: Tool | undefined;
  readonly effects: ResolvedEffects;
  readonly settled: boolean;
  flight: Flight | undefined;
  /** The call that it joined has settled, or was told to stop: then there is no outcome to share. */
  leaderDone(leader: Call, outcome: Outcome | undefined): void;
}

interface Remembered {
  readonly output: unknown;
  readonly effects: ResolvedEffects;
  readonly until: number;
}

const MOST_REMEMBERED = 1_000;

/** An execution that calls share. */
export interface Flight {
  readonly key: string;
  readonly leader: Sharer;
  readonly followers: Sharer[];
}

/** What becomes of a call that may share: it runs, and others may join it; it waits for another; or its result is known. */
export type Joined =
  | { readonly as: "leader" }
  | { readonly as: "follower" }
  | { readonly as: "known"; readonly output: unknown };

const LEADER: Joined = { as: "leader" };
const FOLLOWER: Joined = { as: "follower" };

/** The executions that calls of one scope share. */
export class Sharing {
  readonly #flights = new Map<string, Flight>();
  readonly #remembered = new Map<string, Remembered>();
  readonly #volatile: readonly Path[];

  /** What is `volatile` may be written at any time, by no call: reads of it are not remembered. */
  constructor(volatile: readonly Path[] = []) {
    this.#volatile = volatile;
  }

  /** A call that may share could start now. */
  join(live: Sharer, now: number): Joined {
    const key = keyOf(live);
    if (key === undefined) return LEADER;
    const known = this.#recall(key, now);
    if (known !== undefined) return { as: "known", output: known.output };
    const flight = this.#flights.get(key);
    if (flight !== undefined) {
      flight.followers.push(live);
      live.flight = flight;
      return FOLLOWER;
    }
    live.flight = { key, leader: live, followers: [] };
    this.#flights.set(key, live.flight);
    return LEADER;
  }

  /** The call that leads a flight has settled: those that wait for it are told. */
  land(flight: Flight, outcome: Outcome, now: number): void {
    const { tool, effects } = flight.leader;
    const ttlMs = tool?.share?.ttlMs ?? 0;
    if (outcome.status === "ok" && ttlMs > 0 && !overlap(effects.reads, this.#volatile)) {
      this.#forgetExpired(now);
      this.#remember(flight.key, { output: outcome.output, effects, until: now + ttlMs });
    }
    this.#end(flight, outcome);
  }

  /** The call that leads a flight was told to stop. */
  leaderStopped(flight: Flight): void {
    this.#end(flight, undefined);
  }

  /** A call starts that writes these. */
  wrote(writes: readonly Path[]): void {
    for (const [key, { effects }] of this.#remembered) {
      if (overlap(effects.reads, writes)) this.#remembered.delete(key);
    }
  }

  #end(flight: Flight, outcome: Outcome | undefined): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
    for (const follower of flight.followers.splice(0))
      if (!follower.settled) follower.leaderDone(flight.leader.call, outcome);
  }

  #forgetExpired(now: number): void {
    for (const [key, { until }] of this.#remembered) if (until <= now) this.#remembered.delete(key);
  }

  #recall(key: string, now: number): Remembered | undefined {
    const found = this.#remembered.get(key);
    if (found === undefined || found.until > now) return found;
    this.#remembered.delete(key);
    return undefined;
  }

  #remember(key: string, remembered: Remembered): void {
    this.#remembered.delete(key);
    this.#remembered.set(key, remembered);
    if (this.#remembered.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
  }
}

/** Whether an outcome is what the tool said, and so the same for whoever asked. */
export function isShareable({ status, attempts }: Outcome): boolean {
  return attempts > 0 && (status === "ok" || status === "failed");
}

function overlap(reads: readonly Path[], writes: readonly Path[]): boolean {
  return reads.some((read) => writes.some((write) => covers(write, read) || covers(read, write)));
}

/** What two calls have to have in common; undefined for an input that cannot be compared. */
function keyOf({ call }: Sharer): string | undefined {
  try {
    return `${call.name} ${JSON.stringify(call.input, sorted)}`;
  } catch {
    return undefined;
  }
}

/** The order in which the model wrote the fields is no difference. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
