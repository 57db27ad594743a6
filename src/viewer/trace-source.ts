/** Where the events of a trace that is watched come from: an executor that works, a file that may grow, or a list. */

/** What is told to who follows a trace. */
export type SourceMessage =
  /** Lines of a trace. `id` is where to go on from, by who was cut off. */
  | { readonly type: "events"; readonly id: string; readonly lines: readonly string[] }
  /** All that was told before is void: it begins anew. */
  | { readonly type: "reset" }
  /** What was no longer kept when this follower came to it. */
  | { readonly type: "dropped"; readonly turns: number; readonly events: number }
  /** There will be no more. */
  | { readonly type: "ended" };

/** A trace that can be followed by any number of followers. */
export interface TraceSource {
  /** What it is called on the page. */
  readonly name: string;
  readonly kind: "live" | "file";
  /**
   * All from the beginning, or from behind the message with the id `after`, and then what comes. It ends when the signal
   * aborts, or after `ended`.
   */
  follow(after: string | undefined, signal: AbortSignal): AsyncIterable<SourceMessage>;
}

/** Lines that go into one message at most. */
export const MAX_LINES = 2_000;
