/** `defineTool`: a tool is its name, what it touches, its limits, and a function. */
import type { Call } from "./call.ts";
import type { CallRequest } from "./call-request.ts";
import type { Effects } from "./effects.ts";
import {
  aBoolean,
  knownKeys,
  nonEmptyString,
  nonNegativeMs,
  oneOf,
  positiveInteger,
  positiveMs,
  show,
  stringList,
} from "./options.ts";
import { runAlone, type Gather } from "./gather.ts";
import type { Outcome } from "./outcome.ts";
import {
  checkRepeats,
  resolveHedge,
  resolveRetry,
  resolveShare,
  type HedgeOptions,
  type ResolvedRetry,
  type RetryOptions,
  type ShareOptions,
} from "./repeats.ts";
import {
  createCheck,
  toJsonSchema,
  type Check,
  type JsonSchema,
  type Schema,
  type SchemaValue,
} from "./schema.ts";
import { resolveWork } from "./work.ts";

/** What a tool's function is given beside its input. */
export interface ToolContext {
  /**
   * Aborts when the call is to stop: its `reason` is a `Cancellation` that says why. A tool that ignores it is given up
   * on after `graceMs`.
   */
  readonly signal: AbortSignal;
  /** The call that is run. */
  readonly call: Call;
  /**
   * The same for every attempt of this call, and for this call after a restart: for back-ends that drop repeats. It is made
   * of the provider's id, so it is as unique as that is.
   */
  readonly idempotencyKey: string;
  /** The W3C `traceparent` of this attempt, if something traces it: for what no context of its own reaches. */
  readonly traceparent: string | undefined;
  /** Reports something to whoever listens to the events. It does not extend any deadline. */
  readonly progress: (value: unknown) => void;
  /**
   * Has `dispose` run once, when the attempt stops or is given up on: after success, error, timeout and abort alike. Last
   * registered, first run. The attempt ends after a promise it returns; what it throws is dropped.
   */
  readonly defer: (dispose: () => unknown) => void;
  /**
   * Runs calls inside this one, by the same rules, and resolves to one outcome per call, in order. The call lends them its
   * slot and its locks, so no limit and no lock can deadlock it. They may touch only what this call's effects cover; one
   * that touches more fails with `invalid-effects`. They never outlive this call.
   */
  readonly run: (calls: readonly CallRequest[]) => Promise<Outcome[]>;
}

/** What every tool says of itself, whatever does its work. */
export interface ToolFacts<S extends Schema = Schema, Output = unknown> {
  /** 1 to 64 letters, digits, `_` or `-`: what every provider accepts. */
  readonly name: string;
  /** What the tool does, for the model. */
  readonly description: string;
  /** The schema of the input: any Standard Schema validator, or JSON Schema. Its top level must be an object. */
  readonly input: S;
  /** The JSON Schema to tell the provider, for validators that cannot say it themselves. */
  readonly inputJsonSchema?: JsonSchema | undefined;
  /** The schema of what `execute` returns. What does not match it ends the call with `invalid-output`. */
  readonly output?: Schema<Output> | undefined;
  /** What the tool touches. */
  readonly effects: Effects<SchemaValue<S>>;
  /** Tools whose calls in the same batch come first, wherever they stand. */
  readonly after?: readonly string[] | undefined;
  /**
   * What becomes of a call when one that it depends on failed.
   *
   * @default "skip"
   */
  readonly onDependencyFailure?: "skip" | "run" | undefined;
  /**
   * Running attempts of this tool. Minimum: 1.
   *
   * @default Infinity
   */
  readonly concurrency?: number | undefined;
  /**
   * Pools of the executor whose capacity the tool's calls use; or a function of the validated input, such as
   * `({ url }) => ["host:" + new URL(url).host]`. If that throws, or names a pool that there is not, the call never runs.
   */
  readonly pools?: PoolNames<SchemaValue<S>> | undefined;
  /**
   * Milliseconds for one attempt, `Infinity` for no limit.
   *
   * @default the executor's
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds for the whole call, waiting included.
   *
   * @default Infinity
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Milliseconds that a call is expected to take, or a function of its validated input that tells. Where there are more
   * calls than may start, those with the longest expected path behind them start first. It is a hint: what it says wrong, or
   * throws, costs time at most.
   *
   * @default learned from the calls before
   */
  readonly expectedMs?: ExpectedMs<SchemaValue<S>> | undefined;
  /**
   * Whether a call may run more than once with the effect of one: because it only reads, and reading costs little; because
   * the back-end drops what comes again with the same `idempotencyKey`; or because it makes no difference. It is never
   * assumed, not even of a tool that reads.
   *
   * @default false
   */
  readonly idempotent?: boolean | undefined;
  /**
   * Whether a call that failed is tried again: if the error says that nothing has happened, or, for an `idempotent` tool,
   * if it may pass. `true` stands for the defaults of `RetryOptions`.
   *
   * @default the executor's
   */
  readonly retry?: boolean | RetryOptions | undefined;
  /**
   * Has a slow attempt of a reader joined by a second one; what comes first counts. Only for `idempotent` tools; calls inside
   * a call are not hedged.
   */
  readonly hedge?: HedgeOptions | undefined;
  /**
   * Whether identical calls that read run once, and each gets the result; for `idempotent` tools. With `ttlMs` a result is also
   * remembered.
   *
   * @default false
   */
  readonly share?: boolean | ShareOptions | undefined;
  /**
   * Whether a call runs only if `approve` of the executor says so; or a function of the validated input that tells. If that
   * throws, approval is needed.
   *
   * @default false
   */
  readonly needsApproval?: boolean | { fn(input: SchemaValue<S>): boolean }["fn"] | undefined;
}

/** What `defineTool` takes of a tool that is a function. */
export interface ToolOptions<S extends Schema = Schema, Output = unknown> extends ToolFacts<S, Output> {
  readonly gather?: undefined;
  readonly isolate?: undefined;
  readonly module?: undefined;
  /** Does the work. It may throw, return a value or a promise. */
  execute(input: SchemaValue<S>, context: ToolContext): Output | Promise<Output>;
}

/** What `defineTool` takes of a tool that does the work of several calls at once. */
export interface GatherToolOptions<S extends Schema = Schema, Output = unknown> extends ToolFacts<S, Output> {
  readonly gather: Gather<SchemaValue<S>, Output>;
  readonly isolate?: undefined;
  readonly module?: undefined;
  readonly execute?: undefined;
}

/** What `defineTool` takes of a tool that computes: its function is in a module, and runs in a thread. */
export interface ThreadToolOptions<S extends Schema = Schema, Output = unknown> extends ToolFacts<S, Output> {
  /** Runs each call in a thread of its own, which is killed when the call times out or is aborted. */
  readonly isolate: "thread";
  /** The module that exports `execute(input, context)`: a file URL, or an absolute path. */
  readonly module: string | URL;
  readonly gather?: undefined;
  readonly execute?: undefined;
}

/** The pools that a tool's calls use, or how to tell from an input. */
export type PoolNames<Input> = readonly string[] | { fn(input: Input): readonly string[] }["fn"];

/** How long a call is expected to take, or how to tell from an input. */
export type ExpectedMs<Input> = number | { fn(input: Input): number }["fn"];

/** A tool, checked and ready. Made by `defineTool`. */
export interface Tool<Input = never, Output = unknown> {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of the input, as the provider is told it. */
  readonly inputSchema: JsonSchema;
  readonly effects: Effects<Input>;
  readonly after: readonly string[];
  readonly onDependencyFailure: "skip" | "run";
  readonly concurrency: number;
  readonly pools: PoolNames<Input>;
  /** Undefined: the executor's. */
  readonly timeoutMs: number | undefined;
  readonly deadlineMs: number;
  /** Undefined: to be learned. */
  readonly expectedMs: ExpectedMs<Input> | undefined;
  readonly idempotent: boolean;
  /** Undefined: the executor's; `false`: never. */
  readonly retry: false | ResolvedRetry | undefined;
  readonly hedge: HedgeOptions | undefined;
  readonly share: ShareOptions | undefined;
  readonly gather: Gather<Input, Output> | undefined;
  readonly needsApproval: boolean | { fn(input: Input): boolean }["fn"];
  /** Its input is a list of calls, which run in its place: see `batchTool` and `planTool`. */
  readonly wraps: "calls" | "plan" | undefined;
  readonly checkInput: Check;
  readonly checkOutput: Check | undefined;
  /** The module whose `execute` runs in a thread, as a file URL or an absolute path; undefined: `execute` is the tool's own. */
  readonly module: string | undefined;
  execute(input: Input, context: ToolContext): Output | Promise<Output>;
}

const KEYS = [
  "name",
  "description",
  "input",
  "inputJsonSchema",
  "output",
  "effects",
  "after",
  "onDependencyFailure",
  "concurrency",
  "pools",
  "timeoutMs",
  "deadlineMs",
  "expectedMs",
  "idempotent",
  "retry",
  "hedge",
  "share",
  "gather",
  "needsApproval",
  "execute",
  "isolate",
  "module",
] as const;

/**
 * Defines a tool.
 *
 * @throws TypeError that names the option and what came
 */
export function defineTool<const S extends Schema, Output>(
  options: ToolOptions<S, Output> | GatherToolOptions<S, Output> | ThreadToolOptions<S, Output>,
): Tool<SchemaValue<S>, Output> {
  knownKeys("tool", options, KEYS);
  const name = nonEmptyString("name", options.name);
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw new TypeError(`\`name\` must be 1 to 64 letters, digits, "_" or "-", got "${name}"`);
  }
  checkEffects(name, options.effects);
  const { gather, module } = resolveWork(name, options);
  const idempotent = aBoolean("idempotent", options.idempotent ?? false);
  checkRepeats(name, { ...options, idempotent });
  return Object.freeze({
    name,
    description: nonEmptyString(`description\` of \`${name}`, options.description),
    inputSchema: toJsonSchema("input", options.inputJsonSchema ?? options.input),
    effects: options.effects,
    after: stringList("after", options.after ?? []),
    onDependencyFailure: oneOf("onDependencyFailure", ["skip", "run"], options.onDependencyFailure ?? "skip"),
    concurrency: positiveInteger("concurrency", options.concurrency ?? Infinity),
    pools:
      typeof options.pools === "function"
        ? options.pools
        : [...new Set(stringList("pools", options.pools ?? []))],
    timeoutMs: options.timeoutMs === undefined ? undefined : positiveMs("timeoutMs", options.timeoutMs),
    deadlineMs: positiveMs("deadlineMs", options.deadlineMs ?? Infinity),
    expectedMs:
      options.expectedMs === undefined || typeof options.expectedMs === "function"
        ? options.expectedMs
        : nonNegativeMs("expectedMs", options.expectedMs),
    idempotent,
    retry: options.retry === undefined ? undefined : resolveRetry("retry", options.retry),
    hedge: resolveHedge(options.hedge),
    share: resolveShare(options.share ?? false),
    gather,
    needsApproval:
      typeof options.needsApproval === "function"
        ? options.needsApproval
        : aBoolean("needsApproval", options.needsApproval ?? false),
    wraps: undefined,
    checkInput: createCheck("input", options.input),
    checkOutput: options.output === undefined ? undefined : createCheck("output", options.output),
    module,
    // Called on the options, so that an object whose `execute` uses `this` works.
    execute: (input: SchemaValue<S>, context: ToolContext) => {
      if (options.execute !== undefined) return options.execute(input, context);
      if (gather !== undefined) return runAlone(gather, input, context);
      throw new Error(`${name} is isolated, and this executor has no threads`);
    },
  });
}

function checkEffects(name: string, effects: unknown): void {
  if (typeof effects === "function" || ["none", "read", "write"].includes(effects as string)) return;
  throw new TypeError(
    `\`effects\` of \`${name}\` must be "none", "read", "write" or a function of the input, got ${show(effects)}`,
  );
}
