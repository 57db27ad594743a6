/**
 * What every history is read to: sessions of turns. It is as much as an analysis needs and no more; what a format does not
 * tell is absent, never made up.
 */

/** One call of a turn, with what came of it. */
export interface SessionCall {
  /** The provider's id; empty where there is none. */
  readonly id: string;
  readonly name: string;
  /** The arguments. Undefined where they were not recorded. */
  readonly input: unknown;
  /** What the model read, as text. Undefined where it was not recorded, or never came. */
  readonly result: string | undefined;
  /** Images of the result, which are counted and not looked at. */
  readonly images: number;
  readonly isError: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** Milliseconds since 1970. */
  readonly endedAt?: number | undefined;
}

/** What was said to the model. */
export interface Said {
  readonly by: "user" | "system";
  readonly text: string;
}

/** One response of a model. */
export interface SessionTurn {
  /** What was said to the model since its last turn, other than results. A chain of turns ends where there is any. */
  readonly said: readonly Said[];
  /** The model's own words. */
  readonly text: string;
  /** What the model thought before it, or a summary of that, where it was recorded. */
  readonly thinking?: string | undefined;
  readonly calls: readonly SessionCall[];
  /** All of the input, cached or not. */
  readonly inputTokens?: number | undefined;
  /** The part of `inputTokens` that came from the provider's cache. */
  readonly cachedInputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** When the model was asked: milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** When it had answered: milliseconds since 1970. */
  readonly endedAt?: number | undefined;
}

/** One conversation. */
export interface Session {
  /** How it is called in reports: a file, and an id or a number where the file holds several. */
  readonly name: string;
  /** The format that it was read from: `claude-code`. */
  readonly source: string;
  readonly turns: readonly SessionTurn[];
}
