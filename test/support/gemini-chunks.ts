/** Chunks of Gemini's streams, made by hand. */
import type { CallRequest } from "../../src/core/call-request.ts";
import type { GeminiCall, GeminiPart, GeminiResponse } from "../../src/wire/gemini/protocol.ts";
import { gemini } from "../../src/wire/gemini/wire.ts";

/** An assembler that says what the chunks together committed. */
export function stream() {
  const assembler = gemini.assemble();
  return {
    push: (...chunks: GeminiResponse[]): CallRequest[] =>
      chunks.flatMap((chunk) => [...assembler.push(chunk).committed]),
    ended: () => assembler.ended,
    finish: () => assembler.finish(),
    committed: () => assembler.committed(),
  };
}

/** The model adds something. */
export function chunk(...parts: GeminiPart[]): GeminiResponse {
  return { candidates: [{ content: { parts }, index: 0 }] };
}

/** The finish reason comes, perhaps with the last that the model says. */
export function finish(finishReason: string | number, ...parts: GeminiPart[]): GeminiResponse {
  return { candidates: [{ content: { parts }, finishReason, index: 0 }] };
}

/** A call that comes whole. */
export function call(
  name: string,
  args: Record<string, unknown>,
  { id, sign }: { readonly id?: string; readonly sign?: string } = {},
): GeminiPart {
  return {
    functionCall: { ...(id !== undefined && { id }), name, args },
    ...(sign !== undefined && { thoughtSignature: sign }),
  };
}

/** A piece of a call that comes in pieces. */
export function piece(functionCall: GeminiCall): GeminiResponse {
  return chunk({ functionCall });
}
