/** From what the model said to a turn: the same for a whole answer and for a stream, be it cut off or not. */
import { modelName } from "../model-name.ts";
import type { StopReason, Turn, Usage } from "../wire.ts";
import type { ChatCall } from "./calls.ts";
import type { ChatAssistantMessage, ChatMessage, ChatUsage } from "./protocol.ts";

/** What is known of an answer. */
export interface ChatAnswer {
  readonly content: string;
  readonly refusal: string;
  /** The fields that hold the model's reasoning, as they go back. */
  readonly reasoning: Readonly<Record<string, unknown>>;
  /** The calls that are final (G9). */
  readonly committed: readonly ChatCall[];
  /** The calls behind them, which were cut off. */
  readonly cut: readonly ChatCall[];
  readonly stop: StopReason;
  readonly usage: ChatUsage | undefined;
  readonly model: string | null | undefined;
}

/** Reasons beside "stop", "tool_calls" and "function_call"; servers have words of their own. */
const STOPS: ReadonlyMap<string, StopReason> = new Map([
  ["length", "truncated"],
  ["max_tokens", "truncated"],
  // Mistral, z.ai: the context is full.
  ["model_length", "truncated"],
  ["model_context_window_exceeded", "truncated"],
  // DeepSeek: "interrupted due to insufficient resource of the inference system".
  ["insufficient_system_resource", "truncated"],
  // vLLM, when its engine gives up a request or sees a loop. https://github.com/vllm-project/vllm/issues/57082
  ["abort", "truncated"],
  ["repetition", "truncated"],
  // watsonx
  ["time_limit", "truncated"],
  ["cancelled", "truncated"],
  ["content_filter", "refused"],
  // z.ai's filter
  ["sensitive", "refused"],
]);

/** Reasons that are errors. z.ai's is an inference that failed: https://github.com/BerriAI/litellm/pull/24373 */
const ERRORS: ReadonlySet<string> = new Set(["error", "network_error"]);

/** Whether a finish reason says that the server failed. */
export function isFailure(reason: string): boolean {
  return ERRORS.has(reason);
}

/** What a finish reason says. One that is not known, or not among these, says that the model had finished. */
export function stopOf(reason: string): StopReason {
  return STOPS.get(reason) ?? "end";
}

/** The turn that an answer is. */
export function toTurn(answer: ChatAnswer): Turn<ChatMessage> {
  const { content, refusal, reasoning, committed, cut, usage, model } = answer;
  const calls = [...committed, ...cut];
  const message: ChatAssistantMessage = {
    role: "assistant",
    content: content === "" ? null : content,
    ...(refusal !== "" && { refusal }),
    ...reasoning,
    ...(calls.length > 0 && { tool_calls: calls.map(({ entry }) => entry) }),
  };
  return {
    messages: content === "" && refusal === "" && calls.length === 0 ? [] : [message],
    calls: [
      ...committed.map(({ request }) => request),
      ...cut.map(({ request }) => ({ ...request, truncated: true })),
    ],
    text: content,
    stop: answer.stop === "end" ? endOf(answer) : answer.stop,
    usage: toUsage(usage),
    ...modelName(model),
  };
}

/** What decides is whether there are calls: servers say "stop" although there are some. */
function endOf({ committed, refusal }: ChatAnswer): StopReason {
  if (committed.length > 0) return "calls";
  return refusal === "" ? "end" : "refused";
}

function toUsage(usage: ChatUsage | undefined): Usage {
  const inputTokens = usage?.prompt_tokens ?? 0;
  const outputTokens = usage?.completion_tokens ?? 0;
  return {
    inputTokens,
    // xAI and Gemini leave reasoning out of `completion_tokens`, but not out of the total.
    outputTokens: Math.max(outputTokens, (usage?.total_tokens ?? 0) - inputTokens),
    cachedInputTokens:
      usage?.prompt_tokens_details?.cached_tokens ??
      usage?.cached_tokens ??
      usage?.prompt_cache_hit_tokens ??
      0,
  };
}
