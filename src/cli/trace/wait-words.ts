/** What calls waited for, in a few words. */
import type { WaitTotal } from "../../trace/figures.ts";
import type { CallNames } from "./call-names.ts";

/** A wait as a line of a table: `a slot of orders-api`. */
export function tellWaitTotal(
  { for: kind, what = "" }: Pick<WaitTotal, "for" | "what">,
  names: CallNames,
): string {
  switch (kind) {
    case "validation":
      return "the check of inputs";
    case "close":
      return "the model to stop";
    case "call":
      return `${names.short(what)}, which comes first`;
    case "lock":
      return `the lock on ${what}`;
    case "slot":
      return `a slot of ${poolOf(what)}`;
    case "rate":
      return `the rate of ${poolOf(what)}`;
    case "approval":
      return "the user's approval";
    case "retry":
      return "the next attempt to be due";
    case "unknown":
      return "what the trace does not tell";
  }
}

function poolOf(pool: string): string {
  if (pool === "executor") return "the executor";
  return pool.startsWith("tool:") ? `the tool ${pool.slice("tool:".length)}` : `the pool ${pool}`;
}
