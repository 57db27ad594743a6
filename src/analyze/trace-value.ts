/**
 * Where a value of a later call comes from, seen from before the results in between.
 *
 * 1. It is known if the whole of it was written before: by people, by the model, in a result. What was merely computable, or
 *    whose parts were there, is not.
 * 2. What a result in between names is from there, even if it was known: the result may have pointed at it.
 * 3. Numbers and short words stand everywhere by chance. They are known beside their like only: in a row with a value that the
 *    chain asked for under the same key, or behind the same word.
 */
import { isProbe, type AskedCall, type CallValue } from "./call-values.ts";
import { ANYWHERE, type Origin, type Place } from "./entry.ts";
import { isNamedAgain, namedTerm } from "./named-again.ts";
import { isCommon, isNumber, placesOf, squash } from "./terms.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { traceWords } from "./trace-words.ts";
import { isListedWith, isNextInListing, isNextInRow, isUnderCondition } from "./user-words.ts";

/** Where numbers may be known from: not from inputs, under whose keys they mean something else. */
const TEXTS: ReadonlySet<Origin["from"]> = new Set(["user", "system", "model", "result"] as const);
const PEOPLE: ReadonlySet<Origin["from"]> = new Set(["user"] as const);
const RESULTS: ReadonlySet<Origin["from"]> = new Set(["result"] as const);

/** Keys of the place where one goes on in a longer list: what stands there follows from what was read. */
const PAGING =
  /^(.*_?page(_?(num|number|no|index|token))?|.*offset|.*cursor|.*token|skip|start(_?(line|index|at|from|row))?|from_?(line|row)?|after|before|begin|end_?(line|row)?|view_range|range|since_?id|max_?id|marker|continuation.*)$/i;

/** So many earlier values are looked for beside a value, the last ones. */
const MAX_LIKES = 8;

/** A longer value is a text, and not traced. */
const MAX_LENGTH = 2_000;

/** Traces a value. */
export function traceValue(value: CallValue, context: ProvenanceContext): Provenance {
  const { alike, chain } = context;
  const { key, folded } = value;
  if (folded.length > MAX_LENGTH) return notKnown("a long text is the model's own");
  const like = alike.find((one) => one.values.some((other) => other.key === key && other.folded === folded));
  if (like !== undefined) return { kind: "asked", origin: originOf(value, like, context) };
  const asked = chain.askedFor(value);
  if (asked !== undefined && alike.length === 0) return traceAsked(value, asked, context);
  if (typeof value.value === "boolean") return notKnown("a switch may have been decided upon");
  if (isNumber(folded) || folded.length < 3 || isCommon(folded)) return traceShort(value, context);
  const place = context.memory.placeBefore(folded, chain.head, ANYWHERE);
  if (place !== undefined) return traceKnown(value, { place, folded }, context);
  return traceJoined(value, context) ?? traceWords(value, context);
}

/** Another tool is asked for what the chain has asked for. */
function traceAsked(
  value: CallValue,
  { asked, key }: { readonly asked: AskedCall; readonly key: string },
  context: ProvenanceContext,
): Provenance {
  const { chain } = context;
  const { folded } = value;
  if (isProbe(asked)) return notKnown("the call before it asked whether there is any");
  const isNamed = chain.between.hasName(squash(folded));
  if (isShort(value) && (key !== value.key || isNamed)) {
    return notKnown(`"${folded}" is too short to tell where it is from`);
  }
  // An echo under the same key is no news; under another, two things may have one number.
  if (isNamed && (key !== value.key || chain.between.isRepeated(squash(folded))))
    return notKnown(`a result in between names "${folded}"`);
  if (isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  return { kind: "asked", origin: originOf(value, asked, context) };
}

function isShort({ folded, value }: CallValue): boolean {
  return (
    folded.length < 3 ||
    isCommon(folded) ||
    typeof value === "boolean" ||
    (isNumber(folded) && digitsOf(folded) < 4)
  );
}

function digitsOf(folded: string): number {
  return folded.replace(/\D/g, "").length;
}

/** Numbers, and words as short as they. Those of four digits and more are found like anything else. */
function traceShort(value: CallValue, context: ProvenanceContext): Provenance {
  const { memory, chain } = context;
  const { key, folded } = value;
  const isPage = PAGING.test(key);
  if (chain.between.hasTerm(folded) || chain.between.hasName(folded)) {
    return notKnown(`"${folded}" is in a result in between`);
  }
  const place = memory.placeBefore(folded, chain.head, isPage ? PEOPLE : TEXTS);
  if (place === undefined) return notKnown("a number or a short word may have been worked out");
  if (isNumber(folded) && digitsOf(folded) >= 4 && !isPage)
    return traceKnown(value, { place, folded }, context);
  const { from } = place.entry.origin;
  if (from !== "user" || !isListed(value, { folded, place }, context)) {
    return notKnown("a number or a short word may stand anywhere by chance");
  }
  if (!memory.requestAt(chain.head).isPlainAbout(folded, place.entry))
    return notKnown("people's words about it are not understood");
  if (!isNext(value, { folded, place }, context))
    return notKnown("it is not what comes next in people's list");
  if (isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  return {
    kind: "known",
    origin: place.entry.origin,
    isCertain: true,
    isWhole: true,
  };
}

/** A value, or the part of it that is new, and where it was known from. */
interface Known {
  readonly folded: string;
  readonly place: Place;
  readonly isPart?: boolean;
}

/** What was known by itself: from people, from a listing, or from the model before it read anything. */
function traceKnown(value: CallValue, known: Known, context: ProvenanceContext): Provenance {
  if (isUnderAnyCondition(known.folded, context)) return notKnown("it is under a condition");
  const { memory, chain } = context;
  const { folded } = known;
  const traces: Provenance[] = [];
  const said = memory.placeBefore(folded, chain.head, PEOPLE);
  if (said !== undefined) traces.push(traceSaid(value, { ...known, place: said }, context));
  const [written] = memory.writtenIn(chain.head);
  const [index] = written === undefined ? [] : placesOf(folded, written.text);
  if (written !== undefined && index !== undefined)
    traces.push(traceAnnounced(value, { ...known, place: { entry: written, index } }, context));
  const listed = memory.placeBefore(folded, chain.head, RESULTS);
  if (listed !== undefined) traces.push(traceListing(value, { ...known, place: listed }, context));
  return (
    traces.find(({ kind }) => kind !== "not") ??
    traces[0] ??
    notKnown("it is known from instructions or earlier calls alone")
  );
}

/** What people said. */
function traceSaid(value: CallValue, known: Known, context: ProvenanceContext): Provenance {
  const { folded, place, isPart = false } = known;
  if (!context.memory.requestAt(context.chain.head).isPlainAbout(folded, place.entry))
    return notKnown("people's words about it are not understood");
  const isNamed = isNamedAgain(value, folded, context);
  const isMember = isListed(value, known, context);
  if ((isMember || isNamed) && !isNext(value, known, context)) {
    return notKnown(
      isNamed ? `a result in between names "${folded}"` : "it is not what comes next in people's list",
    );
  }
  const isCertain = !isNamed && !isPart && isMember;
  return { kind: "known", origin: place.entry.origin, isCertain, isWhole: !isPart };
}

/** What the model said that it would ask for, before it had read anything. */
function traceAnnounced(value: CallValue, known: Known, context: ProvenanceContext): Provenance {
  const { folded, place, isPart = false } = known;
  const term = namedTerm(value, context);
  if (term !== undefined) return notKnown(`"${term}" is in a result in between`);
  if (isListed(value, known, context) && !isNext(value, known, context))
    return notKnown(`"${folded}" is not what comes next in the model's list`);
  return { kind: "known", origin: place.entry.origin, isCertain: false, isWhole: !isPart };
}

/** What a tool had listed, all of which people want. */
function traceListing(value: CallValue, known: Known, context: ProvenanceContext): Provenance {
  const { folded, place, isPart = false } = known;
  if (!context.memory.requestAt(context.chain.head).isForEach)
    return notKnown("one of a listing may have been chosen");
  const term = namedTerm(value, context);
  if (term !== undefined) return notKnown(`"${term}" is in a result in between`);
  const asked = lastLikes(value.key, context.alike).map((one) => lastPart(one.folded, value.folded, folded));
  if (!isNextInListing(folded, asked, place.entry.text))
    return notKnown("it is not what comes next in the listing");
  return { kind: "known", origin: place.entry.origin, isCertain: false, isWhole: !isPart };
}

/** The last values that the chain asked for under a key. */
function lastLikes(key: string, alike: readonly AskedCall[]): readonly CallValue[] {
  return alike.flatMap(({ values }) => values.filter((one) => one.key === key)).slice(-MAX_LIKES);
}

/** Whether a text lists a value beside one that the chain asked for under the same key. */
function isListed(
  { key, folded: whole }: CallValue,
  { folded, place }: Known,
  { alike }: ProvenanceContext,
): boolean {
  const likes = lastLikes(key, alike);
  return likes.some((one) => isListedWith(folded, lastPart(one.folded, whole, folded), place.entry.text));
}

/** Whether people listed a value behind those that the chain asked for under the same key. */
function isNext(
  { key, folded: whole }: CallValue,
  { folded, place }: Known,
  { alike }: ProvenanceContext,
): boolean {
  const likes = lastLikes(key, alike);
  const asked = likes.map((one) => lastPart(one.folded, whole, folded));
  return isNextInRow(folded, asked, place.entry.text);
}

/** Whether people, or the model before it read anything, made a value a choice. */
function isUnderAnyCondition(folded: string, { memory, chain }: ProvenanceContext): boolean {
  const request = memory.requestAt(chain.head);
  const said = memory
    .saidBefore(chain.head)
    .filter((entry) => entry.origin.from !== "user" || !request.isPlainAbout(folded, entry));
  return [...said, ...memory.writtenIn(chain.head)].some((entry) => isUnderCondition(folded, entry));
}

/** A path of which a folder is shared with a call of the chain, or was known, and the rest was known. */
function traceJoined(value: CallValue, context: ProvenanceContext): Provenance | undefined {
  const { folded, key } = value;
  if (!folded.includes("/") || /\s/.test(folded)) return undefined;
  const likes = context.alike.flatMap(({ values }) => values.filter((one) => one.key === key));
  for (let at = folded.indexOf("/"); at !== -1; at = folded.indexOf("/", at + 1)) {
    const rest = folded.slice(at + 1);
    if (rest.length < 3 || isNumber(rest) || isCommon(rest)) continue;
    if (
      !likes.some(
        (one) => one.folded === folded.slice(0, at) || one.folded.startsWith(folded.slice(0, at + 1)),
      )
    )
      continue;
    const place = context.memory.placeBefore(rest, context.chain.head, TEXTS);
    if (place !== undefined) return traceKnown(value, { place, folded: rest, isPart: true }, context);
  }
  return undefined;
}

function originOf({ folded }: CallValue, { turn }: AskedCall, { memory, chain }: ProvenanceContext): Origin {
  return memory.placeBefore(folded, chain.head, ANYWHERE)?.entry.origin ?? { from: "input", turn };
}

/** Of another path, what stands in it where the rest of this one does. */
function lastPart(other: string, whole: string, rest: string): string {
  const before = whole.slice(0, whole.length - rest.length);
  return before !== "" && other.startsWith(before) ? other.slice(before.length) : other;
}
