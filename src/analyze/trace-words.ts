/**
 * Words of the model's own: a query, a description, a name with something added. Nothing tells that they are from no result,
 * so that only these are believed, beside a call that asked the same kind of thing:
 *
 * 1. It has a name that people had listed beside one that the chain asked for (`Paris, Tokyo`), or that people had said and the
 *    model had announced before it read anything.
 * 2. No other word of it is in a result in between, and none has a digit.
 * 3. It is not an earlier query in other words: it shares none, or differs from it by listed names alone.
 */
import type { AskedCall, CallValue } from "./call-values.ts";
import type { Entry, Memory, Origin } from "./memory.ts";
import { foldValue, isCommon, termsOf } from "./terms.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { isListedWith, isUnderCondition } from "./user-words.ts";

/** So many earlier values are compared, the last ones. */
const MAX_LIKES = 8;

/** Traces a value of which the whole was not known. */
export function traceWords(value: CallValue, context: ProvenanceContext): Provenance {
  const { alike, chain, memory } = context;
  const likes = alike.flatMap(({ values }) => values.filter(({ key }) => key === value.key));
  if (likes.length === 0 || typeof value.value !== "string") return notKnown("a value is the model's own");
  const users = memory.saidBefore(chain.head).filter(({ origin }) => origin.from === "user");
  const name = listedName(value, likes, { memory, users });
  const shared = new Set(likes.flatMap((one) => termsOf(one.folded)));
  const terms = termsOf(value.value);
  const others = terms.filter((term) => !shared.has(term));
  if (name !== undefined) {
    const rest = others.filter((term) => !termsOf(name.run).includes(term));
    const isRefined = terms.some((term) => shared.has(term)) && rest.length > 0;
    if (isRefined) return notKnown("it asks more closely for the same");
    const taken =
      [...rest, ...termsOf(name.run)].find((term) => isTaken(term, context)) ??
      rest.find((term) => /\d/.test(term));
    if (taken !== undefined) return notKnown(`"${taken}" may be from a result in between`);
    if (isUnderCondition(name.run, name.entry)) return notKnown("it is under a condition");
    return { kind: "own", origin: name.entry.origin };
  }
  const announced = announcedIn(terms, context, users);
  if (announced === undefined) return notKnown("a value is the model's own");
  if (chain.asked.some((one) => sharesWords(one, terms))) {
    return notKnown("it asks more closely for the same");
  }
  const rest = terms.filter((term) => !announced.terms.has(term));
  const taken = rest.find((term) => /\d/.test(term) || term.length < 3 || isTaken(term, context));
  if (taken !== undefined) return notKnown(`"${taken}" may be from a result in between`);
  return { kind: "own", origin: announced.origin };
}

/** A run of words that a user listed beside a part of an earlier value. What the values share is no part of a list. */
function listedName(
  { folded }: CallValue,
  likes: readonly CallValue[],
  { memory, users }: { readonly memory: Memory; readonly users: readonly Entry[] },
): { readonly run: string; readonly entry: Entry } | undefined {
  const said = (text: string) => runsOf(text).filter((run) => memory.isOfPeople(run));
  const own = said(folded);
  if (own.length === 0) return undefined;
  for (const like of likes.slice(-MAX_LIKES)) {
    const others = said(like.folded).filter((run) => !own.includes(run));
    for (const run of own.filter((one) => !others.includes(one) && !like.folded.includes(one))) {
      const entry = users.find(({ text }) => others.some((other) => isListedWith(run, other, text)));
      if (entry !== undefined) return { run, entry };
    }
  }
  return undefined;
}

/** All runs of words of a value, the longest first. */
function runsOf(folded: string): readonly string[] {
  const words = folded
    .split(/[\s,;:"()]+/)
    .filter((word) => word !== "")
    .slice(0, 12);
  const runs: string[] = [];
  for (let length = Math.min(4, words.length); length > 0; length--) {
    for (let start = 0; start + length <= words.length; start++) {
      const run = words.slice(start, start + length).join(" ");
      if (!isCommon(run)) runs.push(run);
    }
  }
  return runs;
}

/** The terms of a name that the user said and the model wrote before it read anything: an identifier, or capitalised. */
function announcedIn(
  terms: readonly string[],
  { chain, memory }: ProvenanceContext,
  users: readonly Entry[],
): { readonly terms: ReadonlySet<string>; readonly origin: Origin } | undefined {
  const names = memory.announcedAt(chain.head).filter((name) => /\d/.test(name) && /\p{L}{3,}/u.test(name));
  for (const name of names) {
    const own = new Set(termsOf(name));
    const entry = users.find(({ text }) => text.includes(foldValue(name)));
    const letters = [...own].filter((term) => /^\p{L}{3,}$/u.test(term));
    if (entry === undefined || letters.length === 0 || !letters.every((term) => terms.includes(term)))
      continue;
    if (!letters.some((term) => chain.terms.has(term))) return { terms: own, origin: entry.origin };
  }
  return undefined;
}

function sharesWords({ values }: AskedCall, terms: readonly string[]): boolean {
  const asked = new Set(values.flatMap(({ folded }) => termsOf(folded)));
  return terms.some((term) => /^\p{L}{3,}$/u.test(term) && asked.has(term));
}

function isTaken(term: string, { chain: { between, terms } }: ProvenanceContext): boolean {
  if (terms.has(term)) return false;
  return (
    between.hasTerm(term) ||
    // A short word is no part of a longer one: `config` is not from `configuration`.
    (term.length > 8 && between.hasName(term)) ||
    (term.length > 5 && between.termInside(term) !== undefined)
  );
}
