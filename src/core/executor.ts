/**
 * `createExecutor`: the public face of the engine. It checks the options, and opens batches.
 */
import { checkRequest, OpenBatch, type Batch, type Eager, type OnFailure } from "./batch.ts";
import type { CallRequest } from "./call.ts";
import { Cancellation } from "./cancel.ts";
import { systemClock, type Clock } from "./clock.ts";
import { TuttiError } from "./errors.ts";
import type { Listener } from "./event.ts";
import { aFunction, knownKeys, nonNegativeMs, oneOf, positiveInteger, positiveMs, show } from "./options.ts";
import { findCycle } from "./order.ts";
import type { Outcome } from "./outcome.ts";
import { Scheduler } from "./scheduler.ts";
import type { Scope } from "./scope.ts";
import type { Tool } from "./tool.ts";

/** A shared capacity, such as an API or a database. */
export interface PoolOptions {
  /** Running attempts of all tools that name the pool. Minimum: 1. */
  readonly concurrency: number;
}

/** What `createExecutor` takes. */
export interface ExecutorOptions {
  readonly tools: readonly Tool[];
  /** Capacities that tools share, by name. */
  readonly pools?: Readonly<Record<string, PoolOptions>> | undefined;
  /**
   * Running attempts in the executor. Minimum: 1, which means strict serial order.
   *
   * @default 10
   */
  readonly concurrency?: number | undefined;
  /**
   * Milliseconds for one attempt, for tools that do not say; `Infinity` for no limit.
   *
   * @default 60000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds for a whole batch, from `open` on.
   *
   * @default Infinity
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Milliseconds that an aborted attempt may take to stop before it is abandoned.
   *
   * @default 1000
   */
  readonly graceMs?: number | undefined;
  /**
   * Calls accepted in a batch; those beyond are answered `over-limit`. Minimum: 1.
   *
   * @default 128
   */
  readonly maxCalls?: number | undefined;
  /**
   * Which calls may start while the model still streams. `"reads"`: those that write nothing.
   *
   * @default "reads"
   */
  readonly eager?: Eager | undefined;
  /**
   * What a failed or timed-out call does to the others of its batch.
   *
   * @default "continue"
   */
  readonly onFailure?: OnFailure | undefined;
  /** Hears of every event of every batch. See `Listener`. */
  readonly onEvent?: Listener | undefined;
  /**
   * Where time comes from.
   *
   * @default the platform's clock
   */
  readonly clock?: Clock | undefined;
}

/** What `open` and `run` take. */
export interface BatchRunOptions {
  /** Aborts the batch. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the batch. @default the executor's */
  readonly deadlineMs?: number | undefined;
  /** @default the executor's */
  readonly onFailure?: OnFailure | undefined;
  /** @default the executor's */
  readonly eager?: Eager | undefined;
  /** Hears of this batch's events, and of those of batches inside its calls. See `Listener`. */
  readonly onEvent?: Listener | undefined;
}

/** How busy an executor is. */
export interface ExecutorStats {
  /** Slots that are taken. */
  readonly running: number;
  /** Attempts that were given up on and have not stopped. */
  readonly abandoned: number;
  /** Batches that have not settled. */
  readonly batches: number;
}

/** What runs batches. Share one between conversations that share tools: locks and limits are the executor's. */
export interface Executor {
  readonly tools: readonly Tool[];
  /** Where its events' times come from. */
  readonly clock: Clock;
  readonly stats: ExecutorStats;
  /**
   * Runs the calls of a whole turn. Resolves to one outcome per call, in call order, whatever happens (G1).
   *
   * @throws TuttiError `executor-shut-down`
   */
  run(calls: readonly CallRequest[], options?: BatchRunOptions): Promise<Outcome[]>;
  /**
   * Opens a batch for a turn that is still being streamed.
   *
   * @throws TuttiError `executor-shut-down`
   */
  open(options?: BatchRunOptions): Batch;
  /** Takes no more batches, cancels those there are, and resolves when all have settled: within `graceMs`. */
  shutdown(): Promise<void>;
}

/**
 * Creates what runs batches of tool calls.
 *
 * @throws TypeError that names the option and what came
 */
export function createExecutor(options: ExecutorOptions): Executor {
  return new ToolExecutor(resolveExecutorOptions(options));
}

type ResolvedExecutorOptions = ReturnType<typeof resolveExecutorOptions>;

const KEYS = [
  "tools",
  "pools",
  "concurrency",
  "timeoutMs",
  "deadlineMs",
  "graceMs",
  "maxCalls",
  "eager",
  "onFailure",
  "onEvent",
  "clock",
];

function resolveExecutorOptions(options: ExecutorOptions) {
  knownKeys("createExecutor", options, KEYS);
  if (options.onEvent !== undefined) aFunction("onEvent", options.onEvent);
  const pools = resolvePools(options.pools ?? {});
  const tools = resolveTools(options.tools, pools);
  return {
    tools,
    pools,
    awaited: new Set([...tools.values()].flatMap((tool) => tool.after)),
    concurrency: positiveInteger("concurrency", options.concurrency ?? 10),
    timeoutMs: positiveMs("timeoutMs", options.timeoutMs ?? 60_000),
    deadlineMs: positiveMs("deadlineMs", options.deadlineMs ?? Infinity),
    graceMs: nonNegativeMs("graceMs", options.graceMs ?? 1_000),
    maxCalls: positiveInteger("maxCalls", options.maxCalls ?? 128),
    eager: oneOf("eager", ["off", "reads", "all"], options.eager ?? "reads"),
    onFailure: oneOf("onFailure", ["continue", "cancel-siblings"], options.onFailure ?? "continue"),
    listener: options.onEvent,
    clock: options.clock ?? systemClock,
  };
}

function resolvePools(pools: Readonly<Record<string, PoolOptions>>): ReadonlyMap<string, number> {
  const resolved = new Map<string, number>();
  for (const [name, pool] of Object.entries(pools)) {
    if (name === "executor" || name.startsWith("tool:")) {
      throw new TypeError(
        `a pool cannot be called ${show(name)}: that names the limits of the executor and of tools`,
      );
    }
    knownKeys(`pools.${name}`, pool, ["concurrency"]);
    resolved.set(name, positiveInteger(`pools.${name}.concurrency`, pool.concurrency));
  }
  return resolved;
}

function resolveTools(tools: unknown, pools: ReadonlyMap<string, number>): ReadonlyMap<string, Tool> {
  if (!Array.isArray(tools)) throw new TypeError(`\`tools\` must be an array of tools, got ${show(tools)}`);
  const byName = new Map<string, Tool>();
  for (const [i, tool] of (tools as Tool[]).entries()) {
    if (typeof tool?.checkInput !== "function") {
      throw new TypeError(`\`tools[${i}]\` must come from defineTool, got ${show(tool)}`);
    }
    if (byName.has(tool.name)) throw new TypeError(`\`tools\` has two tools called \`${tool.name}\``);
    byName.set(tool.name, tool);
    for (const pool of tool.pools) {
      if (!pools.has(pool))
        throw new TypeError(`\`pools\` of \`${tool.name}\` names \`${pool}\`, which is not in \`pools\``);
    }
  }
  for (const tool of byName.values()) {
    const stranger = tool.after.find((name) => !byName.has(name));
    if (stranger !== undefined) {
      throw new TypeError(`\`after\` of \`${tool.name}\` names \`${stranger}\`, which is not in \`tools\``);
    }
  }
  const cycle = findCycle(new Map([...byName].map(([name, tool]) => [name, tool.after])));
  if (cycle !== undefined) throw new TypeError(`\`after\` goes round in a cycle: ${cycle.join(" → ")}`);
  return byName;
}

class ToolExecutor implements Executor {
  readonly tools: readonly Tool[];
  readonly clock: Clock;
  readonly #options: ResolvedExecutorOptions;
  readonly #scheduler: Scheduler;
  readonly #batches = new Set<OpenBatch>();
  #opened = 0;
  #shutDown = false;

  constructor(options: ResolvedExecutorOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.tools = [...options.tools.values()];
    this.#scheduler = new Scheduler({
      ...options,
      tools: this.tools,
      openInside: (live, { scope, requests, stopped }) => {
        const batch = this.#open({ onEvent: live.batch.listener, eager: "off" }, { scope, parent: live.key });
        if (stopped !== undefined) batch.cancel(stopped);
        return this.#addAll(batch, requests);
      },
    });
  }

  get stats(): ExecutorStats {
    const { scope, abandoned } = this.#scheduler;
    return { running: scope.executor.taken, abandoned, batches: this.#batches.size };
  }

  async run(calls: readonly CallRequest[], options: BatchRunOptions = {}): Promise<Outcome[]> {
    for (const call of calls) checkRequest(call);
    // Nothing is to be gained from an early start when all is there: everything gets in line in serial order.
    return this.#addAll(this.#open({ ...options, eager: "off" }), calls).outcomes;
  }

  open(options: BatchRunOptions = {}): Batch {
    return this.#open(options);
  }

  async shutdown(): Promise<void> {
    this.#shutDown = true;
    const batches = [...this.#batches];
    for (const batch of batches)
      batch.cancel(new Cancellation("shutdown", "cancelled because the executor shut down"));
    await Promise.all(batches.map((batch) => batch.whenIdle()));
  }

  #open(options: BatchRunOptions, inside?: { readonly scope: Scope; readonly parent: string }): OpenBatch {
    if (this.#shutDown) throw new TuttiError("executor-shut-down", "the executor has been shut down");
    knownKeys("options", options, ["signal", "deadlineMs", "onFailure", "eager", "onEvent"]);
    const { tools, awaited, maxCalls, timeoutMs, concurrency } = this.#options;
    const batch = new OpenBatch({
      key: `b${++this.#opened}`,
      scheduler: this.#scheduler,
      scope: inside?.scope ?? this.#scheduler.scope,
      parent: inside?.parent,
      tools,
      awaited,
      maxCalls,
      timeoutMs,
      strict: concurrency === 1,
      eager: oneOf("eager", ["off", "reads", "all"], options.eager ?? this.#options.eager),
      onFailure: oneOf(
        "onFailure",
        ["continue", "cancel-siblings"],
        options.onFailure ?? this.#options.onFailure,
      ),
      deadlineMs: positiveMs(
        "deadlineMs",
        options.deadlineMs ?? (inside ? Infinity : this.#options.deadlineMs),
      ),
      signal: options.signal,
      listener: options.onEvent,
      onSettled: (settled) => this.#batches.delete(settled),
    });
    this.#batches.add(batch);
    return batch;
  }

  /** Adds and closes in one step. */
  #addAll(batch: OpenBatch, calls: readonly CallRequest[]): OpenBatch {
    this.#scheduler.step(() => {
      for (const call of calls) batch.add(call);
      batch.close().catch(() => {});
    }, batch);
    return batch;
  }
}
