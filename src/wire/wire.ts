/**
 * The seam between a provider's protocol and Tutti: pure functions over the provider's JSON, no SDK and no HTTP.
 *
 * One wire per protocol. A turn comes in whole (`read`) or as a stream (`assemble`); both give the same `Turn`.
 * What goes back into the history is the provider's own, so that signatures and order survive. Results come
 * encoded: how a value reads is no concern of a protocol's.
 */
import type { CallRequest } from "../core/call-request.ts";
import type { StopReason, Usage } from "../core/model-turn.ts";
import type { EncodedResult } from "../core/result.ts";
import type { Tool } from "../core/tool.ts";
import type { PlainMessage } from "./plain-history.ts";
import type { RepairOptions } from "./repair.ts";

export type { StopReason, Usage } from "../core/model-turn.ts";

/** One model response, read to what Tutti needs of it. */
export interface Turn<Message> {
  /**
   * The turn as it goes back into the history: the provider's blocks, in order, altered only where the provider refuses
   * its own. Empty when the model said nothing.
   */
  readonly messages: readonly Message[];
  /** The calls for the client, in the model's order. One that was cut off is marked `truncated`. */
  readonly calls: readonly CallRequest[];
  /** The text of the message, all blocks joined. */
  readonly text: string;
  readonly stop: StopReason;
  readonly usage: Usage;
  /** The model that answered, as the provider calls it; absent if it does not say. */
  readonly model?: string;
}

/** What one stream event told. */
export interface Progress {
  /** Text that the model added. Absent when there was none. */
  readonly text?: string;
  /** Calls that this event committed: the model has moved on from them, their arguments are whole. */
  readonly committed: readonly CallRequest[];
}

/** Puts a stream together. It is used once, for one response. */
export interface Assembler<Message, Event> {
  /** Whether the provider has said why the model stopped. A stream that is over and has not ended was cut off. */
  readonly ended: boolean;
  /**
   * Takes the next event of the stream, as the provider sent it.
   *
   * @throws TuttiError `model-failed` for an error event inside the stream.
   */
  push(event: Event): Progress;
  /**
   * The turn as far as it came. Without a stop reason from the provider it is `truncated`, and every call that was not
   * committed is marked so.
   */
  finish(): Turn<Message>;
  /** The turn as though the model had stopped after the last block that it has moved on from: nothing in it is cut off. */
  committed(): Turn<Message>;
}

/** What a response is read with. */
export interface ReadOptions<Message> {
  /** The history that the response goes on with: an id of a call in it is not given to another. @default none */
  readonly history?: readonly Message[] | undefined;
}

/** What it takes to write a history of a protocol. */
export interface WireHistory<Message> {
  /** The protocol's name: `anthropic-messages`. */
  readonly name: string;
  /**
   * Which servers or models of the protocol it writes for, where they take different things: histories go from one dialect to
   * another by `convertHistory`.
   *
   * @default the only one
   */
  readonly dialect?: string | undefined;
  /** The message that says what a user said. It may follow the results of a turn. */
  user(text: string): Message;
  /**
   * The messages that answer a turn's calls: `results` has one per call, in call order. Byte for byte the same for the
   * same results (G8).
   *
   * @throws TuttiError `invalid-message` when there are more or fewer results than calls
   */
  results(turn: Turn<Message>, results: readonly EncodedResult[]): Message[];
  /** The history as the provider takes it; the identical list if it is in order. See `repairHistory`. */
  repair(messages: readonly Message[], options?: RepairOptions): readonly Message[];
  /** A history that is in order, in no provider's terms. See `convertHistory`. */
  toPlain(messages: readonly Message[]): PlainMessage[];
  /** A history in the provider's own terms; it may still have to be repaired. */
  fromPlain(history: readonly PlainMessage[]): Message[];
}

/** One provider's protocol. `Message` is its history entry, `Response` its whole answer, `Event` its stream event. */
export interface Wire<Message, Response, Event, Definition> extends WireHistory<Message> {
  /** The tools as the provider wants them described. */
  tools(tools: readonly Tool[]): Definition[];
  /** Reads a whole response. */
  read(response: Response, options?: ReadOptions<Message>): Turn<Message>;
  /** Starts to assemble a streamed response. */
  assemble(options?: ReadOptions<Message>): Assembler<Message, Event>;
}
