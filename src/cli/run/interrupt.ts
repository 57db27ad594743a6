/** Ctrl-C, once to stop cleanly, twice to leave at once. */
import { once } from "node:events";

/** The exit code of what was interrupted, by the custom of shells. */
export const INTERRUPTED = 130;

/** Does what Ctrl-C does, where a terminal gives it as a key. */
export function interrupt(): void {
  process.emit("SIGINT", "SIGINT");
}

/**
 * Calls `onInterrupt` at the first Ctrl-C and ends the process at the second. Returns what takes it back.
 */
export function onInterrupt(listener: () => void): () => void {
  let times = 0;
  const handle = () => {
    if (++times > 1) process.exit(INTERRUPTED);
    listener();
  };
  process.on("SIGINT", handle);
  return () => process.off("SIGINT", handle);
}

/** Resolves at the first signal to stop. A second one meets no listener any more, and ends the process. */
export async function untilInterrupted(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}
