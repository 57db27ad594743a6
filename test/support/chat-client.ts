/** OpenAI's client, talking to answers made by hand. */
import OpenAI from "openai";
import type { ChatChunk } from "../../src/wire/openai-chat/protocol.ts";

/** A request as the server got it. */
export interface ChatRequest {
  readonly url: string;
  readonly body: Record<string, unknown> & { readonly messages: readonly Record<string, unknown>[] };
  readonly signal: AbortSignal | undefined;
}

/** An answer as the server gives it. */
export interface ChatAnswer {
  readonly status?: number;
  readonly type: "text/event-stream" | "application/json";
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** The official client, given these answers one behind the other, and what it asked. */
export function chatClient(answers: readonly ChatAnswer[], baseURL = "https://api.openai.com/v1") {
  const requests: ChatRequest[] = [];
  const fetch = async (url: unknown, { body, signal }: RequestInit = {}) => {
    const answer = answers[requests.length];
    requests.push({
      url: String(url),
      body: JSON.parse(body as string) as ChatRequest["body"],
      signal: signal ?? undefined,
    });
    if (answer === undefined) throw new Error("there are no more answers");
    const headers = { "content-type": answer.type };
    return new Response(answer.body, { status: answer.status ?? 200, headers });
  };
  return { client: new OpenAI({ apiKey: "x", baseURL, maxRetries: 0, fetch }), requests };
}

/** An answer that is streamed. */
export function sse(...chunks: readonly ChatChunk[]): ChatAnswer {
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"];
  return { type: "text/event-stream", body: events.map((data) => `data: ${data}\n\n`).join("") };
}

/** An answer that comes whole. */
export function json(body: object, status = 200): ChatAnswer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}
