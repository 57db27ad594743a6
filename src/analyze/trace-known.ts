/**
 * Whether a value that was known before the results in between would have been asked for without them. There are three ways:
 *
 * 1. People plainly ask for it. Of what they list it is the next, so that even a result that names it points at nothing new.
 * 2. The model said that it would ask for it, before it had read anything.
 * 3. A tool had listed it, people want all that there is, and it is the next in the listing.
 */
import type { AskedCall, CallValue } from "./call-values.ts";
import { isUnderCondition } from "./conditions.ts";
import type { Entry, Origin } from "./entry.ts";
import { isNamedAgain, namedTerm } from "./named-again.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { isNextInListing, isNextInRow } from "./rows.ts";
import { placesOf } from "./terms.ts";

const PEOPLE: ReadonlySet<Origin["from"]> = new Set(["user"] as const);
const RESULTS: ReadonlySet<Origin["from"]> = new Set(["result"] as const);

/** So many earlier values are looked for beside a value, the last ones. */
const MAX_LIKES = 8;

/** What was known of a value. */
export interface Known {
  /** The whole, or the part of it that an earlier call has not. */
  readonly folded: string;
  readonly isPart?: boolean;
}

/** A value, what was known of it, and where it stands. */
interface Found extends Known {
  readonly value: CallValue;
  readonly entry: Entry;
}

/** Traces a value that stood by itself in any of them; undefined where it did not. */
export function traceKnown(
  value: CallValue,
  known: Known,
  context: ProvenanceContext,
): Provenance | undefined {
  const { memory, chain } = context;
  const { folded } = known;
  const said = memory.placeBefore(folded, chain.head, PEOPLE)?.entry;
  const written = memory
    .writtenIn(chain.head)
    .find(({ text }) => placesOf(folded, text).next().done === false);
  const listed = memory.placeBefore(folded, chain.head, RESULTS)?.entry;
  const traces = [
    said && traceSaid({ ...known, value, entry: said }, context),
    written && traceAnnounced({ ...known, value, entry: written }, context),
    listed && traceListing({ ...known, value, entry: listed }, context),
  ].filter((trace) => trace !== undefined);
  if (traces.length > 0 && isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  return traces.find(({ kind }) => kind === "known") ?? traces[0];
}

/** Traces a number or a short word, which stands anywhere by chance, but for a list of people's; undefined where there is none. */
export function traceMember(value: CallValue, context: ProvenanceContext): Provenance | undefined {
  const { memory, chain } = context;
  const { folded } = value;
  const entry = memory.placeBefore(folded, chain.head, PEOPLE)?.entry;
  if (entry === undefined) return undefined;
  if (isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  return traceSaid({ value, folded, entry }, context);
}

/** Whether people plainly asked for a value. */
export function isAskedByPeople(folded: string, { memory, chain }: ProvenanceContext): boolean {
  const entry = memory.placeBefore(folded, chain.head, PEOPLE)?.entry;
  return entry !== undefined && memory.requestAt(chain.head).isPlain(entry);
}

/** Whether people, or the model before it read anything, made a value a choice. */
export function isUnderAnyCondition(folded: string, { memory, chain }: ProvenanceContext): boolean {
  const request = memory.requestAt(chain.head);
  const said = memory
    .saidBefore(chain.head)
    .filter((entry) => entry.origin.from !== "user" || !request.isPlain(entry));
  return [...said, ...memory.writtenIn(chain.head)].some((entry) => isUnderCondition(folded, entry));
}

function traceSaid(found: Found, context: ProvenanceContext): Provenance {
  const { value, folded, entry } = found;
  if (!context.memory.requestAt(context.chain.head).isPlain(entry))
    return notKnown("people's words are not understood");
  if (!isNextInRow(folded, likesOf(found, context), entry.text))
    return notKnown("it is not what comes next in people's list");
  if (!isSpelledAlike(found, context)) return notKnown("it is spelled otherwise");
  return known(found, !isNamedAgain(value, folded, context));
}

/** Whether a value is spelled as people do, or in capitals or small letters as the earlier ones are. */
function isSpelledAlike({ value, folded, entry }: Found, { alike }: ProvenanceContext): boolean {
  const raw = String(value.value).trim().slice(-folded.length);
  if (entry.raw.includes(raw)) return true;
  const likes = alike.flatMap(({ values }: AskedCall) => values.filter(({ key }) => key === value.key));
  return likes.some((one) => caseOf(String(one.value)) === caseOf(String(value.value)));
}

function caseOf(text: string): string {
  if (text === text.toLowerCase()) return text === text.toUpperCase() ? "none" : "small";
  return text === text.toUpperCase() ? "capitals" : "mixed";
}

function traceAnnounced(found: Found, context: ProvenanceContext): Provenance {
  const { folded, entry } = found;
  if (!context.memory.requestAt(context.chain.head).isPlain(entry))
    return notKnown("the model's words are not understood");
  if (!isNextInRow(folded, likesOf(found, context), entry.text))
    return notKnown("it is not what comes next in the model's list");
  return unlessNamed(found, context);
}

function traceListing(found: Found, context: ProvenanceContext): Provenance {
  if (!context.memory.requestAt(context.chain.head).isForEach)
    return notKnown("one of a listing may have been chosen");
  if (!isNextInListing(found.folded, likesOf(found, context), found.entry.text))
    return notKnown("it is not what comes next in the listing");
  return unlessNamed(found, context);
}

function unlessNamed(found: Found, context: ProvenanceContext): Provenance {
  const term = namedTerm(found.value, context);
  return term === undefined ? known(found, false) : notKnown(`"${term}" is in a result in between`);
}

function known({ entry, isPart = false }: Found, isSure: boolean): Provenance {
  return { kind: "known", origin: entry.origin, isCertain: isSure && !isPart, isWhole: !isPart };
}

/** The last values that the chain asked for under a value's key: of a path, what stands where its known part does. */
function likesOf({ value, folded }: Found, { alike }: ProvenanceContext): readonly string[] {
  const before = value.folded.slice(0, value.folded.length - folded.length);
  const likes = alike.flatMap(({ values }: AskedCall) => values.filter(({ key }) => key === value.key));
  return likes
    .slice(-MAX_LIKES)
    .map((one) =>
      before !== "" && one.folded.startsWith(before) ? one.folded.slice(before.length) : one.folded,
    );
}
