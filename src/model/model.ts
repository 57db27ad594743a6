/**
 * The seam between the agent loop and a provider's client. A model is asked for one turn at a time; streamed or whole, its
 * response reads the same: some progress, then the turn. Transport, authentication and retries are the client's.
 */
import type { Parallel } from "../core/batch.ts";
import type { Tool } from "../core/tool.ts";
import type { Progress, Turn, WireHistory } from "../wire/wire.ts";

/** What a model is asked. */
export interface ModelRequest<Message> {
  readonly messages: readonly Message[];
  readonly system?: string | undefined;
  readonly tools: readonly Tool[];
  /** Whether the model may make several calls in the turn; said to the provider where it takes that. @default "auto" */
  readonly parallel?: Parallel | undefined;
  /** Ends the request; the response then throws or just ends. */
  readonly signal: AbortSignal;
}

/**
 * One response as it comes in; nothing is sent before it is iterated, and it is iterated once. The first progress, which
 * may be empty, says that the response has begun: what breaks after that is worth asking for again, while what failed
 * before it the client has retried already. It throws a `TuttiError` `model-failed` when the request fails, or the
 * response breaks off.
 */
export interface ModelResponse<Message> extends AsyncIterable<Progress> {
  /** The turn as far as it came: all of it once the iteration has ended. */
  turn(): Turn<Message>;
  /** The part of the turn that the model has moved on from; its calls are those that progress committed. */
  committed(): Turn<Message>;
}

/** A provider's model, ready to be asked. `Message` is an entry of its history. */
export interface Model<Message> {
  /** How its history is written. */
  readonly wire: WireHistory<Message>;
  /** What the provider calls it, for those who look at a trace. */
  readonly name?: string | undefined;
  /** Asks for the next turn. */
  request(request: ModelRequest<Message>): ModelResponse<Message>;
}
