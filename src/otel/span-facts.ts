/**
 * What is told of runs, turns, calls and attempts as spans, by the semantic conventions for generative AI. Live spans and those that
 * are made of a trace file are told the same. Nothing here needs OpenTelemetry.
 *
 * What the conventions have no name for is called `tutti.…`. A call's waiting is told as attributes, apart from its running.
 */
import type { CallError } from "../core/outcome.ts";
import type { StopReason, Usage } from "../core/model-turn.ts";
import { toText } from "../results/text.ts";
import type { ContentPlace } from "../trace/content.ts";
import { workedMs } from "../trace/figures.ts";
import type { Redactor } from "../trace/redactor.ts";
import type { Trace, TracedAttempt, TracedCall, TracedRun, TracedTurn } from "../trace/trace.ts";
import { tellPath, timeAttributes, type TimeFacts } from "./time-facts.ts";
import { waitAttributes } from "./wait-facts.ts";

/** What a span says; attributes that are undefined are left out. */
export interface SpanFacts {
  readonly name: string;
  /** `client`: the other side is elsewhere. */
  readonly kind: "internal" | "client";
  readonly attributes: Readonly<Record<string, SpanValue | undefined>>;
  /** Undefined for what went well, and for what goes on. */
  readonly error: { readonly type: string; readonly message: string } | undefined;
}

/** The value of an attribute. */
export type SpanValue = string | number | boolean | string[];

/** What is known beside the trace. */
export interface SpanOptions {
  /** What the agent is called. */
  readonly agent: string | undefined;
  /** Who answers, if it is not who the protocol is named after. */
  readonly provider: string | undefined;
  /** What stands for content; undefined if it is told whole. */
  readonly redactor: Redactor | undefined;
}

/** What the conventions call those who speak a protocol. */
const PROVIDERS: Readonly<Record<string, string>> = {
  "anthropic-messages": "anthropic",
  "openai-chat": "openai",
  "openai-responses": "openai",
  gemini: "gcp.gemini",
};

/** What the conventions call the reasons for which a model stops; they have no word for a pause. */
const FINISH_REASONS: Readonly<Record<StopReason, string>> = {
  calls: "tool_call",
  end: "stop",
  truncated: "length",
  refused: "content_filter",
  paused: "paused",
};

/** What is known of a run beside itself. */
export interface RunParts {
  readonly turns: readonly TracedTurn[];
  /** Undefined while it goes on. */
  readonly time: TimeFacts | undefined;
}

/** The span of a run: `invoke_agent`. */
export function runFacts(
  { name, status }: TracedRun,
  { turns, time }: RunParts,
  { agent, provider }: SpanOptions,
): SpanFacts {
  const failed = status === "failed" || status === "aborted";
  const usages = turns.flatMap((turn) => usageOf(turn) ?? []);
  const sum = (of: (usage: (typeof usages)[number]) => number) =>
    usages.length === 0 ? undefined : usages.reduce((total, usage) => total + of(usage), 0);
  return {
    name: agent === undefined ? "invoke_agent" : `invoke_agent ${agent}`,
    kind: "internal",
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": agent,
      "gen_ai.provider.name": turns[0] && providerOf(turns[0], provider),
      "gen_ai.request.model": turns[0]?.model,
      "gen_ai.usage.input_tokens": sum(({ inputTokens }) => inputTokens),
      "gen_ai.usage.output_tokens": sum(({ outputTokens }) => outputTokens),
      "error.type": failed ? status : undefined,
      "tutti.run": name,
      "tutti.status": status,
      "tutti.turns": turns.length,
      ...(time !== undefined && timeAttributes(time)),
    },
    error: failed ? { type: status, message: `the run ended ${status}` } : undefined,
  };
}

/** What is known of a turn beside itself, once it is over. */
export interface TurnParts {
  /** The part of the trace that is the turn's. */
  readonly trace: Trace;
  readonly time: TimeFacts;
}

/** The span of a turn: the model's response, and its calls until the last result is there. */
export function turnFacts(
  { run, turn }: TracedTurn,
  parts: TurnParts | undefined,
  { redactor }: SpanOptions,
): SpanFacts {
  return {
    name: `turn ${turn}`,
    kind: "internal",
    attributes: {
      "tutti.run": run,
      "tutti.turn": turn,
      ...(parts !== undefined && {
        ...timeAttributes(parts.time),
        "tutti.critical_path": tellPath(parts.trace, redactor),
      }),
    },
    error: undefined,
  };
}

/** The span of a model's response: `chat`. */
export function chatFacts(turn: TracedTurn, { provider, redactor }: SpanOptions): SpanFacts {
  const { model, stop, error } = turn;
  const usage = usageOf(turn);
  const type = error && (error.code ?? error.name ?? "model-failed");
  return {
    name: model === undefined ? "chat" : `chat ${model}`,
    kind: "client",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": providerOf(turn, provider),
      "gen_ai.request.model": model,
      "gen_ai.response.model": turn.responseModel,
      "gen_ai.response.finish_reasons": stop && [FINISH_REASONS[stop]],
      "gen_ai.usage.input_tokens": usage?.inputTokens,
      "gen_ai.usage.output_tokens": usage?.outputTokens,
      "gen_ai.usage.cache_read.input_tokens": usage?.cachedInputTokens,
      "error.type": type,
      "tutti.run": turn.run,
      "tutti.turn": turn.turn,
    },
    error:
      error === undefined || type === undefined
        ? undefined
        : { type, message: redactor?.thrown(error) ?? error.message },
  };
}

/** The span of a call: `execute_tool`, from its arrival to its end. */
export function callFacts(
  traced: TracedCall,
  calls: ReadonlyMap<string, TracedCall>,
  { redactor }: SpanOptions,
): SpanFacts {
  const { call, key, batch, status, attempts, stretches, settledMs } = traced;
  const over = settledMs !== undefined;
  const content = (value: unknown, what: "input" | "output") =>
    value === undefined ? undefined : textOf(redactor, value, { what, call: key, tool: call.name });
  return {
    // What a model called that there is not may be anything.
    name: traced.error?.code === "unknown-tool" ? "execute_tool" : `execute_tool ${call.name}`,
    kind: "internal",
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": call.name,
      "gen_ai.tool.call.id": call.id,
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.arguments": content(call.input, "input"),
      "gen_ai.tool.call.result": status === "ok" ? content(traced.output, "output") : undefined,
      "error.type": traced.error?.code,
      "tutti.call": key,
      "tutti.call.index": call.index,
      "tutti.batch": batch,
      "tutti.status": status,
      "tutti.attempts": over ? attempts.length : undefined,
      "tutti.running_ms": over ? workedMs({ stretches }, settledMs) : undefined,
      "tutti.may_have_taken_effect": traced.error?.mayHaveTakenEffect,
      ...(over ? waitAttributes({ traced, calls, redactor }) : undefined),
    },
    error: errorOf(traced.error, traced, redactor),
  };
}

/** The span of an attempt, from its start to when it stopped. */
export function attemptFacts(
  { number, as, status, error }: TracedAttempt,
  traced: TracedCall,
  { redactor }: SpanOptions,
): SpanFacts {
  return {
    name: `attempt ${traced.call.name}`,
    kind: "internal",
    attributes: {
      "gen_ai.tool.name": traced.call.name,
      "error.type": error?.code,
      "tutti.call": traced.key,
      "tutti.attempt": number,
      "tutti.attempt.as": as,
      "tutti.attempt.status": status,
    },
    error: errorOf(error, traced, redactor),
  };
}

function errorOf(
  error: CallError | undefined,
  { key, call }: TracedCall,
  redactor: Redactor | undefined,
): SpanFacts["error"] {
  if (error === undefined) return undefined;
  const where = { what: "error", call: key, tool: call.name } as const;
  const { message } = redactor?.error(error, where) ?? error;
  return { type: error.code, message };
}

function textOf(redactor: Redactor | undefined, value: unknown, where: ContentPlace): string | undefined {
  if (redactor === undefined) return toText(value);
  const redacted = redactor.content(value, where);
  return redacted === undefined ? undefined : toText(redacted);
}

/** What a response took, if it said so. */
function usageOf({ usage }: TracedTurn): Usage | undefined {
  return usage && usage.inputTokens + usage.outputTokens > 0 ? usage : undefined;
}

function providerOf({ wire }: TracedTurn, said: string | undefined): string | undefined {
  return said ?? (wire === undefined ? undefined : (PROVIDERS[wire] ?? wire));
}
