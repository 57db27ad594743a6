/**
 * Puts a stream of Anthropic's events together.
 *
 * Owns when a call is committed (contract §6): once its block has stopped and the next one has started, or once a stop
 * reason came that is no cut-off. A block's stop alone says nothing: the API also stops the block that a token limit cut.
 * Calls are committed in the model's order, and what is committed never changes again.
 */
import type { CallRequest } from "../../core/call-request.ts";
import { TuttiError } from "../../core/errors.ts";
import type {
  AnthropicBlock,
  AnthropicDelta,
  AnthropicEvent,
  AnthropicMessage,
  AnthropicUsage,
} from "./protocol.ts";
import { AnswerCalls } from "./calls.ts";
import { isToolUse, isWhole, toCall, toTurn, type Piece } from "./turn.ts";
import type { Assembler, Progress, Turn } from "../wire.ts";

/** A block that grows. */
interface OpenPiece extends Piece {
  readonly block: AnthropicBlock & Record<string, unknown>;
  inputText: string;
  isEcho?: boolean;
}

const NOTHING: Progress = Object.freeze({ committed: Object.freeze([]) });

/** The assembler of one response. */
export class AnthropicAssembler implements Assembler<AnthropicMessage, AnthropicEvent> {
  readonly #pieces: OpenPiece[] = [];
  /** The blocks that have not stopped, by the provider's index. */
  readonly #open = new Map<number, OpenPiece>();
  readonly #history: readonly AnthropicMessage[];
  /** Made with the first call, as it takes a look at the whole history. */
  #calls: AnswerCalls | undefined;
  /** How many pieces the model has moved on from. */
  #committed = 0;
  #stop: string | undefined;
  #usage: AnthropicUsage = {};
  #model: string | undefined;

  constructor(history: readonly AnthropicMessage[] = []) {
    this.#history = history;
  }

  get ended(): boolean {
    return this.#stop !== undefined;
  }

  push(event: AnthropicEvent): Progress {
    // The most frequent first: a stream is nearly all deltas.
    switch (event.type) {
      case "content_block_delta":
        return this.#grow(event.index, event.delta as AnthropicDelta);
      case "message_start":
        this.#count(event.message.usage);
        this.#model = event.message.model;
        return NOTHING;
      case "content_block_start":
        return this.#start(event.index, event.content_block);
      case "content_block_stop":
        this.#open.delete(event.index);
        return { committed: this.#commit() };
      case "message_delta":
        this.#count(event.usage);
        this.#stop = event.delta.stop_reason ?? this.#stop;
        return { committed: this.#commit() };
      case "error":
        throw new TuttiError("model-failed", `${event.error.type}: ${event.error.message}`, { cause: event });
      case "ping":
      case "message_stop":
        return NOTHING;
      default:
        // The API adds event types; a client must let them pass.
        event satisfies never;
        return NOTHING;
    }
  }

  finish(): Turn<AnthropicMessage> {
    return this.#turn(this.#pieces, this.#stop);
  }

  committed(): Turn<AnthropicMessage> {
    return this.#turn(this.#pieces.slice(0, this.#committed), "end_turn");
  }

  #turn(pieces: readonly OpenPiece[], stop: string | undefined): Turn<AnthropicMessage> {
    return toTurn({ pieces, stop, usage: this.#usage, model: this.#model }, this.#committed);
  }

  #start(index: number, block: AnthropicBlock): Progress {
    this.#mustNotHaveEnded(index);
    this.#mustBeNew(index, block);
    const piece: OpenPiece = { ...this.#begun(block), inputText: "" };
    this.#pieces.push(piece);
    this.#open.set(index, piece);
    const { text } = piece.block as { text?: unknown };
    const committed = this.#commit();
    return typeof text === "string" && text !== "" ? { text, committed } : { committed };
  }

  /** A block of one's own to let grow; a call with the id that goes back. */
  #begun(block: AnthropicBlock): Pick<OpenPiece, "block" | "ownId"> {
    if (!isToolUse(block)) return { block: { ...block } };
    this.#calls ??= new AnswerCalls(this.#history);
    return this.#calls.begin(block);
  }

  #grow(index: number, delta: AnthropicDelta): Progress {
    this.#mustNotHaveEnded(index);
    const piece = this.#open.get(index);
    if (piece === undefined) {
      throw new TuttiError("model-failed", `a ${delta.type} came for block ${index}, which is not open`);
    }
    const { block } = piece;
    switch (delta.type) {
      case "input_json_delta":
        piece.inputText += delta.partial_json;
        return NOTHING;
      case "text_delta":
        block["text"] = grown(block["text"], delta.text);
        return { text: delta.text, committed: NOTHING.committed };
      case "thinking_delta":
        block["thinking"] = grown(block["thinking"], delta.thinking);
        return NOTHING;
      case "signature_delta":
        block["signature"] = delta.signature;
        return NOTHING;
      case "citations_delta":
        block["citations"] = grown(block["citations"] ?? [], [delta.citation]);
        return NOTHING;
      default: {
        // A delta that is not known here: its fields are the block's, as they are in all those above.
        const { type: _, ...fields } = delta as Record<string, unknown>;
        for (const [key, value] of Object.entries(fields)) block[key] = grown(block[key], value);
        return NOTHING;
      }
    }
  }

  #commit(): CallRequest[] {
    const from = this.#committed;
    if (isWhole(this.#stop)) {
      this.#committed = this.#pieces.length;
    } else {
      const open = new Set(this.#open.values());
      const firstOpen = this.#pieces.findIndex((piece) => open.has(piece));
      const last = this.#pieces.length - 1;
      this.#committed = Math.max(from, firstOpen === -1 ? last : Math.min(firstOpen, last));
    }
    const calls = this.#pieces.slice(from, this.#committed).filter(({ block }) => isToolUse(block));
    // What is sent twice is not to be run twice.
    for (const piece of calls) piece.isEcho = this.#calls?.isEcho(piece) === true;
    return calls.filter(({ isEcho }) => isEcho !== true).map(toCall);
  }

  /** A call may have been committed by then; it must not change, nor may one be committed before it is whole. */
  #mustNotHaveEnded(index: number): void {
    if (this.#stop === undefined) return;
    throw new TuttiError("model-failed", `block ${index} went on after the stop reason ${this.#stop}`);
  }

  #mustBeNew(index: number, block: AnthropicBlock): void {
    if (!this.#open.has(index)) return;
    throw new TuttiError("model-failed", `block ${index}, a ${block.type}, was started twice`);
  }

  /** The counts of an event are totals, not increments, and absent where nothing changed. */
  #count(usage: AnthropicUsage | undefined): void {
    const known = Object.entries(usage ?? {}).filter(([, count]) => typeof count === "number");
    this.#usage = { ...this.#usage, ...Object.fromEntries(known) };
  }
}

/** Text and lists grow; anything else takes the place of what was there. */
function grown(before: unknown, more: unknown): unknown {
  if (typeof before === "string" && typeof more === "string") return before + more;
  if (Array.isArray(before) && Array.isArray(more)) return [...before, ...(more as unknown[])];
  return more ?? before;
}
