/** Anthropic's Messages API as one of the simulator's protocols. */
import { estimateTokens } from "../pacing.ts";
import type { MadeCall, Prompt, Protocol, Refusal } from "../protocol.ts";
import { writeMessage } from "./message.ts";
import { judge, warn } from "./referee.ts";
import { fail, refuse } from "./refusal.ts";
import { blocksOf, type ContentBlock, type MessagesRequest } from "./request.ts";
import { frame, writeStream } from "./stream.ts";
import { opensTurn } from "./thinking-rules.ts";

/** `POST /v1/messages`. */
export const anthropicProtocol: Protocol = {
  name: "anthropic-messages",
  paths: ["/v1/messages"],
  authenticate,
  judge,
  warn: (body) => warn(body as MessagesRequest),
  read: (body) => readPrompt(body as MessagesRequest),
  stream: writeStream,
  message: writeMessage,
  frame,
  refuse,
  fail,
  errorEvent: ({ body }) => ({ ...body, type: "error" }),
  identify: (requestId, { status, body }) => ({ status, body: { ...body, request_id: requestId } }),
  headers,
};

function authenticate(headers: Headers): Refusal | undefined {
  if (!headers.has("x-api-key") && !headers.has("authorization")) {
    return fail(401, "x-api-key header is required");
  }
  return headers.has("anthropic-version") ? undefined : refuse("anthropic-version: header is required");
}

function readPrompt(request: MessagesRequest): Prompt {
  const { model, messages, stream, system, tools, tool_choice: choice, thinking } = request;
  return {
    model,
    turn: messages.filter((message) => message.role === "assistant").length,
    oneCall: choice?.disable_parallel_tool_use === true,
    instructions: [
      system,
      ...messages.filter(({ role }) => role !== "assistant").map(({ content }) => content),
    ]
      .flatMap(textsOf)
      .join("\n"),
    tools: (tools ?? []).map(({ name }) => name),
    made: messages.flatMap((message) => blocksOf(message).flatMap(madeCall)),
    thinkFirst: thinking?.type === "enabled" && opensTurn(request),
    stream: stream === true,
    inputTokens: estimateTokens(JSON.stringify([messages, tools ?? []])),
  };
}

function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  if (!Array.isArray(content)) return [];
  return (content as ContentBlock[]).flatMap(({ type, text }) => (type === "text" ? [String(text)] : []));
}

function madeCall({ type, name, input }: ContentBlock): MadeCall[] {
  return type === "tool_use" ? [{ name: String(name), input }] : [];
}

const LIMITS: Record<string, readonly [limit: number, remaining: number]> = {
  requests: [4_000, 3_999],
  "input-tokens": [2_000_000, 1_999_000],
  "output-tokens": [400_000, 400_000],
  tokens: [2_400_000, 2_399_000],
};

/** The rate limit headers as recorded; only after a 429 is anything used up. */
function headers(requestId: string, status: number, nowMs: number): Record<string, string> {
  const reset = `${new Date(nowMs + 1_000).toISOString().slice(0, 19)}Z`;
  const all: Record<string, string> = { "request-id": requestId };
  if (status !== 200) all["x-should-retry"] = String(status === 408 || status === 429 || status >= 500);
  for (const [name, [limit, remaining]] of Object.entries(LIMITS)) {
    all[`anthropic-ratelimit-${name}-limit`] = String(limit);
    all[`anthropic-ratelimit-${name}-remaining`] = String(status === 429 ? 0 : remaining);
    all[`anthropic-ratelimit-${name}-reset`] = reset;
  }
  return all;
}
