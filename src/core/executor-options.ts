/** The options of an executor, and their defaults. */
import type { Approve } from "./approvals.ts";
import type { Eager, OnFailure } from "./batch.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { Listener } from "./event.ts";
import { aFunction, nonNegativeMs, oneOf, positiveInteger, positiveMs, show } from "./options.ts";
import { findCycle } from "./order.ts";
import type { CreatePool } from "./pool.ts";
import type { PoolFacts } from "./pools.ts";
import type { ReferenceMode } from "./reference.ts";
import type { ResultEncoder } from "./result.ts";
import type { CreateSecondAttempts } from "./second-attempts.ts";
import type { Tool } from "./tool.ts";

/** The options of an executor that the engine itself reads. */
export interface EngineOptions {
  readonly tools: readonly Tool[];
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
  /**
   * Says whether a call of a tool with `needsApproval` may run; without it such tools are refused at construction. See
   * `Approve`.
   */
  readonly approve?: Approve | undefined;
  /**
   * Whether the model may refer to the results of other calls of its turn: an input value that is exactly `"$2.city.name"`
   * is the value at `city.name` of what call 2 returns. `"template"` reads such texts inside longer ones too.
   *
   * @default false
   */
  readonly references?: boolean | "template" | undefined;
  /** Hears of every event of every batch. See `Listener`. */
  readonly onEvent?: Listener | undefined;
  /**
   * Where time comes from.
   *
   * @default the platform's clock
   */
  readonly clock?: Clock | undefined;
}

/** What the engine is put together with: its limits, which are made above it. */
export interface EngineParts {
  readonly createPool: CreatePool;
  /** The pools of the options, of computed names too. */
  readonly pools: readonly PoolFacts[];
  /** The pools that there are from the start. */
  readonly poolNames: readonly string[];
  /** Whether a pool of this name may be had. */
  readonly hasPool: (name: string) => boolean;
  readonly secondAttempts: CreateSecondAttempts;
  readonly results: ResultEncoder;
  /** Called when the executor has shut down. */
  readonly onShutdown: () => Promise<void>;
}

/** The options with their defaults. */
export type ResolvedEngineOptions = ReturnType<typeof resolveEngineOptions>;

/** The names of the options. */
export const ENGINE_KEYS = [
  "tools",
  "concurrency",
  "timeoutMs",
  "deadlineMs",
  "graceMs",
  "maxCalls",
  "eager",
  "onFailure",
  "approve",
  "references",
  "onEvent",
  "clock",
] as const;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveEngineOptions(options: EngineOptions, parts: EngineParts) {
  if (options.onEvent !== undefined) aFunction("onEvent", options.onEvent);
  if (options.clock !== undefined) checkClock(options.clock);
  if (options.approve !== undefined) aFunction("approve", options.approve);
  const tools = resolveTools(options.tools, parts.hasPool);
  return {
    ...parts,
    tools,
    approve: options.approve ?? approverFor(tools),
    awaited: new Set([...tools.values()].flatMap((tool) => tool.after)),
    concurrency: positiveInteger("concurrency", options.concurrency ?? 10),
    timeoutMs: positiveMs("timeoutMs", options.timeoutMs ?? 60_000),
    deadlineMs: positiveMs("deadlineMs", options.deadlineMs ?? Infinity),
    graceMs: nonNegativeMs("graceMs", options.graceMs ?? 1_000),
    maxCalls: positiveInteger("maxCalls", options.maxCalls ?? 128),
    eager: oneOf("eager", ["off", "reads", "all"], options.eager ?? "reads"),
    onFailure: oneOf("onFailure", ["continue", "cancel-siblings"], options.onFailure ?? "continue"),
    references: resolveReferences(options.references ?? false),
    listener: options.onEvent,
    clock: options.clock ?? systemClock,
  };
}

function resolveReferences(references: unknown): ReferenceMode | undefined {
  if (typeof references === "boolean") return references ? "exact" : undefined;
  if (references === "template") return references;
  throw new TypeError(`\`references\` must be true, false or "template", got ${show(references)}`);
}

function checkClock(clock: Partial<Clock>): void {
  if (typeof clock !== "object" || clock === null)
    throw new TypeError(`\`clock\` must be a Clock, got ${show(clock)}`);
  for (const method of ["now", "setTimer", "clearTimer"] as const)
    aFunction(`clock.${method}`, clock[method]);
}

/** Where nobody can be asked, no tool may need it. */
function approverFor(tools: ReadonlyMap<string, Tool>): Approve {
  for (const { name, needsApproval } of tools.values()) {
    if (needsApproval !== false)
      throw new TypeError(`\`${name}\` needs approval, and there is no \`approve\` to ask`);
  }
  return () => "deny";
}

function resolveTools(tools: unknown, hasPool: (name: string) => boolean): ReadonlyMap<string, Tool> {
  if (!Array.isArray(tools)) throw new TypeError(`\`tools\` must be an array of tools, got ${show(tools)}`);
  const byName = new Map<string, Tool>();
  for (const [i, tool] of (tools as Tool[]).entries()) {
    if (typeof tool?.checkInput !== "function") {
      throw new TypeError(`\`tools[${i}]\` must come from defineTool, got ${show(tool)}`);
    }
    if (byName.has(tool.name)) throw new TypeError(`\`tools\` has two tools called \`${tool.name}\``);
    byName.set(tool.name, tool);
    for (const pool of typeof tool.pools === "function" ? [] : tool.pools) {
      if (!hasPool(pool))
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
