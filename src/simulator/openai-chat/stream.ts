/**
 * A response of Chat Completions as its stream of chunks, in the order of the recorded ones: the role, what the model says,
 * the reason to stop, the usage, and `[DONE]`; and as the servers send it that imitate the API, quirk by quirk.
 */
import type { Beat } from "../pacing.ts";
import type { Reply, StreamEvent, TimedEvent } from "../protocol.ts";
import type { CallBlock } from "../scenario.ts";
import { argumentsOf, callId, envelope, finishReason, placeOf, usageOf } from "./message.ts";

type Delta = Readonly<Record<string, unknown>>;

/** The chunks of a response with their times. The usage comes whether or not it was asked for, as from many servers. */
export function writeStream(reply: Reply): TimedEvent[] {
  const startMs = reply.timeline.beats[0]?.atMs ?? 0;
  const writer = new StreamWriter(reply);
  return [
    { atMs: startMs, event: chunk(reply, { role: "assistant", content: "", refusal: null }) },
    ...reply.timeline.beats.flatMap((beat) =>
      writer.eventsOf(beat).map((event) => ({ atMs: beat.atMs, event })),
    ),
  ];
}

/** An event as a server-sent event. */
export function frame(event: StreamEvent): string {
  return `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`;
}

class StreamWriter {
  readonly #reply: Reply;
  /** What was said of the call that is being written. */
  #said = "";

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  eventsOf(beat: Beat): StreamEvent[] {
    if (beat.kind === "stop") return this.#end();
    const block = this.#reply.timeline.blocks[beat.block];
    if (block === undefined) return [];
    switch (block.kind) {
      case "text":
        return beat.kind === "piece" ? [chunk(this.#reply, { content: beat.text })] : [];
      // OpenAI keeps it to itself; DeepSeek and others send it so.
      case "thinking":
        return beat.kind === "piece" ? [chunk(this.#reply, { reasoning_content: beat.text })] : [];
      case "call":
        return this.#call(beat, block).map((call) => chunk(this.#reply, { tool_calls: [call] }));
      // The protocol tells nothing of a server's own tools.
      case "server-call":
      case "server-result":
        return [];
    }
  }

  #end(): StreamEvent[] {
    const { id, object, created, model } = envelope(this.#reply, "chat.completion.chunk");
    return [
      chunk(this.#reply, {}, finishReason(this.#reply)),
      { id, object, created, model, choices: [], usage: usageOf(this.#reply) },
      "[DONE]",
    ];
  }

  #call(beat: Exclude<Beat, { kind: "stop" }>, block: CallBlock): Delta[] {
    const { quirks } = this.#reply;
    // xAI: "the function call is returned in whole in a single chunk". https://docs.x.ai/developers/tools/function-calling
    if (quirks.has("whole-calls")) {
      if (beat.kind !== "block-end") return [];
      return [this.#begin(block, argumentsOf(this.#reply, beat.block))];
    }
    switch (beat.kind) {
      case "block-start":
        this.#said = "";
        return [this.#begin(block, quirks.has("double-encoding") ? '"' : "")];
      case "piece":
        this.#said += beat.text;
        return [this.#goOn(block, this.#textOf(beat.text))];
      case "block-end":
        return quirks.has("double-encoding") && !quirks.has("snapshots") && this.#isWhole(beat.block)
          ? [this.#goOn(block, '"')]
          : [];
    }
  }

  #textOf(piece: string): string {
    const { quirks } = this.#reply;
    const text = quirks.has("snapshots") ? this.#said : piece;
    return quirks.has("double-encoding") ? JSON.stringify(text).slice(1, -1) : text;
  }

  #isWhole(index: number): boolean {
    const block = this.#reply.timeline.blocks[index];
    return block?.kind === "call" && this.#said === JSON.stringify(block.input);
  }

  #begin(block: CallBlock, text: string): Delta {
    const id = callId(this.#reply, block);
    return {
      ...this.#index(block),
      ...(id !== undefined && { id }),
      type: "function",
      function: { name: block.name, arguments: text },
    };
  }

  #goOn(block: CallBlock, text: string): Delta {
    const { quirks } = this.#reply;
    // Without an index only the id tells which call a fragment belongs to, so such servers repeat it.
    const id = quirks.has("no-index") ? callId(this.#reply, block) : undefined;
    if (quirks.has("blank-repeats")) {
      return {
        ...this.#index(block),
        id: id ?? "",
        type: "function",
        function: { name: "", arguments: text },
      };
    }
    return { ...this.#index(block), ...(id !== undefined && { id }), function: { arguments: text } };
  }

  #index(block: CallBlock): Delta {
    const { quirks, timeline } = this.#reply;
    // Ollama up to 0.4.6: https://github.com/ollama/ollama/issues/7881
    if (quirks.has("no-index")) return {};
    // Ollama since: https://github.com/ollama/ollama/issues/15457
    return { index: quirks.has("zero-index") ? 0 : placeOf(timeline, block) };
  }
}

function chunk(reply: Reply, delta: Delta, finish: string | null = null): StreamEvent {
  return {
    ...envelope(reply, "chat.completion.chunk"),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  };
}
