/** Lists as people write them, and as tools give them. */
import { placesOf } from "./terms.ts";

/** What is between the members of a list. */
const ROW = /[,;&+•*|\n\r]|\s(?=@)|\b(?:and|or|plus|vs|versus)\b/;

/** How far apart members of a list may be. */
const MAX_APART = 400;

/**
 * Whether a value comes next in a row of which the others have been asked for (`a, b and c`, `post 1 and post 2`): whoever goes through
 * a list in its order follows no result, even where one names what is next. All are folded.
 */
export function isNextInRow(value: string, asked: readonly string[], text: string): boolean {
  const isAsked = (member: string) =>
    asked.some((one) => one === bare(member) || one.endsWith(`/${bare(member)}`));
  return asked.some((other) =>
    pairsOf(value, other, text).some(([at, otherAt]) => {
      const kind = kindBefore(text, otherAt);
      const between = text.slice(otherAt + other.length, at);
      if (otherAt > at || between.length > MAX_APART || /[.!?]\s/.test(between)) return false;
      const [first = "", ...others] = between.split(ROW);
      const last = others.pop();
      return (
        last !== undefined &&
        bare(first) === "" &&
        (bare(last) === "" || bare(last) === kind) &&
        others.every((member) => bare(member) === "" || isAsked(member))
      );
    }),
  );
}

/** Whether a text names one of a list by itself, too: what else is listed there is what there is, and not what is asked for. */
export function isSingledOut(value: string, asked: readonly string[], text: string): boolean {
  const [count = 0, ...others] = [value, ...asked].map((one) => [...placesOf(one, text)].length);
  return others.some((other) => other > 0 && other !== count);
}

/** A member without the marks and quotes around it. */
function bare(member: string): string {
  return member.replace(/^[\s"'`@#([\]*.-]+|[\s"'`@#([\])*-]+$/g, "");
}

/** What a member is called by, right before it: `post` of `post 1`. */
function kindBefore(text: string, at: number): string | undefined {
  return /([\p{L}_]{2,})\W{1,3}$/u.exec(text.slice(Math.max(0, at - 40), at))?.[1];
}

/**
 * Whether a value comes next in a listing of a tool's: in a row, in the lines, or in the records of it, under the key that the one before
 * it stands under. All are folded.
 */
export function isNextInListing(value: string, asked: readonly string[], text: string): boolean {
  if (isNextInRow(value, asked, text)) return true;
  return asked.some((other) =>
    pairsOf(value, other, text).some(([at, otherAt]) => {
      const key = keyBefore(text, at);
      if (otherAt > at || key === undefined || key !== keyBefore(text, otherAt)) return false;
      return text.slice(otherAt, at).split(key).length === 2;
    }),
  );
}

/** The key of a field of JSON, as it stands before its value. */
function keyBefore(text: string, at: number): string | undefined {
  return /"[\w-]+"\s*:\s*"?$/.exec(text.slice(Math.max(0, at - 80), at))?.[0];
}

function pairsOf(value: string, other: string, text: string): (readonly [number, number])[] {
  if (value === other || value === "" || other === "") return [];
  const [mine = [], others = []] = [value, other].map((one) => [...placesOf(one, text)].slice(0, 20));
  return mine.flatMap((at) => others.map((otherAt) => [at, otherAt] as const));
}
