/**
 * How much memory a thread may use.
 *
 * V8's own limit is not enough: it counts no buffers, and where one array grows by more than V8 has in reserve it ends
 * the whole process instead of the thread. So a thread is watched from outside, which works while it computes, and V8's limit
 * lies far enough above to be out of the way of what grows between two looks. Node before 22.16 cannot look; there it is V8's
 * limit alone.
 */
import { Worker, type ResourceLimits } from "node:worker_threads";

const LOOK_EVERY_MS = 25;
const RESERVE_MB = 1024;
const CAN_LOOK = "getHeapStatistics" in Worker.prototype;

/** The limits that V8 itself keeps to. */
export function resourceLimits(memoryMb: number): ResourceLimits {
  if (memoryMb === Infinity) return {};
  return { maxOldGenerationSizeMb: CAN_LOOK ? memoryMb + RESERVE_MB : memoryMb };
}

/** Calls `onTooMuch` when the thread uses more, what it has not yet collected included. Returns what ends the watch. */
export function watchMemory(thread: Worker, memoryMb: number, onTooMuch: () => void): () => void {
  if (!CAN_LOOK || memoryMb === Infinity) return () => {};
  let looking = false;
  const look = async () => {
    looking = true;
    try {
      const { used_heap_size, external_memory } = await thread.getHeapStatistics();
      if (used_heap_size + external_memory > memoryMb * 2 ** 20) onTooMuch();
    } catch {
      // The thread has ended.
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => {
    if (!looking) look().catch(() => {});
  }, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}
