/** Google's client, talking to answers made by hand. */
import { GoogleGenAI } from "@google/genai";
import type { GeminiResponse } from "../../src/wire/gemini/protocol.ts";

/** A request as the server got it. */
export interface GeminiSent {
  readonly url: string;
  readonly body: Record<string, unknown>;
  readonly signal: AbortSignal | undefined;
}

/** An answer as the server gives it. */
export interface GeminiAnswer {
  readonly status?: number;
  readonly type: "text/event-stream" | "application/json";
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** The official client, given these answers one behind the other, and what it asked. */
export function geminiClient(answers: readonly GeminiAnswer[]) {
  const requests: GeminiSent[] = [];
  const fetch = async (url: unknown, { body, signal }: RequestInit = {}) => {
    const answer = answers[requests.length];
    requests.push({
      url: String(url),
      body: JSON.parse(body as string) as GeminiSent["body"],
      signal: signal ?? undefined,
    });
    if (answer === undefined) throw new Error("there are no more answers");
    const headers = { "content-type": answer.type };
    return new Response(answer.body, { status: answer.status ?? 200, headers });
  };
  const httpOptions = { fetch, retryOptions: { attempts: 1 } };
  return { client: new GoogleGenAI({ apiKey: "x", vertexai: false, httpOptions }), requests };
}

/** An answer that is streamed. */
export function sse(...chunks: readonly GeminiResponse[]): GeminiAnswer {
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join("");
  return { type: "text/event-stream", body };
}

/** An answer that comes whole. */
export function json(body: object, status = 200): GeminiAnswer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}
