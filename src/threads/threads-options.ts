/** The options of threads, and their defaults. Nothing here needs a thread, or Node. */
import { knownKeys, positiveInteger, positiveMs } from "../core/options.ts";

/** The threads of isolated tools. */
export interface ThreadsOptions {
  /**
   * Threads that run at the same time; calls beyond them wait. Minimum: 1.
   *
   * @default the number of processors
   */
  readonly max?: number | undefined;
  /**
   * Megabytes that a thread may use, heap and buffers together; `Infinity` for no limit. A call whose thread uses more fails.
   *
   * @default 512
   */
  readonly memoryMb?: number | undefined;
  /**
   * Milliseconds after which a thread without work is ended. It does not keep the process alive.
   *
   * @default 10000
   */
  readonly idleMs?: number | undefined;
}

/** The options with their defaults. */
export type ResolvedThreadsOptions = ReturnType<typeof resolveThreadsOptions>;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveThreadsOptions(options: ThreadsOptions) {
  knownKeys("threads", options, ["max", "memoryMb", "idleMs"]);
  return {
    // What `os.availableParallelism` says, without a Node built-in.
    max: positiveInteger("threads.max", options.max ?? navigator.hardwareConcurrency),
    memoryMb: positiveInteger("threads.memoryMb", options.memoryMb ?? 512),
    idleMs: positiveMs("threads.idleMs", options.idleMs ?? 10_000),
  };
}
