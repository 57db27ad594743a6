/** What a run is started with, checked once. */
import type { Eager, Parallel } from "../core/batch.ts";
import type { Executor } from "../core/executor.ts";
import { aFunction, knownKeys, nonEmptyString, oneOf, positiveInteger, show } from "../core/options.ts";
import type { Model } from "../model/model.ts";
import { NUDGES, type Nudge } from "./nudge.ts";
import type { RunListener } from "./run-event.ts";

/** What `runAgent` takes: at least one of `prompt` and `messages`. */
export interface RunOptions<Message> {
  readonly model: Model<Message>;
  readonly executor: Executor;
  /** What the user says. With `messages` it comes behind them. */
  readonly prompt?: string | undefined;
  /** The history so far, in the provider's own words, such as the `messages` of an earlier result. */
  readonly messages?: readonly Message[] | undefined;
  readonly system?: string | undefined;
  /**
   * Turns that the model may take. Minimum: 1.
   *
   * @default 20
   */
  readonly maxTurns?: number | undefined;
  /**
   * How often a turn whose response breaks off is asked for again. Requests that fail are retried by the client.
   *
   * @default 2
   */
  readonly streamRetries?: number | undefined;
  /** Which calls may start while the model still streams. @default the executor's */
  readonly eager?: Eager | undefined;
  /**
   * Whether the model may ask for several calls in a turn. `"one-at-a-time"` is told to the provider where it takes that, and
   * holds in any case: what arrives all the same is run one by one, and all of it is answered.
   *
   * @default "auto"
   */
  readonly parallel?: Parallel | undefined;
  /**
   * Words that have the model make its calls together: `"mild"` and `"strong"` go behind the system prompt, `"per-turn"` behind
   * the results of each turn.
   *
   * @default none
   */
  readonly nudge?: Nudge | undefined;
  /** Hears of every event. See `RunListener`. */
  readonly onEvent?: RunListener | undefined;
  /** Aborts the run: it then ends soon, as `aborted`, with a history that the provider accepts (G6). */
  readonly signal?: AbortSignal | undefined;
}

/** Options with their defaults, and the history that the run begins with. */
export type ResolvedRun<Message> = ReturnType<typeof resolveRunOptions<Message>>;

const PARALLEL: readonly Parallel[] = ["auto", "one-at-a-time"];

const KEYS = [
  "model",
  "executor",
  "prompt",
  "messages",
  "system",
  "maxTurns",
  "streamRetries",
  "eager",
  "parallel",
  "nudge",
  "onEvent",
  "signal",
];

/**
 * Checks the options.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveRunOptions<Message>(options: RunOptions<Message>) {
  knownKeys("runAgent", options, KEYS);
  const { model, executor, prompt, messages, system, onEvent, signal } = options;
  if (typeof model?.request !== "function") {
    throw new TypeError(`\`model\` must be a model, such as anthropicModel makes, got ${show(model)}`);
  }
  if (typeof executor?.open !== "function") {
    throw new TypeError(`\`executor\` must come from createExecutor, got ${show(executor)}`);
  }
  if (onEvent !== undefined) aFunction("onEvent", onEvent);
  if (prompt === undefined && messages === undefined) {
    throw new TypeError("runAgent needs a `prompt` or `messages`, or both");
  }
  if (messages !== undefined && !Array.isArray(messages)) {
    throw new TypeError(`\`messages\` must be an array, got ${show(messages)}`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`\`signal\` must be an AbortSignal, got ${show(signal)}`);
  }
  const { streamRetries = 2 } = options;
  const parallel = oneOf("parallel", PARALLEL, options.parallel ?? "auto");
  const nudge = options.nudge && oneOf("nudge", NUDGES, options.nudge);
  if (nudge !== undefined && parallel === "one-at-a-time") {
    throw new TypeError(
      '`nudge` asks for several calls in a turn, which `parallel: "one-at-a-time"` forbids',
    );
  }
  const eager = options.eager && oneOf("eager", ["off", "reads", "all"], options.eager);
  return {
    model,
    executor,
    history:
      prompt === undefined
        ? [...(messages ?? [])]
        : [
            ...model.wire.repair(messages ?? [], { next: "user" }),
            model.wire.user(nonEmptyString("prompt", prompt)),
          ],
    system,
    maxTurns: positiveInteger("maxTurns", options.maxTurns ?? 20),
    streamRetries: streamRetries === 0 ? 0 : positiveInteger("streamRetries", streamRetries),
    eager,
    parallel,
    nudge,
    // One call at a time has no other call to refer to.
    references: parallel === "one-at-a-time" ? undefined : executor.references,
    onEvent,
    signal,
  };
}
