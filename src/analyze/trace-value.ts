/**
 * Where the one value comes from in which a call differs from an earlier one, seen from before the results in between.
 *
 * 1. It was known if the whole of it was written before, by itself: what could be computed, or put together from parts, was not.
 * 2. What a result in between names may be from there, even if it was known: the result may have pointed at it.
 * 3. Numbers and short words stand everywhere by chance: they are known as members of a list of people's alone.
 */
import type { CallValue } from "./asked-call.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { isCommon, isNumber } from "./terms.ts";
import { traceKnown, traceMember } from "./trace-known.ts";
import { traceWords } from "./trace-words.ts";

/** Keys of the place where one goes on in a longer list: what stands there follows from what was read. */
const PAGING =
  /^(.*_?page(_?(num|number|no|index|token))?|.*offset|.*cursor|.*token|skip|start(_?(line|index|at|from|row))?|from_?(line|row)?|after|before|begin|end_?(line|row)?|view_range|range|since_?id|max_?id|marker|continuation.*)$/i;

/** A longer value is a text, and not traced. */
const MAX_LENGTH = 2_000;

/** Traces a value. */
export function traceValue(value: CallValue, context: ProvenanceContext): Provenance {
  const { folded } = value;
  if (folded.length > MAX_LENGTH) return notKnown("a long text is the model's own");
  if (isNumber(folded) || folded.length < 3 || isCommon(folded)) return traceShort(value, context);
  const whole = traceKnown(value, { folded }, context) ?? traceJoined(value, context);
  if (whole?.kind === "known") return whole;
  const words = traceWords(value, context);
  return words.kind === "own" ? words : (whole ?? words);
}

/** Numbers, and words as short as they. Those of four digits and more are found like anything else. */
function traceShort(value: CallValue, context: ProvenanceContext): Provenance {
  const { key, folded } = value;
  const { between } = context.chain;
  if (between.hasTerm(folded) || between.hasName(folded))
    return notKnown(`"${folded}" is in a result in between`);
  const isTelling = isNumber(folded) && folded.replace(/\D/g, "").length >= 4 && !PAGING.test(key);
  return (
    (isTelling ? traceKnown(value, { folded }, context) : traceMember(value, context)) ??
    notKnown("a number or a short word may have been worked out")
  );
}

/** A path of which the rest was known, in a folder that an earlier one is in. */
function traceJoined(value: CallValue, context: ProvenanceContext): Provenance | undefined {
  const { folded } = value;
  if (!folded.includes("/") || /\s/.test(folded)) return undefined;
  for (let at = folded.indexOf("/"); at !== -1; at = folded.indexOf("/", at + 1)) {
    const rest = folded.slice(at + 1);
    if (rest.length < 3 || isNumber(rest) || isCommon(rest)) continue;
    if (!context.likes.some((one) => one.folded.startsWith(folded.slice(0, at + 1)))) continue;
    const known = traceKnown(value, { folded: rest, isPart: true }, context);
    if (known !== undefined) return known;
  }
  return undefined;
}
