/** Google's client, talking to answers made by hand. */
import { GoogleGenAI } from "@google/genai";
import type { GeminiResponse } from "../../src/wire/gemini/protocol.ts";
import { cannedFetch, type Answer } from "./canned-fetch.ts";

export { json } from "./canned-fetch.ts";

/** The official client, given these answers one behind the other, and what it asked. */
export function geminiClient(answers: readonly Answer[]) {
  const { fetch, requests } = cannedFetch(answers);
  const httpOptions = { fetch, retryOptions: { attempts: 1 } };
  return { client: new GoogleGenAI({ apiKey: "x", vertexai: false, httpOptions }), requests };
}

/** An answer that is streamed. */
export function sse(...chunks: readonly GeminiResponse[]): Answer {
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join("");
  return { type: "text/event-stream", body };
}
