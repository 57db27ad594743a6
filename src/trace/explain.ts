/** Waits in words. A sentence comes in pieces, so that whoever shows it can lead from a piece to the call or the limit it names. */
import { nameOf } from "../core/call.ts";
import type { Stretch, TracedCall, TracedWait } from "./trace.ts";

/** A piece of a sentence. */
export interface SentencePart {
  readonly text: string;
  /** The key of the call that it names. */
  readonly call?: string;
  /** The pool that it names: `executor`, `tool:name`, or a pool's own name. */
  readonly pool?: string;
}

/** What a wait was for: `the lock on customer/1, held by call 2 (write)`. */
export function explainWait(
  wait: TracedWait,
  { calls }: { readonly calls: ReadonlyMap<string, TracedCall> },
): SentencePart[] {
  const other = (key: string): SentencePart => {
    const traced = calls.get(key);
    return { text: traced === undefined ? key : nameOf(traced.call), call: key };
  };
  switch (wait.for) {
    case "validation":
      return [{ text: "the check of its input, or of one before it" }];
    case "close":
      return [{ text: "the model to finish its turn" }];
    case "call":
      return [other(wait.call), { text: ", which comes first" }];
    case "lock":
      return [{ text: `the lock on ${wait.resource}, held by ` }, other(wait.heldBy)];
    case "slot":
      return [{ text: "a slot of " }, limitOf(wait.pool)];
    case "rate":
      return [{ text: "the rate of " }, limitOf(wait.pool)];
    case "approval":
      return [{ text: "the user's approval" }];
    case "retry":
      return [{ text: "the next attempt to be due" }];
    case "unknown":
      return [{ text: "something that the trace does not tell, such as code that held the thread" }];
  }
}

/** A sentence of pieces, as text. */
export function sentenceOf(parts: readonly SentencePart[]): string {
  return parts.map(({ text }) => text).join("");
}

/** The calls of a trace by their keys, for `explainWait`. */
export function callsByKey(calls: readonly TracedCall[]): ReadonlyMap<string, TracedCall> {
  return new Map(calls.map((call) => [call.key, call]));
}

/** What a call waited for and how long, in order; stretches for the same are one. */
export function waitsOfCall({ stretches }: TracedCall): Extract<Stretch, { kind: "wait" }>[] {
  const waits: Extract<Stretch, { kind: "wait" }>[] = [];
  for (const stretch of stretches) {
    if (stretch.kind !== "wait") continue;
    const last = waits.at(-1);
    const goesOn =
      last?.toMs === stretch.fromMs && JSON.stringify(last.wait) === JSON.stringify(stretch.wait);
    if (goesOn) waits[waits.length - 1] = { ...last, toMs: stretch.toMs };
    else waits.push(stretch);
  }
  return waits;
}

function limitOf(pool: string): SentencePart {
  if (pool === "executor") return { text: "the executor", pool };
  return {
    text: pool.startsWith("tool:") ? `the tool ${pool.slice("tool:".length)}` : `the pool ${pool}`,
    pool,
  };
}
