/** What goes into a thread, and what comes out of it. All of it is cloned on the way. */
import type { MessagePort } from "node:worker_threads";
import type { PackedThrown } from "./packed-thrown.ts";
import type { ThreadContext } from "./thread-context.ts";

/** One call, on its way into a thread. */
export interface ThreadCall extends Omit<ThreadContext, "progress"> {
  /** A URL. */
  readonly module: string;
  readonly input: unknown;
  /** Where messages go. It is closed after the last, and when the thread ends. */
  readonly port: MessagePort;
}

/** What a thread says of its call: that it has begun, then progress, then how it ended. */
export type ThreadMessage =
  | { readonly type: "started"; readonly threadId: number }
  | { readonly type: "progress"; readonly value: unknown }
  | ThreadEnd;

/** How a call ended in its thread. */
export type ThreadEnd =
  | { readonly type: "returned"; readonly value: unknown }
  | { readonly type: "threw"; readonly thrown: PackedThrown };
