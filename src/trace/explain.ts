/** Waits in words. A sentence comes in pieces, so that whoever shows it can lead from a piece to the call or the limit it names. */
import { nameOf } from "../core/call.ts";
import type { PathStep } from "./critical-path.ts";
import type { Stretch, TracedCall, TracedWait } from "./trace.ts";

/** A piece of a sentence. */
export interface SentencePart {
  readonly text: string;
  /** The key of the call that it names. */
  readonly call?: string;
  /** The pool that it names: `executor`, `tool:name`, or a pool's own name. */
  readonly pool?: string;
}

/** Whose wait it is. */
export interface WaitPlace {
  readonly calls: ReadonlyMap<string, TracedCall>;
  /** The call that waits; undefined if the trace does not have it. */
  readonly of: TracedCall | undefined;
  /** Whether it goes on: what for is told when it is over. @default false */
  readonly isOpen?: boolean;
}

/** What a wait was for: `the lock on customer/1, held by call 2 (write)`. */
export function explainWait(wait: TracedWait, { calls, of, isOpen = false }: WaitPlace): SentencePart[] {
  const other = (key: string): SentencePart => ({ text: nameOther(key, calls, of), call: key });
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
      return [
        {
          text: isOpen
            ? "something that is told when the wait is over"
            : "something that the trace does not tell, such as code that held the thread",
        },
      ];
  }
}

/** A call as another one knows it: where both do not belong to the same, it says to what it belongs. */
function nameOther(key: string, calls: ReadonlyMap<string, TracedCall>, of: TracedCall | undefined): string {
  const traced = calls.get(key);
  if (traced === undefined) return key;
  const { batch, turn = batch, parent } = traced;
  const name = nameOf(traced.call);
  const around = parent === undefined ? undefined : calls.get(parent);
  const inside = around === undefined ? name : `${name} in ${nameOf(around.call)}`;
  if (turn !== (of?.turn ?? of?.batch)) return `${inside} of ${turn}`;
  if (parent !== of?.parent)
    return around === undefined ? `${name} of the ${turn === batch ? "batch" : "turn"}` : inside;
  return batch === of?.batch ? name : `${name} of ${batch}`;
}

/** The same of a step of the critical path. */
export function explainStep(
  { wait, call, toMs }: Extract<PathStep, { kind: "wait" }>,
  calls: ReadonlyMap<string, TracedCall>,
): SentencePart[] {
  const of = calls.get(call);
  const last = of?.stretches.at(-1);
  return explainWait(wait, { calls, of, isOpen: last?.toMs === undefined && toMs > (last?.fromMs ?? toMs) });
}

/** A sentence of pieces, as text. */
export function sentenceOf(parts: readonly SentencePart[]): string {
  return parts.map(({ text }) => text).join("");
}

/** The calls of a trace by their keys, for `explainWait`. */
export function callsByKey(calls: readonly TracedCall[]): ReadonlyMap<string, TracedCall> {
  return new Map(calls.map((call) => [call.key, call]));
}

/** A shorter wait is the machine's, and explains nothing. */
export const LEAST_WAIT_MS = 0.5;

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
