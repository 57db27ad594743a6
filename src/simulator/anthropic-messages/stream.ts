/**
 * A response of the Messages API as its stream of events, in the order and with the quirks of the recorded ones: a ping
 * after the first block has begun, an empty fragment before a call's arguments, a signature at the end of thinking.
 */
import type { Beat } from "../pacing.ts";
import type { Reply, StreamEvent, TimedEvent } from "../protocol.ts";
import type { Block } from "../scenario.ts";
import { emptyBlock, envelope, signatureOf, stopReason, usageOf } from "./message.ts";

type AnthropicEvent = Exclude<StreamEvent, string> & { readonly type: string };

/** The events of a response with their times. */
export function writeStream(reply: Reply): TimedEvent[] {
  const startMs = reply.timeline.beats[0]?.atMs ?? 0;
  const start = { type: "message_start", message: { ...envelope(reply), usage: usageOf(reply, 1) } };
  return [
    { atMs: startMs, event: start },
    ...reply.timeline.beats.flatMap((beat) =>
      eventsOf(beat, reply).map((event) => ({ atMs: beat.atMs, event })),
    ),
  ];
}

/** An event as a server-sent event. */
export function frame(event: StreamEvent): string {
  return `event: ${(event as AnthropicEvent).type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function eventsOf(beat: Beat, reply: Reply): AnthropicEvent[] {
  if (beat.kind === "stop") {
    const delta = { stop_reason: stopReason(beat.stop), stop_sequence: null };
    return [
      { type: "message_delta", delta, usage: usageOf(reply, reply.usage.outputTokens) },
      { type: "message_stop" },
    ];
  }
  const index = beat.block;
  const block = reply.timeline.blocks[index];
  if (block === undefined) return [];
  switch (beat.kind) {
    case "block-start":
      return [
        { type: "content_block_start", index, content_block: emptyBlock(block, reply) },
        ...(index === 0 ? [{ type: "ping" }] : []),
        ...(isCall(block) ? [fragment(index, { type: "input_json_delta", partial_json: "" })] : []),
      ];
    case "piece":
      // A call without arguments was recorded with its empty fragment alone.
      return isCall(block) && beat.text === "{}" ? [] : [fragment(index, deltaOf(block, beat.text))];
    case "block-end": {
      const signature = { type: "signature_delta", signature: signatureOf(reply.timeline, index) };
      return [
        ...(block.kind === "thinking" ? [fragment(index, signature)] : []),
        { type: "content_block_stop", index },
      ];
    }
  }
}

function deltaOf(block: Block, text: string): Record<string, unknown> {
  if (block.kind === "thinking") return { type: "thinking_delta", thinking: text };
  return isCall(block) ? { type: "input_json_delta", partial_json: text } : { type: "text_delta", text };
}

function isCall(block: Block): boolean {
  return block.kind === "call" || block.kind === "server-call";
}

function fragment(index: number, delta: Record<string, unknown>): AnthropicEvent {
  return { type: "content_block_delta", index, delta };
}
