/**
 * The seam between the simulator and a provider's protocol: the server knows scenarios, times and failures, a protocol
 * knows its own words. Everything in a protocol is pure. One folder per protocol implements this.
 */
import type { Timeline } from "./pacing.ts";

/** How a provider says no: the status and the body, without the request's id. */
export interface Refusal {
  readonly status: number;
  readonly body: { readonly [field: string]: unknown };
}

/** Something that the provider takes, but that hurts. */
export interface Warning {
  readonly code: "results-split" | "results-out-of-order" | "signature-unchecked";
  /** One sentence: where, what, and what comes of it. */
  readonly message: string;
}

/**
 * A way in which servers that imitate a provider depart from it. Each protocol says which of them it knows; the others
 * change nothing.
 */
export type Quirk = (typeof QUIRKS)[number];

/** All quirks. */
export const QUIRKS = [
  /** Chat: no fragment of a call has an `index`. */
  "no-index",
  /** Chat: every fragment of every call has the `index` 0. */
  "zero-index",
  /** No call has an id. */
  "no-ids",
  /** Every call of a turn has the same id. */
  "same-ids",
  /** Ids are counted anew in each turn, and in a form of the server's own: `functions.read_file:0`. */
  "counted-ids",
  /** Mistral: ids are nine letters and digits, and no others are taken. */
  "nine-character-ids",
  /** Chat: later fragments of a call repeat its id and name as empty texts. */
  "blank-repeats",
  /** Chat: each call comes whole in one fragment. */
  "whole-calls",
  /** Chat: each fragment holds all of the arguments so far. */
  "snapshots",
  /** Arguments are encoded as JSON twice. */
  "double-encoding",
  /** The stop reason of a turn that was cut off says that it was not. */
  "hidden-truncation",
  /** Responses: every item has the `output_index` 0, as from servers that translate from another protocol. */
  "shared-index",
  /** Responses: each event has another id for the same item, as from GitHub Copilot. */
  "changing-item-ids",
  /** Responses: results are looked for right behind their calls only, as DeepSeek does. */
  "adjacent-results",
  /** Gemini: the field `id` of a call or a result is not known. */
  "refuses-ids",
  /** Gemini: each call comes twice, as through a proxy. */
  "repeated-calls",
  /** Gemini: the signature comes at the end, on an empty text. */
  "late-signature",
  /** Gemini: what the model wrote is thrown away as malformed. */
  "malformed-call",
  /** Gemini: what the model wrote is thrown away as too many calls. */
  "too-many-calls",
  /** Gemini: what the model wrote is thrown away, and the response looks like a success. */
  "empty-stop",
  /** The client's wish for one call per turn is not heeded. */
  "ignores-parallel-switch",
] as const;

/** Where a request came in. */
export interface Route {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly quirks: ReadonlySet<Quirk>;
}

/** A call that a conversation holds. */
export interface MadeCall {
  readonly name: string;
  readonly input: unknown;
}

/** What the server needs to know of a request that was accepted. */
export interface Prompt {
  readonly model: string;
  /** How many messages the model has given in this conversation: the number of the turn to come, from 0. */
  readonly turn: number;
  /** The client allows one call per turn only. */
  readonly oneCall: boolean;
  /** What the client has told the model: its instructions, and all that users said, results left out. */
  readonly instructions: string;
  /** The names of the client's tools. */
  readonly tools: readonly string[];
  /** The calls for the client that the model has made in this conversation, in order; the input as an object. */
  readonly made: readonly MadeCall[];
  /** The client had thinking turned on, so that the turn must begin with it. */
  readonly thinkFirst: boolean;
  readonly stream: boolean;
  /** An estimate from the length of what came. */
  readonly inputTokens: number;
  /** What else of the request the protocol needs to know when it writes the response. */
  readonly wishes?: unknown;
}

/** A response to be spoken. */
export interface Reply {
  /** Letters and digits, different for every response. */
  readonly token: string;
  /** The number of the turn in its conversation, from 0. */
  readonly turn: number;
  /** How the server departs from the provider's protocol. */
  readonly quirks: ReadonlySet<Quirk>;
  /** The prompt's. */
  readonly wishes?: unknown;
  readonly model: string;
  readonly timeline: Timeline;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** An event of a stream, as JSON; a text is what the protocol sends that is none, such as `[DONE]`. */
export type StreamEvent = { readonly [field: string]: unknown } | string;

/** An event of a stream and when it is sent, in milliseconds from the request. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: StreamEvent;
}

/** One provider's protocol. */
export interface Protocol {
  /** The name of its wire: `anthropic-messages`. */
  readonly name: string;
  /** The routes that it answers to `POST`, as the router writes them: `/v1/messages`, `/v1/models/:model`. */
  readonly paths: readonly string[];
  /** Whether the headers let the request in. */
  authenticate(headers: Headers): Refusal | undefined;
  /** What the provider refuses of a body, if anything. */
  judge(body: unknown, route: Route): Refusal | undefined;
  /** What is unwise in a body that was accepted. */
  warn(body: unknown): Warning[];
  /** Reads a body that was accepted. */
  read(body: unknown, route: Route): Prompt;
  /** The response as a stream. A timeline that was cut off gives a stream without its end. */
  stream(reply: Reply): TimedEvent[];
  /** The response as a whole. */
  message(reply: Reply): unknown;
  /** One event as it goes over the line. */
  frame(event: StreamEvent): string;
  /** How the provider words what is wrong with a request. */
  refuse(message: string): Refusal;
  /** How the provider words a failure of its own; `message` replaces its text. */
  fail(status: number, message?: string): Refusal;
  /** The refusal with the request's id in its body. */
  identify(requestId: string, refusal: Refusal): Refusal;
  /** An error as an event of a stream that has begun. */
  errorEvent(refusal: Refusal): StreamEvent;
  /** The headers of a response. `nowMs` is the time of day, for the limits' resets. */
  headers(requestId: string, status: number, nowMs: number): Record<string, string>;
}
