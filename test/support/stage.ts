/**
 * A stage: tools whose calls end when the test says so, on a clock that stands still.
 *
 * Every call is known by its label, which is the `as` of its input, or else the name of its tool. Most tests need one tool,
 * `touch`, whose input says what it reads and writes.
 */
import assert from "node:assert/strict";
import {
  createExecutor,
  defineTool,
  type BatchEvent,
  type CallError,
  type CallRequest,
  type Executor,
  type ExecutorOptions,
  type JsonSchema,
  type Outcome,
  type Schema,
  type StandardSchema,
  type Tool,
  type ToolContext,
  type ToolFacts,
  type Wait,
} from "../../src/index.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";

/** What the input of a stage's tool may say. */
export interface Part {
  /** The call's label. */
  readonly as?: string | undefined;
  readonly reads?: readonly string[] | undefined;
  readonly writes?: readonly string[] | undefined;
  /** Ends with the signal's reason when that aborts; without it, the tool is deaf. */
  readonly obeys?: boolean | undefined;
}

/** One run of a tool's function. */
export interface Visit {
  readonly label: string;
  readonly context: ToolContext;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

type StageTool = Partial<Omit<ToolFacts<JsonSchema>, "input">> & {
  readonly input?: Schema;
  readonly execute?: (input: never, context: ToolContext) => unknown;
};

const ANY_OBJECT = { type: "object" } as const;

/** Tools, a clock, and all that happens. */
export class Stage {
  readonly clock = new VirtualClock();
  readonly events: BatchEvent[] = [];
  readonly #visits: Visit[] = [];
  readonly #labels = new Map<string, string>();

  /** A tool whose calls the test ends; its effects are those of its input, unless the options say otherwise. */
  tool(name: string, options: StageTool = {}): Tool {
    return defineTool({
      name,
      description: name,
      input: ANY_OBJECT,
      effects: ({ reads, writes }: Part) => ({ reads, writes }),
      execute: (input: Part, context) => this.enter(input, context),
      ...options,
    }) as Tool;
  }

  /** An executor on the stage's clock whose events it keeps; with a `touch` tool unless the options name others. */
  executor(options: Partial<ExecutorOptions> = {}): Executor {
    return createExecutor({
      tools: [this.tool("touch")],
      clock: this.clock,
      onEvent: (event) => {
        this.events.push(event);
        if (event.type === "call.queued") this.#labels.set(event.call.key, labelOf(event.call));
      },
      ...options,
    });
  }

  /** Who has started, in that order. */
  get started(): string[] {
    return this.#visits.map(({ label }) => label);
  }

  /** The run of the call with this label. */
  visit(label: string): Visit {
    const found = this.#visits.find((visit) => visit.label === label);
    assert.ok(found, `${label} has not started; ${this.started.join(", ")} have`);
    return found;
  }

  /** Ends a call well, and lets everything follow from it. */
  async finish(label: string, value: unknown = `${label} done`): Promise<void> {
    this.visit(label).resolve(value);
    await this.settle();
  }

  /** Ends a call badly, and lets everything follow from it. */
  async fail(label: string, reason: unknown = new Error(`${label} failed`)): Promise<void> {
    this.visit(label).reject(reason);
    await this.settle();
  }

  /** Ends the latest attempt of the call well. */
  async finishLast(label: string, value: unknown = `${label} done`): Promise<void> {
    this.#last(label).resolve(value);
    await this.settle();
  }

  /** Ends every attempt that has started well. */
  finishAll(): void {
    for (const visit of this.#visits) visit.resolve(`${visit.label} done`);
  }

  /** Ends the latest attempt of the call badly. */
  async failLast(label: string, reason: unknown = new Error(`${label} failed`)): Promise<void> {
    this.#last(label).reject(reason);
    await this.settle();
  }

  /** Lets everything happen that needs no time. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  /** What the call with this label has waited for, by its events. */
  waits(label: string): readonly Wait[] | undefined {
    for (const event of this.events) {
      if (event.type !== "call.started" && event.type !== "call.settled") continue;
      if (this.#labels.get(event.call) === label && event.waits !== undefined) return event.waits;
    }
    return undefined;
  }

  /** The events of one type as the labels of their calls, in order. */
  heard(
    type: "call.queued" | "call.started" | "call.settled" | "attempt.abandoned" | "attempt.stopped",
  ): string[] {
    return this.events.flatMap((event) => {
      if (event.type !== type) return [];
      return [this.#labels.get(typeof event.call === "string" ? event.call : event.call.key) as string];
    });
  }

  /** What `touch` does: the call is on the stage until the test ends it. */
  enter(input: Part, context: ToolContext): Promise<unknown> {
    const end = deferred<unknown>();
    if (input.obeys === true) {
      const { signal } = context;
      signal.addEventListener("abort", () => end.reject(signal.reason), { once: true });
    }
    this.#visits.push({
      label: labelOf(context.call),
      context,
      resolve: (value) => end.resolve(value),
      reject: (reason) => end.reject(reason),
    });
    return end.promise;
  }

  #last(label: string): Visit {
    const found = this.#visits.findLast((visit) => visit.label === label);
    assert.ok(found, `${label} has not started; ${this.started.join(", ")} have`);
    return found;
  }
}

/** A Standard Schema with this check, such as any validator library makes them. */
export function schemaOf(validate: StandardSchema["~standard"]["validate"]): StandardSchema {
  return {
    "~standard": { version: 1, vendor: "test", validate, jsonSchema: { input: () => ({ type: "object" }) } },
  };
}

/** An executor whose `touch` tool uses these pools, and no other limit; its `free` tool uses none. */
export function pooled(
  pools: NonNullable<ExecutorOptions["pools"]>,
  options: Partial<ExecutorOptions> = {},
  tool: StageTool = {},
): { readonly stage: Stage; readonly executor: Executor } {
  const stage = new Stage();
  const tools = [stage.tool("touch", { pools: Object.keys(pools), ...tool }), stage.tool("free")];
  return { stage, executor: stage.executor({ tools, pools, concurrency: Infinity, ...options }) };
}

/** So many calls of the `touch` tool, labelled from 1 on. */
export function calls(count: number, prefix = ""): CallRequest[] {
  return Array.from({ length: count }, (_, i) => touch(`${prefix}${i + 1}`));
}

/** A call of the `touch` tool. */
export function touch(as: string, part: Omit<Part, "as"> = {}): CallRequest {
  return { id: as, name: "touch", input: { as, ...part } };
}

/** Outcomes, in short: the output of those that are ok, the code of the others. */
export function brief(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.map(({ output, error }) => (error === undefined ? output : error.code));
}

/** The error of an outcome, which must have one. */
export function errorOf(outcome: Outcome | undefined): CallError {
  assert.ok(outcome?.error, `it ended ${outcome?.status}`);
  return outcome.error;
}

function labelOf({ name, input }: { readonly name: string; readonly input: unknown }): string {
  return (input as Part | null)?.as ?? name;
}
