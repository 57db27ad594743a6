/** Isolated tools whose calls do what the test says, and cells of memory that a test shares with their threads. */
import type { TestContext } from "node:test";
import {
  createExecutor,
  defineTool,
  type CallRequest,
  type Executor,
  type ExecutorOptions,
  type Tool,
} from "../../src/index.ts";
import { createThreads, type ThreadHost, type Threads } from "../../src/threads/threads.ts";
import type { ThreadsOptions } from "../../src/threads/threads-options.ts";
import type { Act } from "../threads/modules/act.ts";

/** A module of the tests. */
export function moduleOf(name: string): URL {
  return new URL(`../threads/modules/${name}`, import.meta.url);
}

/** An isolated tool; its module is `act.ts` unless the options name another. */
export function isolated(options: Partial<Parameters<typeof defineTool>[0]> = {}): Tool {
  return defineTool({
    name: "act",
    description: "Acts.",
    input: { type: "object" },
    effects: "none",
    isolate: "thread",
    module: moduleOf("act.ts"),
    ...options,
  } as Parameters<typeof defineTool>[0]) as Tool;
}

/** An executor with the tool `act`, which is shut down when the test is over. */
export function isolating(t: TestContext, options: Partial<ExecutorOptions> = {}): Executor {
  const executor = createExecutor({ tools: [isolated()], ...options });
  t.after(() => executor.shutdown());
  return executor;
}

/** A call of `act`. */
export function act(input: Act, name = "act"): CallRequest {
  return { name, input };
}

/** Threads without an executor, which are closed when the test is over. */
export function threadsFor(
  t: TestContext,
  options: ThreadsOptions,
): Threads & { act(act: Act, signal?: AbortSignal): Promise<unknown> } {
  const threads = createThreads(options);
  t.after(() => threads.close());
  const run = threads.run.bind(threads);
  return {
    run,
    close: () => threads.close(),
    act: (input, signal = new AbortController().signal) =>
      run(moduleOf("act.ts").href, input, hostOf(signal)),
  };
}

/** What a call in a thread needs of the engine. */
export function hostOf(signal: AbortSignal): ThreadHost {
  const call = { key: "b1.0", id: undefined, name: "act", input: {}, index: 0 };
  return { signal, call, idempotencyKey: "key", progress: () => {} };
}

/** A number in memory that threads and the test share; 0 at first. */
export function cell(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** Sets a cell to 1. */
export function raise(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
}

/** Resolves when a cell has been set. */
export async function raised(flag: Int32Array): Promise<void> {
  while (Atomics.load(flag, 0) === 0) await new Promise(setImmediate);
}
