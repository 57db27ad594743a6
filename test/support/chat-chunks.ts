/** Chunks of Chat Completions' streams, made by hand. */
import type { CallRequest } from "../../src/core/call-request.ts";
import type { ChatCallFragment, ChatChunk, ChatMessage } from "../../src/wire/openai-chat/protocol.ts";
import { chatServer } from "../../src/wire/openai-chat/servers.ts";
import { openaiChatWire } from "../../src/wire/openai-chat/wire.ts";

/** What a stream is read with. */
export interface ChatStreamOptions {
  readonly server?: string;
  readonly history?: readonly ChatMessage[];
}

/** An assembler that says what the chunks together committed. */
export function stream({ server = "unknown", history }: ChatStreamOptions = {}) {
  const assembler = openaiChatWire(chatServer(server)).assemble({ history });
  return {
    push: (...chunks: ChatChunk[]): CallRequest[] =>
      chunks.flatMap((chunk) => [...assembler.push(chunk).committed]),
    finish: () => assembler.finish(),
    committed: () => assembler.committed(),
  };
}

/** The model adds something. */
export function delta(delta: object): ChatChunk {
  return { choices: [{ index: 0, delta, finish_reason: null }] };
}

/** The model adds to its calls. */
export function calls(...fragments: ChatCallFragment[]): ChatChunk {
  return delta({ tool_calls: fragments });
}

/** A fragment of a call: its arguments, and what else it is given. */
export function fragment(
  args: unknown,
  {
    name,
    ...more
  }: { readonly name?: string } & Omit<ChatCallFragment, "function"> & Record<string, unknown> = {},
): ChatCallFragment {
  return { ...more, function: { ...(name !== undefined && { name }), arguments: args } };
}

/** The finish reason comes. */
export function finish(finish_reason: string): ChatChunk {
  return { choices: [{ index: 0, delta: {}, finish_reason }] };
}
