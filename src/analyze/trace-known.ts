/**
 * Whether a value that was known before the results in between would have been asked for without them. There are three ways:
 *
 * 1. People plainly ask for it. Of what they list it is the next, so that even a result that names it points at nothing new.
 * 2. The model said that it would ask for it, before it had read anything.
 * 3. A tool had listed it, people want all that there is, and it is the next in the listing.
 */
import type { CallValue } from "./asked-call.ts";
import type { Entry, Origin } from "./entry.ts";
import { isNamedAgain, namedTerm } from "./named-again.ts";
import { hasConditionWord, isStepwise } from "./plain-words.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { isNextInListing, isNextInRow, isSingledOut } from "./rows.ts";
import { standsIn } from "./terms.ts";

const PEOPLE: ReadonlySet<Origin["from"]> = new Set(["user"] as const);
const RESULTS: ReadonlySet<Origin["from"]> = new Set(["result"] as const);

/** A value, what was known of it, and where it stands. */
interface Found {
  readonly value: CallValue;
  /** The whole, or the part of it that an earlier call has not. */
  readonly folded: string;
  readonly entry: Entry;
}

/** Traces a value that stood by itself in any of them; undefined where it did not. */
export function traceKnown(
  value: CallValue,
  folded: string,
  context: ProvenanceContext,
): Provenance | undefined {
  const { memory, chain } = context;
  const said = memory.entryBefore(folded, chain.head, PEOPLE);
  const written = memory.writtenIn(chain.head);
  const listed = memory.entryBefore(folded, chain.head, RESULTS);
  const traces = [
    said && traceSaid({ value, folded, entry: said }, context),
    written && standsIn(folded, written.text) && traceAnnounced({ value, folded, entry: written }, context),
    listed && traceListing({ value, folded, entry: listed }, context),
  ].filter((trace) => typeof trace === "object");
  if (traces.length > 0 && isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  return traces.find(({ kind }) => kind === "known") ?? traces[0];
}

/** Whether people plainly asked for a value. */
export function isAskedByPeople(folded: string, { memory, chain }: ProvenanceContext): boolean {
  const entry = memory.entryBefore(folded, chain.head, PEOPLE);
  return entry !== undefined && memory.requestAt(chain.head).isPlain(entry);
}

/** Whether a text that is not plain speaks of a value and of a condition. */
export function isUnderAnyCondition(folded: string, { memory, chain }: ProvenanceContext): boolean {
  const request = memory.requestAt(chain.head);
  const said = memory.saidBefore(chain.head);
  if (said.some(({ origin, sentences }) => origin.from === "system" && sentences.some(isStepwise)))
    return true;
  return [...said, memory.writtenIn(chain.head)].some(
    (entry) =>
      entry !== undefined &&
      !(entry.origin.from !== "system" && request.isPlain(entry)) &&
      entry.sentences.some(
        (one, i) =>
          one.includes(folded) && [one, entry.sentences[i + 1] ?? ""].some((near) => hasConditionWord(near)),
      ),
  );
}

function traceSaid(found: Found, context: ProvenanceContext): Provenance {
  const { folded, entry } = found;
  if (!context.memory.requestAt(context.chain.head).isPlain(entry))
    return notKnown("people's words are not understood");
  const likes = likesOf(found, context);
  if (!isNextInRow(folded, likes, entry.text)) return notKnown("it is not what comes next in people's list");
  if (isSingledOut(folded, likes, entry.text)) return notKnown("people want one of what they list");
  if (!isSpelledAlike(found, context)) return notKnown("it is spelled otherwise");
  return known(found, !isNamedAgain(folded, context));
}

/** Whether a value is spelled as people do, or in capitals or small letters as the earlier ones are. */
function isSpelledAlike({ value, folded, entry }: Found, { likes }: ProvenanceContext): boolean {
  const raw = String(value.value).trim().slice(-folded.length);
  if (entry.raw.includes(raw)) return true;
  return likes.some((one) => caseOf(String(one.value)) === caseOf(String(value.value)));
}

function caseOf(text: string): string {
  if (text === text.toLowerCase()) return text === text.toUpperCase() ? "none" : "small";
  return text === text.toUpperCase() ? "capitals" : "mixed";
}

function traceAnnounced(found: Found, context: ProvenanceContext): Provenance {
  const { folded, entry } = found;
  const request = context.memory.requestAt(context.chain.head);
  if (!request.isUnderstood) return notKnown("people's words are not understood");
  if (!request.isPlain(entry)) return notKnown("the model's words are not understood");
  const likes = likesOf(found, context);
  if (!isNextInRow(folded, likes, entry.text))
    return notKnown("it is not what comes next in the model's list");
  if (isSingledOut(folded, likes, entry.text)) return notKnown("the model wants one of what it lists");
  return unlessNamed(found, context);
}

function traceListing(found: Found, context: ProvenanceContext): Provenance {
  const { memory, chain } = context;
  const likes = likesOf(found, context);
  const request = memory.requestAt(chain.head);
  if (
    !request.wantsEachOf(memory.callsOf(found.entry.origin.turn)) ||
    likes.some((one) => request.names(one))
  )
    return notKnown("one of a listing may have been chosen");
  if (!isNextInListing(found.folded, likes, found.entry.text))
    return notKnown("it is not what comes next in the listing");
  return unlessNamed(found, context);
}

function unlessNamed(found: Found, context: ProvenanceContext): Provenance {
  const term = namedTerm(found.value, context);
  return term === undefined ? known(found, false) : notKnown(`"${term}" is in a result in between`);
}

function known({ value, folded, entry }: Found, isSure: boolean): Provenance {
  const isWhole = folded === value.folded;
  return { kind: "known", origin: entry.origin, isCertain: isSure && isWhole, isWhole };
}

/** The last values that stood in a value's place: of a path, what stands where its known part does. */
function likesOf({ value, folded }: Found, { likes }: ProvenanceContext): readonly string[] {
  const before = value.folded.slice(0, value.folded.length - folded.length);
  return likes.map((one) =>
    before !== "" && one.folded.startsWith(before) ? one.folded.slice(before.length) : one.folded,
  );
}
