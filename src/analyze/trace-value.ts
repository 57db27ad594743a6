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
import { ANYWHERE, type Origin, type Place } from "./memory.ts";
import { isNamedAgain, namedTerm } from "./named-again.ts";
import { isCommon, isNumber, squash } from "./terms.ts";
import { notKnown, type Trace, type TraceContext } from "./trace.ts";
import { traceWords } from "./trace-words.ts";
import { isInQuestion, isListedWith, isNextInRow, isOneOfAList, isUnderCondition } from "./user-words.ts";

/** Where numbers may be known from: not from inputs, under whose keys they mean something else. */
const TEXTS: ReadonlySet<Origin["from"]> = new Set(["user", "system", "model", "result"] as const);
const PEOPLE: ReadonlySet<Origin["from"]> = new Set(["user"] as const);

/** Keys of the place where one goes on in a longer list: what stands there follows from what was read. */
const PAGING =
  /^(.*_?page(_?(num|number|no|index|token))?|.*offset|.*cursor|.*token|skip|start(_?(line|index|at|from|row))?|from_?(line|row)?|after|before|begin|end_?(line|row)?|view_range|range|since_?id|max_?id|marker|continuation.*)$/i;

/** Traces a value. */
export function traceValue(value: CallValue, context: TraceContext): Trace {
  const { alike, chain } = context;
  const { key, folded } = value;
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
  context: TraceContext,
): Trace {
  const { chain } = context;
  const { folded } = value;
  if (chain.isOneOfSeveral(value)) return notKnown("it is one of several that were asked for");
  if (isProbe(asked)) return notKnown("the call before it asked whether there is any");
  const isNamed = chain.between.hasName(squash(folded));
  if (isShort(value) && (key !== value.key || isNamed)) {
    return notKnown(`"${folded}" is too short to tell where it is from`);
  }
  // An echo under the same key is no news; under another, two things may have one number.
  if (key !== value.key && isNamed) return notKnown(`a result in between names "${folded}"`);
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
function traceShort(value: CallValue, context: TraceContext): Trace {
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
  if ((from !== "user" && from !== "result") || !isListed(value, { folded, place }, context)) {
    return notKnown("a number or a short word may stand anywhere by chance");
  }
  if (isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  return {
    kind: "known",
    origin: place.entry.origin,
    isCertain: from === "user",
    isOpen: false,
    isWhole: true,
  };
}

/** A value, or the part of it that is new, and where it was known from. */
interface Known {
  readonly folded: string;
  readonly place: Place;
  readonly isPart?: boolean;
}

function traceKnown(value: CallValue, known: Known, context: TraceContext): Trace {
  const { folded, place, isPart = false } = known;
  const { origin, text } = place.entry;
  // Whoever wrote the prompt names what there is, not what is wanted.
  if (origin.from === "system") return notKnown("it is known from instructions alone");
  if (isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  if (origin.from !== "user") {
    const term = namedTerm(value, place, context);
    if (term !== undefined) return notKnown(`"${term}" is in a result in between`);
    return { kind: "known", origin, isCertain: false, isOpen: false, isWhole: !isPart };
  }
  const isNamed = isNamedAgain(value, folded, context);
  if (isNamed && !isNext(value, known, context)) return notKnown(`a result in between names "${folded}"`);
  const isOpen = !isNamed && !isOneOfAList(folded, text) && !isInQuestion(folded, place.entry);
  const isCertain = !isNamed && !isPart && isListed(value, known, context);
  return {
    kind: "known",
    origin,
    isCertain,
    isOpen,
    isWhole: !isPart,
  };
}

/** Whether a text lists a value beside one that the chain asked for under the same key. */
function isListed(
  { key, folded: whole }: CallValue,
  { folded, place }: Known,
  { alike }: TraceContext,
): boolean {
  const likes = alike.flatMap(({ values }) => values.filter((one) => one.key === key));
  return likes.some((one) => isListedWith(folded, lastPart(one.folded, whole, folded), place.entry.text));
}

/** Whether people listed a value behind those that the chain asked for under the same key. */
function isNext(
  { key, folded: whole }: CallValue,
  { folded, place }: Known,
  { alike }: TraceContext,
): boolean {
  const likes = alike.flatMap(({ values }) => values.filter((one) => one.key === key));
  const asked = likes.map((one) => lastPart(one.folded, whole, folded));
  return isNextInRow(folded, asked, place.entry.text);
}

/** Whether people, or the model before it read anything, made a value a choice. */
function isUnderAnyCondition(folded: string, { memory, chain }: TraceContext): boolean {
  return [...memory.saidBefore(chain.head), ...memory.writtenIn(chain.head)].some((entry) =>
    isUnderCondition(folded, entry),
  );
}

/** A path of which a folder is shared with a call of the chain, or was known, and the rest was known. */
function traceJoined(value: CallValue, context: TraceContext): Trace | undefined {
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

function originOf({ folded }: CallValue, { turn }: AskedCall, { memory, chain }: TraceContext): Origin {
  return memory.placeBefore(folded, chain.head, ANYWHERE)?.entry.origin ?? { from: "input", turn };
}

/** Of another path, what stands in it where the rest of this one does. */
function lastPart(other: string, whole: string, rest: string): string {
  const before = whole.slice(0, whole.length - rest.length);
  return before !== "" && other.startsWith(before) ? other.slice(before.length) : other;
}
