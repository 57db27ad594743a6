/** What reading a stream costs beside the official client's own parsing of the same bytes. */
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { anthropicMessages } from "../src/anthropic.ts";
import { gemini } from "../src/gemini.ts";
import { openaiChat } from "../src/openai-chat.ts";
import { openaiResponses } from "../src/openai-responses.ts";
import { planTurn } from "../src/simulator/pacing.ts";
import type { Protocol } from "../src/simulator/protocol.ts";
import { anthropicProtocol } from "../src/simulator/anthropic-messages/protocol.ts";
import { geminiProtocol } from "../src/simulator/gemini/protocol.ts";
import { openaiChatProtocol } from "../src/simulator/openai-chat/protocol.ts";
import { openaiResponsesProtocol } from "../src/simulator/openai-responses/protocol.ts";
import { parseScenario } from "../src/simulator/scenario-file.ts";
import { time } from "./measure.ts";
import type { Benchmark, Row } from "./row.ts";

const CALLS = 8;

/** A turn of some text and eight calls with arguments of half a kilobyte: some two hundred events. */
const [turn] = parseScenario({
  name: "stream-cost",
  turns: [
    {
      text: "I will write the eight files and then run the tests. ".repeat(10),
      calls: Array.from({ length: CALLS }, (_, i) => ({
        name: "write_file",
        input: { path: `/src/file-${i}.ts`, content: "export const answer = 42;\n".repeat(20) },
      })),
    },
  ],
}).turns;

/** A client whose next response is read, with and without an assembler beside it. */
interface Reader {
  readonly wire: string;
  readonly protocol: Protocol;
  /** Reads the stream with the official client alone, handing each event on. */
  read(response: () => Response, onEvent: (event: never) => void): Promise<void>;
  assemble(): { push(event: never): unknown; finish(): { readonly calls: readonly unknown[] } };
}

const READERS: readonly Reader[] = [
  {
    wire: "anthropic-messages",
    protocol: anthropicProtocol,
    read: async (response, onEvent) => {
      const client = new Anthropic({ apiKey: "none needed", fetch: async () => response() });
      const body = { model: "simulated", max_tokens: 1, messages: [], stream: true as const };
      for await (const event of await client.messages.create(body)) onEvent(event as never);
    },
    assemble: () => anthropicMessages.assemble(),
  },
  {
    wire: "openai-chat",
    protocol: openaiChatProtocol,
    read: async (response, onEvent) => {
      const client = new OpenAI({ apiKey: "none needed", fetch: async () => response() });
      const body = { model: "simulated", messages: [], stream: true as const };
      for await (const chunk of await client.chat.completions.create(body)) onEvent(chunk as never);
    },
    assemble: () => openaiChat.assemble(),
  },
  {
    wire: "openai-responses",
    protocol: openaiResponsesProtocol,
    read: async (response, onEvent) => {
      const client = new OpenAI({ apiKey: "none needed", fetch: async () => response() });
      const body = { model: "simulated", input: "", stream: true as const };
      for await (const event of await client.responses.create(body)) onEvent(event as never);
    },
    assemble: () => openaiResponses.assemble(),
  },
  {
    wire: "gemini",
    protocol: geminiProtocol,
    read: async (response, onEvent) => {
      const httpOptions = { fetch: async () => response() };
      const client = new GoogleGenAI({ apiKey: "none needed", vertexai: false, httpOptions });
      const contents = [{ role: "user", parts: [{ text: "Go." }] }];
      const chunks = await client.models.generateContentStream({ model: "simulated", contents });
      for await (const chunk of chunks) onEvent(chunk as never);
    },
    assemble: () => gemini.assemble(),
  },
];

/** Milliseconds for one stream, read by the client alone and by the client and a wire. */
export const streamCost: Benchmark = {
  name: "stream-cost",
  about: `a stream of ${CALLS} calls, read by the official client; aim: at most 1.10 × with the wire`,
  run: async () => {
    const rows: Row[] = [];
    for (const reader of READERS) rows.push(...(await costOf(reader)));
    return rows;
  },
};

async function costOf(reader: Reader): Promise<Row[]> {
  const { wire, protocol } = reader;
  const frames = framesOf(protocol);
  const response = () => new Response(streamOf(frames), { headers: { "content-type": "text/event-stream" } });
  const alone = `${wire}: client`;
  const both = `${wire}: client and wire`;
  const times = await time(
    [
      { name: alone, run: () => reader.read(response, () => {}) },
      {
        name: both,
        run: async () => {
          const assembler = reader.assemble();
          await reader.read(response, (event) => void assembler.push(event));
          const { calls } = assembler.finish();
          if (calls.length !== CALLS)
            throw new Error(`${wire}: ${calls.length} calls were read, not ${CALLS}`);
        },
      },
    ],
    2,
    401,
  );
  const base = times.get(alone) as number;
  return [...times].map(([subject, ms]) => ({
    benchmark: "stream-cost",
    subject,
    n: frames.length,
    value: ms * 1_000,
    unit: "µs/stream",
    ratioTo: alone,
    ratio: ms / base,
  }));
}

function framesOf(protocol: Protocol): Uint8Array[] {
  if (turn === undefined) throw new Error("the scenario has no turn");
  const encoder = new TextEncoder();
  const reply = {
    token: "benchmark",
    turn: 0,
    quirks: new Set<never>(),
    model: "simulated",
    timeline: planTurn(turn, 1),
    usage: { inputTokens: 1, outputTokens: 1 },
  };
  return protocol.stream(reply).map(({ event }) => encoder.encode(protocol.frame(event)));
}

function streamOf(frames: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull: (controller) => {
      const frame = frames[next++];
      if (frame === undefined) controller.close();
      else controller.enqueue(frame);
    },
  });
}
