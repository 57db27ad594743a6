/** The protocols that are spoken, by the names of their wires. */
import { anthropicProtocol } from "./anthropic-messages/protocol.ts";
import { geminiProtocol } from "./gemini/protocol.ts";
import { openaiChatProtocol } from "./openai-chat/protocol.ts";
import { openaiResponsesProtocol } from "./openai-responses/protocol.ts";
import type { Protocol, Refusal, Route } from "./protocol.ts";

/** All of them. The first one words what no route is for. */
export const PROTOCOLS = [
  anthropicProtocol,
  openaiChatProtocol,
  openaiResponsesProtocol,
  geminiProtocol,
] as const satisfies readonly Protocol[];

/** The name of a wire whose protocol is spoken. */
export type ProtocolName = "anthropic-messages" | "openai-chat" | "openai-responses" | "gemini";

/**
 * What a provider would say of a request's body, if it refuses it. `route` says where it came in: of Gemini the path names
 * the model, and quirks make the provider another.
 */
export function judge(
  protocol: ProtocolName,
  body: unknown,
  { path = "", query = new URLSearchParams(), quirks = new Set() }: Partial<Route> = {},
): Refusal | undefined {
  return PROTOCOLS.find(({ name }) => name === protocol)?.judge(body, { path, query, quirks });
}
