/**
 * Words of the model's own: a query, a description, a name with something added. Nothing tells that they are from no result,
 * so that only these are believed, beside a call that asked the same kind of thing:
 *
 * 1. An earlier value with another name in it, where people plainly list the one behind the other (`Rust CLI tools`, `Zig CLI tools`).
 *    What follows a comma may be others (`Paris, France`, `Tokyo, Japan`).
 * 2. A name that people had said and the model had announced before it read anything, in a query that shares no word with an
 *    earlier one.
 *
 * No word that is new may be in a result in between, and none of a query may have a digit.
 */
import type { AskedCall, CallValue } from "./asked-call.ts";
import type { Entry, Origin } from "./entry.ts";
import { hasConditionWord } from "./plain-words.ts";
import { isUnderAnyCondition } from "./trace-known.ts";
import { foldValue, isCommon, termsOf } from "./terms.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { isNextInRow, isSingledOut } from "./rows.ts";

/** What is in another language has conditions that nobody knows here. */
const ENGLISH = /\b(the|and|for|of|to|is|let|with)\b/;

/** Traces a value of which the whole was not known. */
export function traceWords(value: CallValue, context: ProvenanceContext): Provenance {
  const { likes, chain, memory } = context;
  if (likes.length === 0 || typeof value.value !== "string") return notKnown("a value is the model's own");
  const users = memory.saidBefore(chain.head).filter(({ origin }) => origin.from === "user");
  return (
    traceListed(value, { likes, users }, context) ?? traceAnnounced(termsOf(value.value), users, context)
  );
}

/** An earlier value, with the name that comes next in people's list. */
function traceListed(
  { folded, value }: CallValue,
  { likes, users }: { readonly likes: readonly CallValue[]; readonly users: readonly Entry[] },
  context: ProvenanceContext,
): Provenance | undefined {
  const { memory, chain } = context;
  const request = memory.requestAt(chain.head);
  const said = (text: string) => runsOf(text).filter((run) => memory.isOfPeople(run));
  const own = said(folded).filter((run) => run !== folded);
  const asked = likes.map((like) => said(like.folded));
  for (const [i, { folded: like }] of likes.entries()) {
    for (const other of asked[i] ?? []) {
      for (const run of own) {
        const rest = restOf({ value: folded, name: run }, { value: like, name: other });
        if (rest === undefined) continue;
        const entry = users.find(({ text }) => isNextInRow(run, asked.flat(), text));
        if (entry === undefined || isSingledOut(run, asked.flat(), entry.text)) continue;
        if (!request.isPlain(entry) || isUnderAnyCondition(run, context)) continue;
        // A result that has names may have told what another name is completed with, in whatever words.
        const tail = String(value).trim().slice(-rest.length);
        if (rest !== "" && !/^\p{Lu}[\p{L}.]*( \p{Lu}[\p{L}.]*)*$/u.test(tail)) continue;
        if (rest !== "" && chain.between.hasNameBut(chain.terms)) continue;
        if (termsOf(rest).some((term) => isTaken(term, context))) continue;
        return { kind: "own", origin: entry.origin };
      }
    }
  }
  return undefined;
}

/** A value, and the name in it. */
interface Named {
  readonly value: string;
  readonly name: string;
}

/** What a value has beside its name and an earlier one has not: undefined where they are asked otherwise. */
function restOf(own: Named, earlier: Named): string | undefined {
  const [frame, other] = [own, earlier].map(({ value, name }) => value.split(name));
  if (frame?.join("\n") === other?.join("\n")) return "";
  const [tail, otherTail] = [frame, other].map((parts) =>
    parts?.length === 2 && parts[0] === ""
      ? /^, ?([\p{L} .]{2,30})$/u.exec(parts[1] as string)?.[1]
      : undefined,
  );
  return otherTail === undefined ? undefined : tail;
}

/** A name that people said and the model announced, in a query of its own. */
function traceAnnounced(
  terms: readonly string[],
  users: readonly Entry[],
  context: ProvenanceContext,
): Provenance {
  const announced = announcedIn(terms, context, users);
  if (announced === undefined) return notKnown("a value is the model's own");
  if (context.chain.asked.some((one) => sharesWords(one, terms)))
    return notKnown("it asks more closely for the same");
  const rest = terms.filter((term) => !announced.terms.has(term));
  const taken = rest.find((term) => /\d/.test(term) || term.length < 3 || isTaken(term, context));
  if (taken !== undefined) return notKnown(`"${taken}" may be from a result in between`);
  return { kind: "own", origin: announced.origin };
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

/** The terms of a name that people said and the model wrote before it read anything, neither under a condition. */
function announcedIn(
  terms: readonly string[],
  context: ProvenanceContext,
  users: readonly Entry[],
): { readonly terms: ReadonlySet<string>; readonly origin: Origin } | undefined {
  const { chain, memory } = context;
  const names = memory.announcedAt(chain.head).filter((name) => /\d/.test(name) && /\p{L}{3,}/u.test(name));
  const { text: written = "" } = memory.writtenIn(chain.head) ?? {};
  if (hasConditionWord(written) || !ENGLISH.test(written)) return undefined;
  for (const name of names) {
    const own = new Set(termsOf(name));
    const folded = foldValue(name);
    const entry = users.find(({ text }) => text.includes(folded));
    const letters = [...own].filter((term) => /^\p{L}{3,}$/u.test(term));
    if (entry === undefined || letters.length === 0 || !letters.every((term) => terms.includes(term)))
      continue;
    if (isUnderAnyCondition(folded, context)) continue;
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
