/** The texts of a session, and where they come from. */

/** Where a text comes from; turns are counted from 0. */
export interface Origin {
  readonly from: "user" | "system" | "model" | "input" | "result";
  readonly turn: number;
}

/** A text of a session. */
export interface Entry {
  readonly origin: Origin;
  /** The order of things: what was said before a turn, what the model wrote in it, and its results. */
  readonly at: number;
  /** As it was written. */
  readonly raw: string;
  /** Folded. */
  readonly text: string;
  /** Of what people said and the model wrote. */
  readonly sentences: readonly string[];
}

/** All that texts come from. */
export const ANYWHERE: ReadonlySet<Origin["from"]> = new Set([
  "user",
  "system",
  "model",
  "input",
  "result",
] as const);
