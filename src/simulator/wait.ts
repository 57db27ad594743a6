/** Waiting for a moment. */
import type { Clock } from "../core/clock.ts";

/**
 * Resolves when the clock has reached `atMs`. Moments, not durations: whoever waits for one after the other does not drift.
 *
 * @throws the signal's reason, as soon as it aborts
 */
export async function waitUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const ms = atMs - clock.now();
  if (ms <= 0) return;
  let timer: unknown;
  let stop = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      timer = clock.setTimer(resolve, ms);
      stop = () => reject(signal.reason as Error);
      signal.addEventListener("abort", stop, { once: true });
    });
  } finally {
    clock.clearTimer(timer);
    signal.removeEventListener("abort", stop);
  }
}
