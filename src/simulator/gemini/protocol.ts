/** Gemini's generateContent and streamGenerateContent as one of the simulator's protocols. */
import { estimateTokens } from "../pacing.ts";
import type { Prompt, Protocol, Refusal, Route } from "../protocol.ts";
import { writeMessage } from "./message.ts";
import { judge, warn } from "./referee.ts";
import { fail, refuse } from "./refusal.ts";
import { callsOf, readPath, responsesOf, type GeminiRequest, type RequestPart } from "./request.ts";
import { frame, writeStream } from "./stream.ts";

/** `POST /v1/models/MODEL:generateContent`, of older clients `/v1beta`, of Vertex its own, and `:streamGenerateContent`. */
export const geminiProtocol: Protocol = {
  name: "gemini",
  paths: ["/v1/models/:call{.+}", "/v1beta/models/:call{.+}", "/v1beta1/publishers/google/models/:call{.+}"],
  authenticate: (headers) =>
    headers.has("x-goog-api-key") || headers.has("authorization") ? undefined : fail(403),
  judge,
  warn: (body) => warn(body as GeminiRequest),
  read: (body, route) => readPrompt(body as GeminiRequest, route),
  stream: writeStream,
  message: writeMessage,
  frame,
  refuse,
  fail,
  errorEvent: ({ body }: Refusal) => body,
  // The provider says nothing of the request's id.
  identify: (_, refusal) => refusal,
  headers: () => ({ server: "scaffolding on HTTPServer2", "server-timing": "gfet4t7; dur=100" }),
};

function readPrompt(request: GeminiRequest, { path }: Route): Prompt {
  const { contents, tools = [], systemInstruction: system } = request;
  const { model, method } = readPath(path);
  const said = contents.filter(({ role }) => role !== "model");
  return {
    model,
    turn: contents.filter(({ role }) => role === "model").length,
    // There is no such wish (G10).
    oneCall: false,
    instructions: [...textsOf(system?.parts), ...said.flatMap(({ parts }) => textsOf(parts))].join("\n"),
    tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
    made: contents.flatMap((content) =>
      callsOf(content).map(({ name, args = {} }) => ({ name, input: args })),
    ),
    thinkFirst: request.generationConfig?.thinkingConfig?.includeThoughts === true && opensTurn(request),
    stream: method === "streamGenerateContent",
    inputTokens: estimateTokens(JSON.stringify([contents, tools])),
  };
}

/** Whether the next content opens a turn, rather than going on after results. */
function opensTurn({ contents }: GeminiRequest): boolean {
  const last = contents.at(-1);
  return last !== undefined && responsesOf(last).length === 0;
}

function textsOf(parts: readonly RequestPart[] = []): string[] {
  return parts.flatMap(({ text }) => (text === undefined ? [] : [text]));
}
