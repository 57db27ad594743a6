/** A response of Chat Completions as a whole, and what it shares with the stream: ids, arguments, the reason to stop. */
import type { StopReason } from "../../wire/wire.ts";
import { saidOf, type Timeline } from "../pacing.ts";
import type { Reply } from "../protocol.ts";
import type { CallBlock } from "../scenario.ts";

/** The second in which all simulated responses were made. */
const CREATED = 1_790_000_000;

/** The response as a client gets it that did not ask for a stream. */
export function writeMessage(reply: Reply): Record<string, unknown> {
  const { timeline } = reply;
  const started = timeline.beats.flatMap((beat) => (beat.kind === "block-start" ? [beat.block] : []));
  const textsOf = (kind: "text" | "thinking") =>
    started
      .filter((index) => timeline.blocks[index]?.kind === kind)
      .map((index) => saidOf(timeline, index))
      .join("");
  const calls = started.flatMap((index) => {
    const block = timeline.blocks[index];
    return block?.kind === "call" ? [wholeCall(reply, { block, index })] : [];
  });
  const [content, reasoning] = [textsOf("text"), textsOf("thinking")];
  const message = {
    role: "assistant",
    content: content === "" ? null : content,
    refusal: null,
    ...(reasoning !== "" && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    ...envelope(reply, "chat.completion"),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(reply) }],
    usage: usageOf(reply),
  };
}

/** What a response says of itself before it says anything else. */
export function envelope({ token, model }: Reply, object: string): Record<string, unknown> {
  return { id: `chatcmpl-${token}`, object, created: CREATED, model, system_fingerprint: "fp_simulated" };
}

/** Usage as the provider reports it. */
export function usageOf({ usage }: Reply): Record<string, unknown> {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

/** The provider's word for why the model stopped. */
export function finishReason({ timeline, quirks }: Reply): string | null {
  const last = timeline.beats.at(-1);
  if (last?.kind !== "stop") return null;
  // DSpark says "tool_calls" of a call that was cut off: https://github.com/MiaAI-Lab/DeepSeek-v4-Flash-DSpark-2x-DGX-Spark/issues/55
  if (last.stop === "truncated" && quirks.has("hidden-truncation")) {
    return timeline.blocks.some(({ kind }) => kind === "call") ? "tool_calls" : "stop";
  }
  return REASONS[last.stop];
}

const REASONS: Readonly<Record<StopReason, string>> = {
  calls: "tool_calls",
  end: "stop",
  truncated: "length",
  refused: "content_filter",
  // The protocol has no word for it: a server's own tools run inside the response.
  paused: "stop",
};

/** A call's id, or undefined where the server gives none. */
export function callId({ timeline, quirks, token }: Reply, block: CallBlock): string | undefined {
  // https://github.com/vectorize-io/hindsight/pull/4250
  if (quirks.has("no-ids")) return undefined;
  // MiMo: https://github.com/can1357/oh-my-pi/issues/2055
  if (quirks.has("same-ids")) return `call_${token}`;
  // Kimi: https://github.com/maximhq/bifrost/issues/5097
  if (quirks.has("counted-ids")) return `functions.${block.name}:${placeOf(timeline, block)}`;
  // Mistral: https://github.com/anomalyco/opencode/issues/1680
  if (quirks.has("nine-character-ids")) return block.token.slice(0, 9);
  return block.id ?? `call_${block.token}`;
}

/** A call's place among the calls of its turn, from 0. */
export function placeOf({ blocks }: Timeline, block: CallBlock): number {
  return blocks.filter(({ kind }) => kind === "call").indexOf(block);
}

/** Arguments as far as they were said. */
export function argumentsOf({ timeline, quirks }: Reply, index: number): string {
  const said = saidOf(timeline, index);
  return quirks.has("double-encoding") ? JSON.stringify(said) : said;
}

function wholeCall(
  reply: Reply,
  { block, index }: { readonly block: CallBlock; readonly index: number },
): Record<string, unknown> {
  const id = callId(reply, block);
  return {
    ...(id !== undefined && { id }),
    type: "function",
    function: { name: block.name, arguments: argumentsOf(reply, index) },
  };
}
