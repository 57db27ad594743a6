/** OpenAI's client, talking to answers made by hand. */
import OpenAI from "openai";
import type { ChatChunk } from "../../src/wire/openai-chat/protocol.ts";
import { cannedFetch, type Answer } from "./canned-fetch.ts";

export { json } from "./canned-fetch.ts";

type Body = Record<string, unknown> & { readonly messages: readonly Record<string, unknown>[] };

/** The official client, given these answers one behind the other, and what it asked. */
export function chatClient(answers: readonly Answer[], baseURL = "https://api.openai.com/v1") {
  const { fetch, requests } = cannedFetch<Body>(answers);
  return { client: new OpenAI({ apiKey: "x", baseURL, maxRetries: 0, fetch }), requests };
}

/** An answer that is streamed. */
export function sse(...chunks: readonly ChatChunk[]): Answer {
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"];
  return { type: "text/event-stream", body: events.map((data) => `data: ${data}\n\n`).join("") };
}
