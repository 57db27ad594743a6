/** Events of Anthropic's streams, made by hand. */
import type { CallRequest } from "../../src/core/call-request.ts";
import { anthropicMessages } from "../../src/wire/anthropic-messages/wire.ts";
import type { AnthropicEvent } from "../../src/wire/anthropic-messages/protocol.ts";

/** An assembler that says what the events together committed. */
export function stream() {
  const assembler = anthropicMessages.assemble();
  return {
    push: (...events: AnthropicEvent[]): CallRequest[] =>
      events.flatMap((event) => [...assembler.push(event).committed]),
    finish: () => assembler.finish(),
  };
}

/** A call as a block. */
export function call(id: string) {
  return { type: "tool_use", id, name: "tool", input: {} };
}

/** A block starts. */
export function start(
  index: number,
  content_block: { type: string } & Record<string, unknown>,
): AnthropicEvent {
  return { type: "content_block_start", index, content_block };
}

/** A block grows. */
export function delta(index: number, delta: { type: string } & Record<string, unknown>): AnthropicEvent {
  return { type: "content_block_delta", index, delta };
}

/** A call's arguments grow. */
export function json(index: number, partial_json: string): AnthropicEvent {
  return delta(index, { type: "input_json_delta", partial_json });
}

/** The stop reason comes. */
export function stop(stop_reason: string): AnthropicEvent {
  return { type: "message_delta", delta: { stop_reason } };
}

/** A block stops. */
export function end(index: number): AnthropicEvent {
  return { type: "content_block_stop", index };
}
