/** A response of the Messages API as a whole, and the blocks that it shares with the stream. */
import type { StopReason } from "../../wire/wire.ts";
import { isWhole, saidOf, type Timeline } from "../pacing.ts";
import type { Reply } from "../protocol.ts";
import type { Block, CallBlock } from "../scenario.ts";
import type { ContentBlock } from "./request.ts";
import { sign } from "./thinking-rules.ts";

const STOP_REASONS: Record<StopReason, string> = {
  calls: "tool_use",
  end: "end_turn",
  truncated: "max_tokens",
  refused: "refusal",
  paused: "pause_turn",
};

/** The provider's word for why the model stopped. */
export function stopReason(stop: StopReason): string {
  return STOP_REASONS[stop];
}

/** The response as a client gets it that did not ask for a stream. */
export function writeMessage(reply: Reply): Record<string, unknown> {
  const last = reply.timeline.beats.at(-1);
  return {
    ...envelope(reply),
    content: startedBlocks(reply.timeline).map((index) => finishedBlock(reply, index)),
    stop_reason: last?.kind === "stop" ? stopReason(last.stop) : null,
    usage: usageOf(reply, reply.usage.outputTokens),
  };
}

/** What a response says of itself before it says anything else. */
export function envelope({ token, model }: Reply): Record<string, unknown> {
  return {
    id: `msg_01${token}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

/** Usage as the provider reports it. */
export function usageOf({ usage }: Reply, outputTokens: number): Record<string, unknown> {
  return {
    input_tokens: usage.inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
  };
}

/** A block as it begins in a stream: empty, but for a server's result, which comes whole. */
export function emptyBlock(block: Block, reply: Reply): ContentBlock {
  switch (block.kind) {
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "text":
      return { type: "text", text: "" };
    case "call":
      return { type: "tool_use", id: callId(block, reply), name: block.name, input: {} };
    case "server-call":
      return { type: "server_tool_use", id: serverCallId(block), name: block.name, input: {} };
    case "server-result":
      return { type: `${block.name}_tool_result`, tool_use_id: serverCallId(block), content: block.result };
  }
}

/** The signature of a thinking block as far as it was said. */
export function signatureOf(timeline: Timeline, index: number): string {
  const block = timeline.blocks[index];
  return (block?.kind === "thinking" ? block.signature : undefined) ?? sign(saidOf(timeline, index));
}

function finishedBlock(reply: Reply, index: number): ContentBlock | undefined {
  const { timeline } = reply;
  const block = timeline.blocks[index];
  if (block === undefined) return undefined;
  const empty = emptyBlock(block, reply);
  switch (block.kind) {
    case "thinking":
      return { ...empty, thinking: saidOf(timeline, index), signature: signatureOf(timeline, index) };
    case "text":
      return { ...empty, text: saidOf(timeline, index) };
    case "call":
    case "server-call":
      // Arguments that were cut off do not parse, and `input` must be an object.
      return isWhole(timeline, index) ? { ...empty, input: block.input } : empty;
    case "server-result":
      return empty;
  }
}

function startedBlocks({ beats }: Timeline): number[] {
  return beats.flatMap((beat) => (beat.kind === "block-start" ? [beat.block] : []));
}

/** The ids of servers that speak the protocol are as their model's makers have them. */
function callId(block: CallBlock, { quirks, token, timeline }: Reply): string {
  if (quirks.has("no-ids")) return "";
  // MiMo: https://github.com/can1357/oh-my-pi/issues/2055
  if (quirks.has("same-ids")) return `toolu_01${token}`;
  // Kimi: https://github.com/maximhq/bifrost/issues/5097
  if (quirks.has("counted-ids")) {
    return `functions.${block.name}:${timeline.blocks.filter(({ kind }) => kind === "call").indexOf(block)}`;
  }
  return block.id ?? `toolu_01${block.token}`;
}

function serverCallId({ id, token }: Pick<CallBlock, "id" | "token">): string {
  return id ?? `srvtoolu_01${token}`;
}
