/**
 * A trace, read: the turns and calls of an executor as stretches of time. Plain data, made of events by `readTrace`; whoever
 * draws or counts, in a terminal, in a browser or for OpenTelemetry, starts from it. Times are milliseconds from its start.
 */
import type { Call } from "../core/call.ts";
import type { WaitFor } from "../core/event.ts";
import type { PoolFacts } from "../core/pools.ts";
import type { RunStatus, StopReason, Usage } from "../core/model-turn.ts";
import type { CallError, OutcomeStatus } from "../core/outcome.ts";
import type { EncodedResult } from "../core/result.ts";

/** What was told of an executor at the start of a trace. */
export interface TracedExecutor {
  /** Slots there are. */
  readonly concurrency: number;
  readonly tools: readonly TracedTool[];
  /** The pools of its options. */
  readonly pools: readonly PoolFacts[];
}

/** What is known of a tool. */
export interface TracedTool {
  readonly name: string;
  readonly description?: string | undefined;
  /** `by-input` where it depends on the input. */
  readonly effects: "none" | "read" | "write" | "by-input";
  /** @default none */
  readonly concurrency?: number | undefined;
}

/** What happened in an executor, as far as the events went. */
export interface Trace {
  /** The start on the clock of the events. */
  readonly startedAt: number;
  /** The start by the calendar, in milliseconds since 1970; undefined if the trace does not say. */
  readonly startedOn: number | undefined;
  /** When the last event came. */
  readonly endMs: number;
  readonly executor: TracedExecutor | undefined;
  readonly runs: readonly TracedRun[];
  /** In the order of their start. */
  readonly turns: readonly TracedTurn[];
  /** In the order in which they came; a call inside another behind that one. */
  readonly calls: readonly TracedCall[];
}

/** A run. */
export interface TracedRun {
  /** `r1`. */
  readonly name: string;
  readonly fromMs: number;
  /** Undefined while it goes on, or where the trace breaks off. */
  readonly toMs: number | undefined;
  readonly status: RunStatus | "going";
}

/** A turn, or a batch that nobody said the turn of. */
export interface TracedTurn {
  /** Unique in the trace: `r1/2`, `t3` for one of no run, `b4` for a batch of no turn; `r1/2/2` when it is asked for again. */
  readonly key: string;
  readonly run: string | undefined;
  /** The number of the turn; undefined for a batch of no turn. */
  readonly turn: number | undefined;
  /** The protocol, and what the model is called by who asks it, where they are known. */
  readonly wire: string | undefined;
  readonly model: string | undefined;
  /** What the provider calls the model that answered, if it said. */
  readonly responseModel: string | undefined;
  readonly batch: string | undefined;
  readonly fromMs: number;
  /** When the model had stopped; undefined while it writes, and for a batch of no turn. */
  readonly modelToMs: number | undefined;
  /** When the last result was there; undefined while one is missing. Not before `modelToMs`. */
  readonly toMs: number | undefined;
  readonly status: "going" | "ended" | "broken";
  readonly stop: StopReason | undefined;
  readonly usage: Usage | undefined;
  readonly text: string;
  readonly error: ThrownFacts | undefined;
}

/** What was thrown, as far as a trace can say. */
export interface ThrownFacts {
  readonly name?: string | undefined;
  readonly message: string;
  /** Of a `TuttiError`. */
  readonly code?: string | undefined;
  /** Of a `Cancellation`: who stopped it. */
  readonly by?: string | undefined;
}

/** How a call ended, if it has. */
export type CallStatus = "going" | OutcomeStatus;

/** A call. */
export interface TracedCall {
  /** Unique in the executor: `b1.2`. */
  readonly key: string;
  readonly call: Call;
  readonly batch: string;
  /** The key of its turn. */
  readonly turn: string | undefined;
  /** The key of the call that it runs inside of, or of the wrapper that holds it. */
  readonly parent: string | undefined;
  /** Which attempt of that one makes it; undefined in a wrapper. */
  readonly parentAttempt: number | undefined;
  /** How many calls it is inside of. */
  readonly depth: number;
  /** Whether it is a list or a plan of calls, which does nothing itself. */
  readonly isWrapper: boolean;
  /** When the model had committed it. */
  readonly queuedMs: number;
  /** When its first attempt started; undefined if none has. */
  readonly startedMs: number | undefined;
  readonly settledMs: number | undefined;
  /** From `queuedMs` to `settledMs`, without a gap: waits, and the attempts that its end came of. */
  readonly stretches: readonly Stretch[];
  /** In the order of their start; two of them overlap where one is a hedge. */
  readonly attempts: readonly TracedAttempt[];
  readonly pools: readonly string[];
  readonly status: CallStatus;
  /** What the tool returned. */
  readonly output: unknown;
  readonly error: CallError | undefined;
  /** What the model read. */
  readonly answer: EncodedResult | undefined;
  readonly progress: readonly { readonly atMs: number; readonly value: unknown }[];
}

/** What a call waits for; `unknown` while it has not been told, and for time in which other code held the thread. */
export type TracedWait = WaitFor | { readonly for: "unknown" };

/** A stretch of a call's time. */
export type Stretch =
  | {
      readonly kind: "wait";
      readonly wait: TracedWait;
      readonly fromMs: number;
      readonly toMs: number | undefined;
    }
  /** An attempt, or two at once. `failed` is one that is followed by another. */
  | { readonly kind: "running" | "failed"; readonly fromMs: number; readonly toMs: number | undefined };

/** One execution of a tool's function. */
export interface TracedAttempt {
  /** From 1. */
  readonly number: number;
  readonly as: "first" | "retry" | "hedge";
  readonly fromMs: number;
  readonly toMs: number | undefined;
  /** When it was given up on, and its slots were free, though it ran on. */
  readonly abandonedMs: number | undefined;
  /** `lost` is the slower of two, `abandoned` one that ignored its signal. */
  readonly status: "going" | "ok" | "failed" | "lost" | "abandoned" | "stopped";
  readonly error: CallError | undefined;
}
