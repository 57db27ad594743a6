/** How much of the heap is in use. */
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are still in use after what is garbage has been collected. */
export async function heapUsed(): Promise<number> {
  // Twice: what a finalizer or a microtask lets go of is collected only by the next.
  for (let i = 0; i < 2; i++) {
    await setImmediate();
    collect();
  }
  return process.memoryUsage().heapUsed;
}
