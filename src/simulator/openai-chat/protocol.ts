/** OpenAI's Chat Completions API, and the servers that imitate it, as one of the simulator's protocols. */
import { inputOf, textsOf } from "../openai/content.ts";
import { authenticate, headers } from "../openai/headers.ts";
import { fail, refuse } from "../openai/refusal.ts";
import { estimateTokens } from "../pacing.ts";
import type { MadeCall, Prompt, Protocol, Refusal } from "../protocol.ts";
import { writeMessage } from "./message.ts";
import { judge, warn } from "./referee.ts";
import { callsOf, nameOf, type ChatRequest, type RequestCall } from "./request.ts";
import { frame, writeStream } from "./stream.ts";

/** `POST /v1/chat/completions`. */
export const openaiChatProtocol: Protocol = {
  name: "openai-chat",
  paths: ["/v1/chat/completions"],
  authenticate,
  judge,
  warn: (body) => warn(body as ChatRequest),
  read: (body) => readPrompt(body as ChatRequest),
  stream: writeStream,
  message: writeMessage,
  frame,
  refuse,
  fail,
  errorEvent: ({ body }: Refusal) => body,
  // The provider says it in a header alone.
  identify: (_, refusal) => refusal,
  headers,
};

function readPrompt(request: ChatRequest): Prompt {
  const { model, messages, stream, tools, parallel_tool_calls: parallel } = request;
  return {
    model,
    turn: messages.filter(({ role }) => role === "assistant").length,
    oneCall: parallel === false,
    instructions: messages
      .filter(({ role }) => role !== "assistant" && role !== "tool")
      .flatMap(({ content }) => textsOf(content))
      .join("\n"),
    tools: (tools ?? []).map(nameOf),
    made: messages.flatMap((message) => callsOf(message).map(madeCall)),
    thinkFirst: false,
    stream: stream === true,
    inputTokens: estimateTokens(JSON.stringify([messages, tools ?? []])),
  };
}

function madeCall({ function: called, custom }: RequestCall): MadeCall {
  if (called === undefined) return { name: custom?.name ?? "", input: { input: custom?.input } };
  return { name: called.name, input: inputOf(called.arguments) };
}
