/** Where a call is on its way to its outcome, and the arrows between. */
import type { Attempt } from "./attempt.ts";
import type { Call } from "./call.ts";
import type { Failure } from "./failure.ts";
import type { Gathering } from "./gathering.ts";
import type { Slot } from "./gate.ts";
import type { Outcome } from "./outcome.ts";
import type { Tickets } from "./pool.ts";

/** What an attempt starts with. */
export interface Start<Item> {
  readonly at: "starting";
  readonly slots: readonly Slot[];
  readonly tickets: Tickets;
  /** The calls that it runs together with. */
  readonly gathering: Gathering<Item> | undefined;
}

/** Where a call is on its way. */
export type CallState<Item extends { readonly call: Call }> =
  /** Its input is being checked, or that of a call before it. */
  | { readonly at: "arriving" }
  /** It may start only when the batch closes, or when it and those before it are approved. */
  | { readonly at: "held"; readonly until: "close" | "approval" }
  /** It waits for calls before it and for its locks. */
  | { readonly at: "queued" }
  /** It waits for the result of a call that is the same. */
  | { readonly at: "sharing" }
  /** It waits for slots. */
  | { readonly at: "ready" }
  /** It has its slots, and starts before anything else happens. */
  | Start<Item>
  | { readonly at: "running"; readonly attempts: readonly Attempt<Item>[] }
  /** It was told to stop, and ends as `failure` when it has, or when the grace is over. */
  | {
      readonly at: "stopping";
      readonly attempts: readonly Attempt<Item>[];
      readonly failure: Failure;
    }
  /** Its attempts have failed, and it will be ready again. */
  | { readonly at: "backing-off"; readonly failure: Failure }
  | { readonly at: "settled"; readonly outcome: Outcome };

type At = CallState<never>["at"];

// The states that carry nothing are made once.

/** The state of every call that has just come. */
export const ARRIVING = { at: "arriving" } as const;
/** The state of every call that is held until its batch closes. */
export const HELD = { at: "held", until: "close" } as const;
/** The state of every call that is held until it and those before it are approved. */
export const UNAPPROVED = { at: "held", until: "approval" } as const;
/** The state of every queued call. */
export const QUEUED = { at: "queued" } as const;
/** The state of every call that waits for slots. */
export const READY = { at: "ready" } as const;
/** The state of every call that waits for one that is the same. */
export const SHARING = { at: "sharing" } as const;

/** The arrows: whether a call may go from one state to the other. */
export function mayFollow(from: At, to: At): boolean {
  switch (from) {
    case "arriving":
      return to === "held" || to === "queued" || to === "settled";
    case "held":
      return to === "held" || to === "queued" || to === "settled";
    case "queued":
      return to === "ready" || to === "sharing" || to === "settled";
    case "sharing":
      return to === "ready" || to === "settled";
    case "ready":
      return to === "starting" || to === "settled";
    case "starting":
      return to === "running" || to === "settled";
    case "running":
      return to === "running" || to === "stopping" || to === "backing-off" || to === "settled";
    case "stopping":
      return to === "stopping" || to === "settled";
    case "backing-off":
      return to === "ready" || to === "settled";
    case "settled":
      return false;
  }
}
