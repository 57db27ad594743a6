/**
 * Whether a result in between names a value that was known before: then it may have pointed at it. What the value has in common
 * with all that the chain asked for in its place, such as the folder of a path, points at nothing.
 */
import type { CallValue } from "./asked-call.ts";
import { namesOf, partsOf, stemOf, termsOf } from "./terms.ts";
import type { ProvenanceContext } from "./provenance.ts";

/** Of what people had said, only the whole and its parts as they stand count, and no word inside of another. */
export function isNamedAgain(folded: string, context: ProvenanceContext): boolean {
  const { between } = context.chain;
  if (namesOf(folded).some((name) => between.hasName(name))) return true;
  const parts = partsOf(differenceOf(folded, likesOf(context)));
  if ([stemOf(folded), ...parts].some((part) => between.hasWord(part))) return true;
  const terms = /\s/.test(folded) ? termsOf(folded) : [];
  return terms.length > 0 && terms.every((term) => between.hasTerm(term));
}

/** Of anything else each term counts. The first that is named. */
export function namedTerm(value: CallValue, context: ProvenanceContext): string | undefined {
  const { between } = context.chain;
  const whole = String(value.value);
  const different = differenceOf(whole, likesOf(context));
  const named = termsOf(different === "" ? whole : different).find((term) => between.hasTerm(term));
  return named ?? [...namesOf(value.folded), stemOf(value.folded)].find((one) => between.hasName(one));
}

function likesOf({ likes }: ProvenanceContext): readonly string[] {
  return likes.map(({ value }) => String(value));
}

/** The part of a value that is not in all of the others, cut where words are: of `src/a.ts` and `src/b.ts`, `b`. */
function differenceOf(value: string, others: readonly string[]): string {
  if (others.length === 0) return value;
  const [text, ...rest] = [value, ...others].map((one) => one.toLowerCase());
  const same = (at: number, from: "start" | "end") =>
    rest.every(
      (one) => one.at(from === "start" ? at : -1 - at) === text?.at(from === "start" ? at : -1 - at),
    );
  const limit = Math.min(value.length, ...others.map(({ length }) => length));
  let start = 0;
  while (start < limit && same(start, "start")) start++;
  while (start > 0 && isInWord(value, start)) start--;
  let end = 0;
  while (end < limit - start && same(end, "end")) end++;
  while (end > 0 && isInWord(value, value.length - end)) end--;
  return value.slice(start, value.length - end);
}

/** Whether a word goes on over a place. */
function isInWord(text: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(text[at - 1] ?? "") && /[\p{L}\p{N}]/u.test(text[at] ?? "");
}
