/** Options of tools whose calls may be tried again, tried twice at once, or stand for one another. */
import { knownKeys, positiveInteger, positiveMs, show } from "./options.ts";

/** How often a call is tried, and how long it waits in between. */
export interface RetryOptions {
  /**
   * Attempts of one call, the first included. Minimum: 2.
   *
   * @default 3
   */
  readonly attempts?: number | undefined;
  /**
   * Milliseconds that the wait after the first attempt is drawn from; it doubles with each further one (full jitter).
   *
   * @default 200
   */
  readonly baseMs?: number | undefined;
  /**
   * Milliseconds that no such wait exceeds. What the back-end asks for (`Retry-After`) may.
   *
   * @default 10000
   */
  readonly maxMs?: number | undefined;
}

/** When a slow attempt gets a second one beside it: after a time, or once it is slower than most have been. */
export type HedgeOptions =
  | { readonly afterMs: number; readonly percentile?: undefined }
  /** From 1 to below 100: learned from the tool's own calls. */
  | { readonly percentile: number; readonly afterMs?: undefined };

/** For how long the result of a call is given to calls that are the same. */
export interface ShareOptions {
  /** Milliseconds from the end of the call on, unless a call writes what it has read. */
  readonly ttlMs: number;
}

/** How a call is tried again, with its defaults. */
export interface ResolvedRetry {
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Checks `retry`, and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveRetry(name: string, retry: boolean | RetryOptions): false | ResolvedRetry {
  if (retry === false) return false;
  const options = retry === true ? {} : retry;
  knownKeys(name, options, ["attempts", "baseMs", "maxMs"]);
  const attempts = positiveInteger(`${name}.attempts`, options.attempts ?? 3);
  if (attempts < 2)
    throw new TypeError(`\`${name}.attempts\` counts the first one; it must be at least 2, got 1`);
  return {
    attempts,
    baseMs: positiveMs(`${name}.baseMs`, options.baseMs ?? 200),
    maxMs: positiveMs(`${name}.maxMs`, options.maxMs ?? 10_000),
  };
}

/**
 * Checks `hedge`.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveHedge(hedge: HedgeOptions | undefined): HedgeOptions | undefined {
  if (hedge === undefined) return undefined;
  knownKeys("hedge", hedge, ["afterMs", "percentile"]);
  const { afterMs, percentile } = hedge;
  if ((afterMs === undefined) === (percentile === undefined))
    throw new TypeError("`hedge` takes either `afterMs` or `percentile`");
  if (afterMs !== undefined) return { afterMs: positiveMs("hedge.afterMs", afterMs) };
  // 0.95 is meant as 95, and would have nearly every call hedged.
  if (typeof percentile === "number" && percentile >= 1 && percentile < 100) return { percentile };
  throw new TypeError(
    `\`hedge.percentile\` must be a number from 1 to below 100, such as 95, got ${show(percentile)}`,
  );
}

/**
 * Checks `share`; undefined if nothing is shared.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveShare(share: boolean | ShareOptions): ShareOptions | undefined {
  if (share === false) return undefined;
  if (share === true) return { ttlMs: 0 };
  knownKeys("share", share, ["ttlMs"]);
  return { ttlMs: positiveMs("share.ttlMs", share.ttlMs) };
}

/** The options of a tool that only some tools may have. */
export interface RepeatOptions {
  readonly idempotent: boolean;
  readonly effects: unknown;
  readonly hedge?: unknown;
  readonly share?: unknown;
  readonly gather?: unknown;
}

/**
 * Holds what a tool asks for against what it is: only what may run more than once is hedged or shared.
 *
 * @throws TypeError that says what is missing
 */
export function checkRepeats(
  name: string,
  { idempotent, effects, hedge, share, gather }: RepeatOptions,
): void {
  const wanted = hedge !== undefined ? "hedge" : share !== undefined && share !== false ? "share" : undefined;
  if (wanted === undefined) return;
  if (!idempotent) throw new TypeError(`\`${wanted}\` of \`${name}\` needs \`idempotent: true\``);
  if (effects === "write")
    throw new TypeError(`\`${wanted}\` of \`${name}\` is for tools that read; it writes`);
  if (hedge !== undefined && gather !== undefined)
    throw new TypeError(`\`${name}\` cannot have both \`hedge\` and \`gather\``);
}
