/**
 * The seam between a provider's protocol and Tutti: pure functions over the provider's JSON, no SDK and no HTTP.
 *
 * One wire per protocol. A turn comes in whole (`read`) or as a stream (`assemble`); both give the same `Turn`.
 * The assistant's message in a turn is the provider's own, unaltered, so that signatures and order survive.
 */
import type { CallRequest } from "../core/call.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Tool } from "../core/tool.ts";

/**
 * Why a model stopped.
 *
 * - `calls`: it waits for the results of its calls.
 * - `end`: it has said what it had to say.
 * - `truncated`: a token limit, or the end of the stream, cut it off; the last call may be incomplete (G9).
 * - `refused`: the provider or the model declined.
 * - `paused`: the provider asks for the same conversation again, to go on.
 */
export type StopReason = "calls" | "end" | "truncated" | "refused" | "paused";

/** Tokens of one response, as the provider counts them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Input tokens that were read from the provider's cache. */
  readonly cachedInputTokens: number;
}

/** One model response, read to what Tutti needs of it. */
export interface Turn<Message> {
  /** The assistant's message as it goes back into the history: the provider's blocks, in order, unaltered. */
  readonly message: Message;
  /** The calls for the client, in the model's order. One that was cut off is marked `truncated`. */
  readonly calls: readonly CallRequest[];
  /** The text of the message, all blocks joined. */
  readonly text: string;
  readonly stop: StopReason;
  readonly usage: Usage;
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
}

/** One provider's protocol. `Message` is its history entry, `Response` its whole answer, `Event` its stream event. */
export interface Wire<Message, Response, Event, Definition> {
  /** The protocol's name: `anthropic-messages`. */
  readonly name: string;
  /** The tools as the provider wants them described. */
  tools(tools: readonly Tool[]): Definition[];
  /** The message that says what a user said. */
  user(text: string): Message;
  /** Reads a whole response. */
  read(response: Response): Turn<Message>;
  /** Starts to assemble a streamed response. */
  assemble(): Assembler<Message, Event>;
  /**
   * The messages that answer a turn's calls: one result per outcome, in call order, byte for byte the same for the same
   * outcomes (G8).
   */
  results(turn: Turn<Message>, outcomes: readonly Outcome[]): Message[];
}
