/**
 * Replays turns through Tutti's own executor, in virtual time: each call of a tool takes as long as the turn says. When the
 * tools ran is taken down by the tools themselves, not read off the events.
 */
import {
  createExecutor,
  defineTool,
  type BatchEvent,
  type CallRequest,
  type Effects,
  type Executor,
  type JsonSchema,
  type ToolContext,
} from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { Schedule, Span } from "./schedule.ts";

/** A tool as a replay needs it: it only takes time. */
export interface TimedTool {
  readonly name: string;
  readonly description: string;
  readonly input: JsonSchema;
  readonly effects: Effects<Readonly<Record<string, unknown>>>;
}

/** How a replay runs its turns. */
export interface ReplayOptions {
  readonly tools: readonly TimedTool[];
  /** Calls that run at once, at most. */
  readonly slots: number;
  /** Whether an input of `"$2"` is what call 2 returns. */
  readonly references: boolean;
  /** Whether inputs say how long their call takes, as `expectedMs`; otherwise Tutti learns it. */
  readonly told: boolean;
}

/** An executor, and how long the calls take that it is given. */
export class Replay {
  readonly #clock = new VirtualClock();
  readonly #executor: Executor;
  #durations: readonly number[] = [];
  #spans: Partial<Span>[] = [];
  #fromMs = 0;
  #happened = 0;

  constructor({ tools, slots, references, told }: ReplayOptions) {
    this.#executor = createExecutor({
      clock: this.#clock,
      concurrency: slots,
      references,
      timeoutMs: Infinity,
      tools: tools.map((tool) =>
        defineTool({
          ...tool,
          expectedMs: told ? ({ expectedMs }) => Number(expectedMs) : undefined,
          execute: (_: unknown, context: ToolContext) => this.#take(context.call.index),
        }),
      ),
    });
  }

  /**
   * Runs a turn, and resolves to when its calls ran.
   *
   * @throws if a call does not end well: nothing here fails
   */
  async turn(
    calls: readonly CallRequest[],
    durations: readonly number[],
    onEvent?: (event: BatchEvent) => void,
  ): Promise<Schedule> {
    this.#durations = durations;
    this.#spans = [];
    this.#fromMs = this.#clock.now();
    const running = this.#executor.run(calls, { onEvent });
    await this.#clock.runAll();
    for (const { call, error } of await running)
      if (error !== undefined) throw new Error(`${call.name} ended with ${error.code}: ${error.message}`);
    return calls.map((_, i) => this.#spans[i] as Span);
  }

  async #take(call: number): Promise<string> {
    const fromMs = this.#clock.now() - this.#fromMs;
    const startedAs = this.#happened++;
    await this.#clock.sleep(this.#durations[call] ?? 0);
    this.#spans[call] = {
      fromMs,
      startedAs,
      toMs: this.#clock.now() - this.#fromMs,
      endedAs: this.#happened++,
    };
    return "done";
  }
}
