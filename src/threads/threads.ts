/**
 * Threads for tools that compute. They are started when there is work, kept for a while, and never keep the process alive.
 *
 * The pool (piscina) starts threads, gives each one call at a time and ends it. What is said between a call and its thread,
 * and what a call's end means, is here.
 *
 * 1. A call that is to stop has its thread killed, and no other call's. It ends when that thread has stopped, so that
 *    nothing of it runs any more (G3); in the middle of native code that takes as long as that does, and the grace is for it.
 * 2. At most `max` calls are in the pool; others wait in line here. (The pool's own queue stands still when a thread is
 *    killed and nothing new comes.)
 * 3. However a thread ends, its call ends too.
 */
import { AsyncResource } from "node:async_hooks";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import type { ToolContext } from "../core/tool.ts";
import { Line } from "./line.ts";
import { resourceLimits, watchMemory } from "./memory.ts";
import { unpackThrown } from "./packed-thrown.ts";
import type { ThreadContext } from "./thread-context.ts";
import type { ThreadCall, ThreadEnd, ThreadMessage } from "./thread-message.ts";
import {
  resolveThreadsOptions,
  type ResolvedThreadsOptions,
  type ThreadsOptions,
} from "./threads-options.ts";

/** What a call in a thread needs of the engine. */
export type ThreadHost = Pick<ToolContext, "signal"> & ThreadContext;

/** Threads that run modules. */
export interface Threads {
  /**
   * Runs the `execute` of a module in a thread. Resolves to a clone of what it returns; rejects with what it throws, with the
   * signal's reason once the thread has stopped, or with an error that says what became of the thread.
   */
  run(module: string, input: unknown, host: ThreadHost): Promise<unknown>;
  /** Kills what runs, ends every thread, and takes no more. */
  close(): Promise<void>;
}

/**
 * Creates threads; none is started before there is a call.
 *
 * @throws TypeError that names the option and what came
 */
export function createThreads(options: ThreadsOptions = {}): Threads {
  return new PooledThreads(resolveThreadsOptions(options));
}

type Pool = Piscina<ThreadCall, void>;

class PooledThreads implements Threads {
  readonly #memoryMb: number;
  readonly #pool: Pool;
  readonly #line: Line;
  /** What stops each call, whatever the reason. */
  readonly #stops = new Set<AbortController>();
  /** Those whose thread has not said that it has begun. */
  readonly #starting = new Set<AbortController>();
  #closed = false;

  constructor({ max, memoryMb, idleMs }: ResolvedThreadsOptions) {
    this.#memoryMb = memoryMb;
    this.#line = new Line(max);
    this.#pool = new Piscina({
      // The extension is that of this file: `.ts` in the sources, `.js` when built.
      filename: new URL(`./thread-main${extname(import.meta.url)}`, import.meta.url).href,
      name: "runCall",
      minThreads: 0,
      maxThreads: max,
      idleTimeout: idleMs,
      // Otherwise a thread sleeps between calls, and what one has left behind wakes up in the middle of another.
      atomics: "disabled",
      recordTiming: false,
      resourceLimits: resourceLimits(memoryMb),
    });
    let lastError: unknown;
    // A thread that dies without a call: of what a call left behind, or while it starts.
    this.#pool.on("error", (error) => (lastError = error));
    this.#pool.on("workerDestroy", () => queueMicrotask(() => this.#threadGone(lastError)));
  }

  async run(module: string, input: unknown, host: ThreadHost): Promise<unknown> {
    if (this.#closed) throw closed();
    const stop = new AbortController();
    const aborted = () => stop.abort(host.signal.reason);
    if (host.signal.aborted) aborted();
    host.signal.addEventListener("abort", aborted, { once: true });
    this.#stops.add(stop);
    try {
      await this.#line.enter(stop.signal);
      try {
        return outcomeOf(await this.#runInThread({ module: urlOf(module), input }, host, stop));
      } finally {
        this.#line.leave();
      }
    } finally {
      this.#stops.delete(stop);
      host.signal.removeEventListener("abort", aborted);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops) stop.abort(closed());
    await this.#pool.destroy();
  }

  async #runInThread(
    what: Pick<ThreadCall, "module" | "input">,
    { call, idempotencyKey, traceparent, progress }: ThreadHost,
    stop: AbortController,
  ): Promise<ThreadEnd | undefined> {
    const { port1, port2 } = new MessageChannel();
    let endWatch = () => {};
    const end = listen(port1, {
      started: (threadId) => {
        this.#starting.delete(stop);
        const thread = this.#pool.threads.find((candidate) => candidate.threadId === threadId);
        if (thread === undefined) return;
        endWatch = watchMemory(thread, this.#memoryMb, () => stop.abort(this.#outOfMemory()));
      },
      // In the context of the call: whoever listens may ask which span is the current one.
      progress: AsyncResource.bind(progress),
    });
    this.#starting.add(stop);
    try {
      const facts = { call, idempotencyKey, ...(traceparent !== undefined && { traceparent }) };
      await runKillably(this.#pool, { ...what, ...facts, port: port2 }, stop.signal);
      return await end;
    } catch (thrown) {
      throw this.#explained(thrown);
    } finally {
      this.#starting.delete(stop);
      endWatch();
      port1.close();
    }
  }

  /** Without any thread, those that wait for one to start wait for nothing. */
  #threadGone(cause: unknown): void {
    if (this.#pool.threads.length > 0) return;
    for (const stop of this.#starting) stop.abort(new Error("no thread could be started", { cause }));
  }

  /** What went wrong with a thread, for somebody who has never heard of the pool. */
  #explained(thrown: unknown): unknown {
    if (!(thrown instanceof Error)) return thrown;
    if (thrown.name === "DataCloneError") {
      return new TypeError(`the input cannot enter a thread: ${thrown.message}`, { cause: thrown });
    }
    if ("code" in thrown && thrown.code === "ERR_WORKER_OUT_OF_MEMORY") return this.#outOfMemory(thrown);
    const code = /^worker exited with code: (\d+)$/.exec(thrown.message)?.[1];
    if (code === undefined) return thrown;
    return new Error(`the thread ended in the middle of the call, with exit code ${code}`, { cause: thrown });
  }

  #outOfMemory(cause?: Error): Error {
    return new Error(`the call used more than the ${this.#memoryMb} MB of memory that its thread may have`, {
      cause,
    });
  }
}

/** Hands a call to the pool. When the signal aborts, its thread is killed; the promise rejects when that has stopped. */
async function runKillably(pool: Pool, call: ThreadCall, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const killer = new AbortController();
  let stopped: Promise<void> | undefined;
  const kill = () => {
    // The pool does not say which thread a call has: it is the one that is taken away by this.
    const before = pool.threads;
    killer.abort();
    const left = new Set(pool.threads);
    const killed = before.find((thread) => !left.has(thread));
    stopped = new Promise((resolve) =>
      killed === undefined ? resolve() : killed.once("exit", () => resolve()),
    );
  };
  signal.addEventListener("abort", kill, { once: true });
  try {
    await pool.run(call, { transferList: [call.port], signal: killer.signal });
  } catch (thrown) {
    if (stopped === undefined) throw thrown;
    await stopped;
    throw signal.reason;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

interface PortListener {
  started(threadId: number): void;
  progress(value: unknown): void;
}

/** Listens to a thread's call. Resolves to its end, or to nothing when the port closes without one. */
function listen(port: MessagePort, listener: PortListener): Promise<ThreadEnd | undefined> {
  return new Promise((resolve) => {
    port.on("message", (message: ThreadMessage) => {
      switch (message.type) {
        case "started":
          return listener.started(message.threadId);
        case "progress":
          return listener.progress(message.value);
        case "returned":
        case "threw":
          return resolve(message);
      }
    });
    port.on("close", () => resolve(undefined));
  });
}

function outcomeOf(end: ThreadEnd | undefined): unknown {
  if (end === undefined) throw new Error("the thread ended in the middle of the call");
  if (end.type === "threw") throw unpackThrown(end.thrown);
  return end.value;
}

function urlOf(module: string): string {
  return module.startsWith("file:") ? module : pathToFileURL(module).href;
}

function closed(): Error {
  return new Error("the threads have been closed");
}
