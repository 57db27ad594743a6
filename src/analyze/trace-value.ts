/**
 * Where the one value comes from in which a call differs from an earlier one, seen from before the results in between. It was known if the
 * whole of it was written before, by itself: what could be computed, or put together from parts, was not.
 */
import type { CallValue } from "./asked-call.ts";
import type { Provenance, ProvenanceContext } from "./provenance.ts";
import { traceKnown } from "./trace-known.ts";
import { traceWords } from "./trace-words.ts";

/** Traces a value. */
export function traceValue(value: CallValue, context: ProvenanceContext): Provenance {
  const whole = traceKnown(value, value.folded, context) ?? traceJoined(value, context);
  if (whole?.kind === "known") return whole;
  const words = traceWords(value, context);
  return words.kind === "own" ? words : (whole ?? words);
}

/** A path of which the rest was known, in a folder that an earlier one is in. */
function traceJoined(value: CallValue, context: ProvenanceContext): Provenance | undefined {
  const { folded } = value;
  for (let at = folded.indexOf("/"); at !== -1; at = folded.indexOf("/", at + 1)) {
    if (!context.likes.some((one) => one.folded.startsWith(folded.slice(0, at + 1)))) continue;
    const known = traceKnown(value, folded.slice(at + 1), context);
    if (known !== undefined) return known;
  }
  return undefined;
}
