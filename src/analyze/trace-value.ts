/**
 * Where a value of a later call comes from, seen from before the results in between.
 *
 * 1. It was known if the whole of it was written before, by itself: what could be computed, or put together from parts, was not.
 * 2. What a result in between names may be from there, even if it was known: the result may have pointed at it.
 * 3. Numbers and short words stand everywhere by chance: they are known as members of a list of people's alone.
 */
import { isProbe, type AskedCall, type CallValue } from "./call-values.ts";
import { ANYWHERE, type Origin } from "./entry.ts";
import { isCommon, isNumber, squash } from "./terms.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { traceWords } from "./trace-words.ts";
import { isAskedByPeople, isUnderAnyCondition, traceKnown, traceMember } from "./trace-known.ts";

/** Keys of the place where one goes on in a longer list: what stands there follows from what was read. */
const PAGING =
  /^(.*_?page(_?(num|number|no|index|token))?|.*offset|.*cursor|.*token|skip|start(_?(line|index|at|from|row))?|from_?(line|row)?|after|before|begin|end_?(line|row)?|view_range|range|since_?id|max_?id|marker|continuation.*)$/i;

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
  const whole = traceKnown(value, { folded }, context) ?? traceJoined(value, context);
  if (whole?.kind === "known") return whole;
  const words = traceWords(value, context);
  return words.kind === "own" ? words : (whole ?? words);
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
  if (!isAskedByPeople(folded, context)) return notKnown("people have not asked for it");
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
  const { key, folded } = value;
  const { between } = context.chain;
  if (between.hasTerm(folded) || between.hasName(folded))
    return notKnown(`"${folded}" is in a result in between`);
  const isTelling = isNumber(folded) && digitsOf(folded) >= 4 && !PAGING.test(key);
  return (
    (isTelling ? traceKnown(value, { folded }, context) : traceMember(value, context)) ??
    notKnown("a number or a short word may have been worked out")
  );
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
    const known = traceKnown(value, { folded: rest, isPart: true }, context);
    if (known !== undefined) return known;
  }
  return undefined;
}

function originOf({ folded }: CallValue, { turn }: AskedCall, { memory, chain }: ProvenanceContext): Origin {
  return memory.placeBefore(folded, chain.head, ANYWHERE)?.entry.origin ?? { from: "input", turn };
}
