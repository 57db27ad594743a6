/** What the simulated Gemini says to a scenario's turn, and how Tutti's own wire reads it. */
import { geminiProtocol } from "../../src/simulator/gemini/protocol.ts";
import type { Timeline } from "../../src/simulator/pacing.ts";
import type { Quirk, Reply } from "../../src/simulator/protocol.ts";
import type { GeminiContent, GeminiResponse } from "../../src/wire/gemini/protocol.ts";
import { gemini } from "../../src/wire/gemini/wire.ts";
import type { Turn } from "../../src/wire/wire.ts";

/** Who speaks, and how it departs from the protocol. */
export interface Speaker {
  /** @default "gemini-3.6-flash" */
  readonly model?: string;
  readonly quirks?: readonly Quirk[];
  /** The number of the turn. @default 0 */
  readonly turn?: number;
}

/** A stream as it was read: the turn, and when it committed which call. */
export interface StreamedTurn {
  readonly turn: Turn<GeminiContent>;
  readonly commits: readonly (readonly [name: string, atMs: number])[];
}

/** A response to be spoken. */
export function replyOf(
  timeline: Timeline,
  { model = "gemini-3.6-flash", quirks = [], turn = 0 }: Speaker = {},
): Reply {
  return {
    token: `token${turn}`,
    turn,
    quirks: new Set(quirks),
    model,
    timeline,
    usage: { inputTokens: 100, outputTokens: 50 },
  };
}

/** The response as a whole. */
export function wholeOf(timeline: Timeline, speaker: Speaker = {}): GeminiResponse {
  return geminiProtocol.message(replyOf(timeline, speaker)) as GeminiResponse;
}

/** The chunks of the response. */
export function chunksOf(timeline: Timeline, speaker: Speaker = {}): GeminiResponse[] {
  return geminiProtocol.stream(replyOf(timeline, speaker)).map(({ event }) => event as GeminiResponse);
}

/** Reads a timeline's stream with Tutti's own wire. */
export function readStream(timeline: Timeline, speaker: Speaker = {}): StreamedTurn {
  const assembler = gemini.assemble();
  const commits: (readonly [name: string, atMs: number])[] = [];
  for (const { atMs, event } of geminiProtocol.stream(replyOf(timeline, speaker))) {
    const { committed } = assembler.push(event as GeminiResponse);
    commits.push(...committed.map(({ name }) => [name, atMs] as const));
  }
  return { turn: assembler.finish(), commits };
}
