/**
 * A response of Gemini's as its stream of chunks, as the recorded ones: text piece by piece, each call whole in a chunk of
 * its own, and at the end an empty text with the reason to stop.
 */
import type { Beat } from "../pacing.ts";
import type { Reply, StreamEvent, TimedEvent } from "../protocol.ts";
import { lastParts, response, thrownAway, wholeParts, type Part } from "./message.ts";

/** The chunks of a response with their times. */
export function writeStream(reply: Reply): TimedEvent[] {
  return reply.timeline.beats.flatMap((beat) =>
    chunksOf(beat, reply).map((event) => ({ atMs: beat.atMs, event })),
  );
}

/** A chunk as a server-sent event. */
export function frame(event: StreamEvent): string {
  return `data: ${JSON.stringify(event)}\r\n\r\n`;
}

function chunksOf(beat: Beat, reply: Reply): StreamEvent[] {
  if (beat.kind === "stop") {
    const late = lastParts(reply);
    return [response(reply, { parts: late.length > 0 ? late : [{ text: "" }], isLast: true })];
  }
  if (thrownAway(reply) !== undefined) return [];
  return partsOf(beat, reply).map((part) => response(reply, { parts: [part], isLast: false }));
}

function partsOf(beat: Exclude<Beat, { kind: "stop" }>, reply: Reply): Part[] {
  const block = reply.timeline.blocks[beat.block];
  switch (block?.kind) {
    case "thinking":
      return beat.kind === "piece" ? [{ text: beat.text, thought: true }] : [];
    case "text":
      return beat.kind === "piece" ? [{ text: beat.text }] : [];
    case "call":
    case "server-call":
    case "server-result":
      return beat.kind === "block-end" ? wholeParts(reply, beat.block) : [];
    case undefined:
      return [];
  }
}
