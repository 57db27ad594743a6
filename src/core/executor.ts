/**
 * The engine's face: it opens batches. Its limits are put in where `createExecutor` is, above it.
 */
import type { Batch, Eager, OnFailure, Parallel } from "./batch.ts";
import { checkRequest, type CallRequest } from "./call-request.ts";
import { Cancellation } from "./cancel.ts";
import type { Clock } from "./clock.ts";
import { TuttiError } from "./errors.ts";
import type { Listener } from "./event.ts";
import type { TurnOrigin } from "./model-turn.ts";
import { ExecutorEvents } from "./executor-events.ts";
import {
  resolveEngineOptions,
  type EngineOptions,
  type EngineParts,
  type ResolvedEngineOptions,
} from "./executor-options.ts";
import { OpenBatch, type BatchOptions } from "./open-batch.ts";
import { aFunction, aSignal, knownKeys, oneOf, positiveMs, show } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import type { PoolFacts, PoolStats } from "./pools.ts";
import type { ReferenceMode } from "./reference.ts";
import type { ResultEncoder } from "./result.ts";
import { Scheduler } from "./scheduler.ts";
import type { Tool } from "./tool.ts";

/** What `run` takes. */
export interface BatchRunOptions {
  /** Aborts the batch. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the batch. @default the executor's */
  readonly deadlineMs?: number | undefined;
  /** @default the executor's */
  readonly onFailure?: OnFailure | undefined;
  /**
   * `"one-at-a-time"` runs the calls of this batch strictly in serial order, whatever the executor's limit.
   *
   * @default "auto"
   */
  readonly parallel?: Parallel | undefined;
  /** Hears of this batch's events, and of those of batches inside its calls. See `Listener`. */
  readonly onEvent?: Listener | undefined;
}

/** What `open` takes. */
export interface BatchOpenOptions extends BatchRunOptions {
  /** Which calls may start before the batch closes. @default the executor's */
  readonly eager?: Eager | undefined;
  /** Whose calls these are; a loop says so, for those who look at a trace. @default none */
  readonly origin?: TurnOrigin | undefined;
}

const RUN_KEYS = ["signal", "deadlineMs", "onFailure", "parallel", "onEvent"];
const PARALLEL: readonly Parallel[] = ["auto", "one-at-a-time"];

/** How busy an executor is. */
export interface ExecutorStats {
  /** Slots that are taken. */
  readonly running: number;
  /** Attempts that were given up on and have not stopped. */
  readonly abandoned: number;
  /** Batches that have not settled. */
  readonly batches: number;
  /** The pools by name; those that tools compute are there once they were used. */
  readonly pools: Readonly<Record<string, PoolStats>>;
}

/** What runs batches. Share one between conversations that share tools: locks and limits are the executor's. */
export interface Executor {
  readonly tools: readonly Tool[];
  /** Attempts that may run at once. */
  readonly concurrency: number;
  /** The pools of its options. */
  readonly pools: readonly PoolFacts[];
  /** Where its events' times come from. */
  readonly clock: Clock;
  readonly stats: ExecutorStats;
  /** What makes results of outcomes, within the budget. */
  readonly results: ResultEncoder;
  /** How references between the calls of a turn are read; undefined if they are not. */
  readonly references: ReferenceMode | undefined;
  /** Where all can be heard that happens, in batches and in the loops around them. */
  readonly events: ExecutorEvents;
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
  open(options?: BatchOpenOptions): Batch;
  /** Takes no more batches, cancels those there are, and resolves when all have settled: within `graceMs`. */
  shutdown(): Promise<void>;
}

/**
 * Creates an executor of these parts.
 *
 * @throws TypeError that names the option and what came
 */
export function createEngine(options: EngineOptions, parts: EngineParts): Executor {
  return new Engine(resolveEngineOptions(options, parts));
}

class Engine implements Executor {
  readonly tools: readonly Tool[];
  readonly concurrency: number;
  readonly pools: readonly PoolFacts[];
  readonly clock: Clock;
  readonly results: ResultEncoder;
  readonly references: ReferenceMode | undefined;
  readonly events: ExecutorEvents;
  readonly #options: ResolvedEngineOptions;
  readonly #scheduler: Scheduler;
  readonly #batches = new Set<OpenBatch>();
  #opened = 0;
  #shutDown = false;

  constructor(options: ResolvedEngineOptions) {
    this.#options = options;
    this.concurrency = options.concurrency;
    this.pools = options.pools;
    this.clock = options.clock;
    this.results = options.results;
    this.references = options.references;
    this.tools = [...options.tools.values()];
    this.#scheduler = new Scheduler({
      ...options,
      tools: this.tools,
      openInside: (live, { scope, attempt, requests, stopped }) => {
        checkRequests(requests);
        const parent = { call: live.key, attempt };
        const batch = this.#open({ onEvent: live.batch.listener, eager: "off" }, { scope, parent });
        if (stopped !== undefined) batch.cancel(stopped);
        batch.run(requests).catch(() => {});
        return batch;
      },
    });
    this.events = new ExecutorEvents(this.#scheduler.events);
  }

  get stats(): ExecutorStats {
    const { scope, runner, pools, clock } = this.#scheduler;
    return {
      running: scope.executor.taken,
      abandoned: runner.abandoned,
      batches: this.#batches.size,
      pools: pools.stats(clock.now()),
    };
  }

  async run(calls: readonly CallRequest[], options: BatchRunOptions = {}): Promise<Outcome[]> {
    checkRequests(calls);
    knownKeys("options", options, RUN_KEYS);
    // Nothing is to be gained from an early start when all is there: everything gets in line in serial order.
    return this.#open({ ...options, eager: "off" }).run(calls);
  }

  open(options: BatchOpenOptions = {}): Batch {
    knownKeys("options", options, [...RUN_KEYS, "eager", "origin"]);
    return this.#open(options);
  }

  async shutdown(): Promise<void> {
    this.#shutDown = true;
    const batches = [...this.#batches];
    for (const batch of batches)
      batch.cancel(new Cancellation("shutdown", "cancelled because the executor shut down"));
    await Promise.all(batches.map((batch) => batch.whenIdle()));
    await this.#options.onShutdown();
  }

  #open(
    options: BatchOpenOptions,
    inside?: Pick<BatchOptions, "scope"> & { readonly parent: NonNullable<BatchOptions["parent"]> },
  ): OpenBatch {
    // Inside a call it is the call's own end that is told.
    if (this.#shutDown && inside === undefined) {
      throw new TuttiError("executor-shut-down", "the executor has been shut down");
    }
    if (options.signal !== undefined) aSignal("signal", options.signal);
    if (options.onEvent !== undefined) aFunction("onEvent", options.onEvent);
    const { tools, awaited, maxCalls, timeoutMs, concurrency, approve } = this.#options;
    const batch = new OpenBatch({
      key: `b${++this.#opened}`,
      scheduler: this.#scheduler,
      scope: inside?.scope ?? this.#scheduler.scope.forConversation(),
      parent: inside?.parent,
      origin: options.origin,
      tools,
      awaited,
      maxCalls,
      timeoutMs,
      approve,
      // What code asks for inside a call may hold what a tool returned.
      references: inside === undefined ? this.references : undefined,
      strict:
        concurrency === 1 || oneOf("parallel", PARALLEL, options.parallel ?? "auto") === "one-at-a-time",
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
}

function checkRequests(calls: unknown): void {
  if (!Array.isArray(calls)) throw new TypeError(`\`calls\` must be an array of calls, got ${show(calls)}`);
  for (const call of calls) checkRequest(call);
}
