/**
 * Where a value of a later call comes from, seen from before the results in between.
 *
 * 1. A value of which anything stands first in a result in between comes from there, however little it is.
 * 2. What stands nowhere is the model's own: words that it found itself, or something that it worked out.
 */
import type { Memory, Origin } from "./memory.ts";
import type { OpenChain } from "./open-chain.ts";
import type { Scalar } from "./scalars.ts";
import { isCommandWord } from "./shell-command.ts";
import { isCommon, isNumber, termsOf, type Terms } from "./terms.ts";

/** Where a value comes from. */
export type Trace =
  /** From a result in between: the call had to wait for it. */
  | { readonly kind: "result"; readonly term: string }
  /** As a whole from before; `isNamedAgain` if a result in between names it, too. */
  | { readonly kind: "known"; readonly origin: Origin; readonly isNamedAgain: boolean }
  /** All its words are from before. */
  | { readonly kind: "pieced-together"; readonly origin: Origin }
  /** Words that stand nowhere. */
  | { readonly kind: "new" }
  /** A number that stands nowhere: it may have been worked out. */
  | { readonly kind: "new-number" }
  /** Says nothing: a switch, how much is wanted at most, the name of a command. */
  | { readonly kind: "setting" };

/** Between what a value is traced. */
export interface TraceContext {
  readonly memory: Memory;
  /** The turns before: a value has to be known before the results of the first of them. */
  readonly chain: OpenChain;
  /** Whether the value is a command for a shell. */
  readonly isCommand: boolean;
}

/** Keys that say how much is wanted, or how. */
const SETTING =
  /^(limit|max|top_?k|count|size|n|timeout|lines|head_limit|verbose|format|.*_(ms|tokens|limit|results|size|count|length)|(max|page|num|timeout|yield)[A-Z_].*)$/;

/** Traces a value. */
export function traceValue({ key, value }: Scalar, context: TraceContext): Trace {
  if (typeof value === "boolean") return { kind: "setting" };
  const terms = termsOf(String(value));
  if (terms.whole === "") return { kind: "setting" };
  const { memory, chain, isCommand } = context;
  const origin = memory.whereKnown(terms.whole, chain.head);
  if (origin !== undefined) return { kind: "known", origin, isNamedAgain: isNamedAgain(terms, chain) };
  const taken = takenFrom(terms, context);
  if (taken !== undefined) return { kind: "result", term: taken };
  if (typeof value !== "string" || isNumber(terms.whole)) {
    return { kind: SETTING.test(key) ? "setting" : "new-number" };
  }
  const words = isCommand
    ? terms.words.filter((word) => !isCommandWord(word) && word.length > 1)
    : terms.words;
  if (words.length === 0) return isCommand ? { kind: "setting" } : { kind: "new" };
  const origins = words.map((word) => memory.whereKnown(word, chain.head, "parts"));
  const [first] = origins;
  if (first !== undefined && origins.every((one) => one !== undefined)) {
    return { kind: "pieced-together", origin: first };
  }
  return { kind: "new" };
}

/** The first term of a value that stands in a result in between, and stood nowhere before. */
function takenFrom(
  { whole, segments, words }: Terms,
  { memory, chain: { head, between } }: TraceContext,
): string | undefined {
  const isKnown = (term: string) => memory.whereKnown(term, head, "parts") !== undefined;
  if (between.names(whole)) return whole;
  const isText = /\s/.test(whole);
  const term = [...segments, ...words].find((one) => {
    // In a sentence, an ordinary word is no part of a longer one: `config` is not from `configuration`.
    const isOrdinary = isText && /^\p{L}+$/u.test(one);
    const isNamed = isOrdinary ? between.hasWord(one) : between.names(one);
    return isNamed && !isKnown(one);
  });
  if (term !== undefined) return term;
  for (const word of words) {
    const inside = isKnown(word) ? undefined : between.wordInside(word, isKnown);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Whether results in between point at a value that was known: then the model may have followed them. */
function isNamedAgain({ whole, segments }: Terms, chain: OpenChain): boolean {
  if (chain.hasValue(whole)) return false;
  const isSentence = whole.includes(" ");
  const last = segments.at(-1) ?? whole;
  const telling = isSentence || isCommon(last) || last.length < 3 ? [whole] : [whole, last];
  return telling.some((term) => chain.between.names(term));
}
