/** Where the events of a trace that is watched come from: an executor that works, a file that may grow, or a list. */

/** What is told to who follows a trace. */
export type SourceMessage =
  /** Lines of a trace. `id` is where to go on from, by who was cut off. */
  | { readonly type: "events"; readonly id: string; readonly lines: readonly string[] }
  /** What the time is, on the clock that the events that follow were stamped by. Of a file nobody knows. */
  | { readonly type: "clock"; readonly now: number }
  /** All that was told before is void: it begins anew. */
  | { readonly type: "reset" }
  /** What was no longer kept when this follower began, or began anew; `turns` are those of which nothing is left. */
  | { readonly type: "dropped"; readonly turns: number; readonly events: number }
  /** The file is not there, or cannot be read. When it can, it begins anew. */
  | { readonly type: "missing" }
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
