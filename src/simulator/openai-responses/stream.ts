/**
 * A response of the Responses API as its stream of events, in the order and with the numbers of the recorded ones; and as
 * servers send it that translate from another protocol, quirk by quirk.
 */
import type { Beat } from "../pacing.ts";
import { saidOf } from "../pacing.ts";
import type { Reply, StreamEvent, TimedEvent } from "../protocol.ts";
import type { Block } from "../scenario.ts";
import { argumentsOf, begunItem, endedItem, isCustom, itemBlocks, textPart, type Item } from "./items.ts";
import { envelope, writeMessage } from "./message.ts";

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

/** The events of a response with their times. */
export function writeStream(reply: Reply): TimedEvent[] {
  const startMs = reply.timeline.beats[0]?.atMs ?? 0;
  const response = envelope(reply, "in_progress");
  const events: (readonly [atMs: number, event: Event])[] = [
    [startMs, { type: "response.created", response }],
    [startMs, { type: "response.in_progress", response }],
    ...reply.timeline.beats.flatMap((beat) =>
      eventsOf(beat, reply).map((event): [number, Event] => [beat.atMs, event]),
    ),
  ];
  return events.map(([atMs, event], n) => ({ atMs, event: numbered(event, n, reply) }));
}

/** An event as a server-sent event. */
export function frame(event: StreamEvent): string {
  return `event: ${(event as Event).type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The event with its number, and with what servers make of the places and ids of items. */
function numbered(event: Event, sequence_number: number, { quirks }: Reply): Event {
  const numbers = { ...event, sequence_number };
  // https://github.com/decolua/9router/issues/2611
  const places =
    quirks.has("shared-index") && "output_index" in event ? { ...numbers, output_index: 0 } : numbers;
  if (!quirks.has("changing-item-ids")) return places;
  // https://github.com/BerriAI/litellm/issues/30071
  const item = event["item"] as Item | undefined;
  return {
    ...places,
    ...("item_id" in event && { item_id: `${String(event["item_id"])}_${sequence_number}` }),
    ...(item !== undefined && { item: { ...item, id: `${String(item["id"])}_${sequence_number}` } }),
  };
}

function eventsOf(beat: Beat, reply: Reply): Event[] {
  if (beat.kind === "stop") return [endEvent(reply)];
  const index = beat.block;
  const block = reply.timeline.blocks[index];
  const item = begunItem(reply, index);
  if (block === undefined || item === undefined) return [];
  const place = { output_index: itemBlocks(reply).indexOf(index), item_id: item["id"] };
  switch (beat.kind) {
    case "block-start":
      return [
        { type: "response.output_item.added", output_index: place.output_index, item },
        ...opening(block, place),
      ];
    case "piece":
      return reply.quirks.has("whole-calls") && block.kind === "call"
        ? []
        : deltas(block, place, { reply, text: beat.text });
    case "block-end":
      return [...closing(block, place, { reply, index }), done(reply, { index, place })];
  }
}

interface Place {
  readonly output_index: number;
  readonly item_id: unknown;
}

function opening(block: Block, place: Place): Event[] {
  if (block.kind === "text") {
    return [{ type: "response.content_part.added", ...place, content_index: 0, part: textPart("") }];
  }
  if (block.kind !== "thinking") return [];
  const part = { type: "summary_text", text: "" };
  return [{ type: "response.reasoning_summary_part.added", ...place, summary_index: 0, part }];
}

function deltas(
  block: Block,
  place: Place,
  { reply, text }: { readonly reply: Reply; readonly text: string },
): Event[] {
  switch (block.kind) {
    case "text":
      return [{ type: "response.output_text.delta", ...place, content_index: 0, delta: text, logprobs: [] }];
    case "thinking":
      return [{ type: "response.reasoning_summary_text.delta", ...place, summary_index: 0, delta: text }];
    case "call": {
      // Free text is not what the pacing is counted by: it comes at the end.
      if (isCustom(reply, block)) return [];
      const delta = reply.quirks.has("double-encoding") ? JSON.stringify(text).slice(1, -1) : text;
      return [{ type: "response.function_call_arguments.delta", ...place, delta }];
    }
    case "server-call":
    case "server-result":
      return [];
  }
}

function closing(
  block: Block,
  place: Place,
  { reply, index }: { readonly reply: Reply; readonly index: number },
): Event[] {
  const text = saidOf(reply.timeline, index);
  switch (block.kind) {
    case "text":
      return [
        { type: "response.output_text.done", ...place, content_index: 0, text, logprobs: [] },
        { type: "response.content_part.done", ...place, content_index: 0, part: textPart(text) },
      ];
    case "thinking": {
      const part = { type: "summary_text", text };
      return [
        { type: "response.reasoning_summary_text.done", ...place, summary_index: 0, text },
        { type: "response.reasoning_summary_part.done", ...place, summary_index: 0, part },
      ];
    }
    case "call": {
      if (reply.quirks.has("whole-calls")) return [];
      const input = argumentsOf(reply, index);
      return isCustom(reply, block)
        ? [
            { type: "response.custom_tool_call_input.delta", ...place, delta: input },
            { type: "response.custom_tool_call_input.done", ...place, input },
          ]
        : [{ type: "response.function_call_arguments.done", ...place, name: block.name, arguments: input }];
    }
    case "server-call":
      return [{ type: `response.${block.name}_call.completed`, ...place }];
    case "server-result":
      return [];
  }
}

function done(reply: Reply, { index, place }: { readonly index: number; readonly place: Place }): Event {
  return {
    type: "response.output_item.done",
    output_index: place.output_index,
    item: endedItem(reply, index),
  };
}

function endEvent(reply: Reply): Event {
  const response = writeMessage(reply);
  return { type: `response.${String(response["status"])}`, response };
}
