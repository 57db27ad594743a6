/**
 * How long to wait before a retry: exponential, with full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS
 * Architecture Blog): anywhere between nothing and the bound, so that those who failed together do not come back together.
 */

/** What is known of the attempt that failed. */
export interface BackoffOptions {
  /** Attempts that have failed, this one included: 1 before the first retry. */
  readonly attempt: number;
  /** The bound before the first retry; it doubles with each further one. */
  readonly baseMs: number;
  /** The bound never exceeds it. What the back-end asked for may. */
  readonly maxMs: number;
  /** What the back-end asked for, such as by a `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
  /** A random number from 0 up to, not including, 1. */
  readonly random: number;
}

/** What a moment that the back-end named is spread over, as a share of the longer of that time and the bound. */
const SPREAD = 0.1;

/** Milliseconds to wait. Where the back-end named a time, never less than that, and up to a tenth more. */
export function delayMs({ attempt, baseMs, maxMs, retryAfterMs, random }: BackoffOptions): number {
  const bound = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 60));
  if (retryAfterMs === undefined) return random * bound;
  // A back-end that says "now" to attempt after attempt is given more time by each.
  return retryAfterMs + random * Math.min(maxMs, SPREAD * Math.max(bound, retryAfterMs));
}
