/** The four wires for the tests that they share: each with its official client, and how its histories are read. */
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { anthropicModel } from "../../src/model/anthropic-model.ts";
import { geminiModel } from "../../src/model/gemini-model.ts";
import type { Model } from "../../src/model/model.ts";
import { openaiChatModel } from "../../src/model/openai-chat-model.ts";
import { openaiResponsesModel } from "../../src/model/openai-responses-model.ts";
import type { Protocol } from "../../src/simulator/protocol.ts";
import { anthropicProtocol } from "../../src/simulator/anthropic-messages/protocol.ts";
import { geminiProtocol } from "../../src/simulator/gemini/protocol.ts";
import { openaiChatProtocol } from "../../src/simulator/openai-chat/protocol.ts";
import { openaiResponsesProtocol } from "../../src/simulator/openai-responses/protocol.ts";
import { anthropicMessages } from "../../src/wire/anthropic-messages/wire.ts";
import { gemini } from "../../src/wire/gemini/wire.ts";
import { chatServer, type ChatServerName } from "../../src/wire/openai-chat/servers.ts";
import { openaiChatWire } from "../../src/wire/openai-chat/wire.ts";
import { openaiResponses } from "../../src/wire/openai-responses/wire.ts";
import type { Wire } from "../../src/wire/wire.ts";

type Json = Readonly<Record<string, unknown>>;

/** A call as it stands in a history; its input as an object, or the text that is none. */
export interface CallInHistory {
  readonly id: string | undefined;
  readonly name: string;
  readonly input: unknown;
}

/** A result as it stands in a history. */
export interface ResultInHistory {
  /** The id of its call; undefined where there are none. */
  readonly id: string | undefined;
  readonly text: string;
}

type Found = CallInHistory | ResultInHistory;

/** What one side said before the other did. */
export type Exchange = { readonly calls: CallInHistory[] } | { readonly results: ResultInHistory[] };

/** How a wire's model is asked. */
export interface ModelOptions {
  readonly stream: boolean;
  /** @default one that does everything that the provider's newest do */
  readonly model?: string | undefined;
  readonly params?: object | undefined;
  /** What the client sends requests with. @default that of the platform */
  readonly fetch?: (url: unknown, init?: RequestInit) => Promise<Response>;
  /** Chat Completions: the server that is imitated. */
  readonly server?: ChatServerName | undefined;
}

/** A wire under test. Messages have no type here: the tests are the same for all. */
export interface WireUnderTest {
  readonly name: string;
  readonly wire: Wire<unknown, unknown, unknown, unknown>;
  readonly protocol: Protocol;
  /** Its model, asked through the official client, which sends nothing twice. */
  model(url: string, options: ModelOptions): Model<unknown>;
  /** What a history says, without its texts: calls, then their results, in order. */
  readonly exchanges: (messages: readonly unknown[]) => Exchange[];
}

const apiKey = "x";

/** The four. */
export const WIRES: readonly WireUnderTest[] = [
  {
    name: "anthropic-messages",
    wire: anthropicMessages as WireUnderTest["wire"],
    protocol: anthropicProtocol,
    model: (baseURL, { stream, model = "claude-sonnet-4-6", params, fetch }) =>
      anthropicModel(new Anthropic({ baseURL, apiKey, maxRetries: 0, fetch }), {
        model,
        maxTokens: 1024,
        stream,
        params,
      }),
    exchanges: (messages) =>
      collect(messages as Json[], ({ content }) =>
        blocksOf(content).flatMap((block): Found[] => {
          if (block["type"] === "tool_use") return [callOf(block["id"], block["name"], block["input"])];
          if (block["type"] !== "tool_result") return [];
          return [resultOf(block["tool_use_id"], block["content"])];
        }),
      ),
  },
  {
    name: "openai-chat",
    wire: openaiChatWire(chatServer("openai")) as WireUnderTest["wire"],
    protocol: openaiChatProtocol,
    model: (url, { stream, model = "gpt-5.5", params, server, fetch }) =>
      openaiChatModel(new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, fetch }), {
        model,
        stream,
        params,
        server,
      }),
    exchanges: (messages) =>
      collect(messages as Json[], (message) => {
        if (message["role"] === "tool") return [resultOf(message["tool_call_id"], message["content"])];
        const calls = (message["tool_calls"] ?? []) as { id: unknown; function: Json }[];
        return calls.map(({ id, function: called }) =>
          callOf(id, called["name"], parsed(called["arguments"])),
        );
      }),
  },
  {
    name: "openai-responses",
    wire: openaiResponses as WireUnderTest["wire"],
    protocol: openaiResponsesProtocol,
    model: (url, { stream, model = "gpt-5.5", params, fetch }) =>
      openaiResponsesModel(new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, fetch }), {
        model,
        stream,
        params,
      }),
    exchanges: (messages) =>
      collect(messages as Json[], (item) => {
        if (item["type"] === "function_call") {
          return [callOf(item["call_id"], item["name"], parsed(item["arguments"]))];
        }
        return item["type"] === "function_call_output" ? [resultOf(item["call_id"], item["output"])] : [];
      }),
  },
  {
    name: "gemini",
    wire: gemini as WireUnderTest["wire"],
    protocol: geminiProtocol,
    model: (baseUrl, { stream, model = "gemini-3.6-flash", params, fetch }) =>
      geminiModel(
        new GoogleGenAI({
          apiKey,
          vertexai: false,
          httpOptions: { baseUrl, ...(fetch && { fetch }), retryOptions: { attempts: 1 } },
        }),
        { model, stream, params },
      ),
    exchanges: (messages) =>
      collect(messages as Json[], ({ parts }) =>
        ((parts ?? []) as { functionCall?: Json; functionResponse?: Json }[]).flatMap((part): Found[] => {
          const { functionCall: call, functionResponse: response } = part;
          if (call !== undefined) return [callOf(call["id"], call["name"], call["args"] ?? {})];
          return response === undefined ? [] : [resultOf(response["id"], textOf(response["response"]))];
        }),
      ),
  },
];

/** The results of a history, turn by turn, as texts; what is no text is JSON. */
export function resultsIn(wire: WireUnderTest, messages: readonly unknown[]): string[][] {
  return wire
    .exchanges(messages)
    .flatMap((exchange) => ("results" in exchange ? [exchange.results.map(({ text }) => text)] : []));
}

/** The calls of a history, turn by turn. */
export function callsIn(wire: WireUnderTest, messages: readonly unknown[]): CallInHistory[][] {
  return wire.exchanges(messages).flatMap((exchange) => ("calls" in exchange ? [exchange.calls] : []));
}

function callOf(id: unknown, name: unknown, input: unknown): CallInHistory {
  return { id: id as string | undefined, name: String(name), input };
}

function resultOf(id: unknown, content: unknown): ResultInHistory {
  return {
    id: id as string | undefined,
    text: typeof content === "string" ? content : JSON.stringify(content),
  };
}

function textOf(response: unknown): unknown {
  const { output } = (response ?? {}) as { output?: unknown };
  return output ?? response;
}

function blocksOf(content: unknown): readonly Json[] {
  return Array.isArray(content) ? (content as Json[]) : [];
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown;
  } catch {
    return text;
  }
}

/** Neighbours of one kind are one exchange, however the protocol spreads them over messages. */
function collect(messages: readonly Json[], read: (message: Json) => readonly Found[]): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const found of messages.flatMap(read)) {
    const last = exchanges.at(-1);
    if ("name" in found) {
      if (last !== undefined && "calls" in last) last.calls.push(found);
      else exchanges.push({ calls: [found] });
    } else if (last !== undefined && "results" in last) last.results.push(found);
    else exchanges.push({ results: [found] });
  }
  return exchanges;
}
