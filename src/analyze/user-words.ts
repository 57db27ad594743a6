/** How people name things: in a row with others, or under a condition. */
import { placesOf } from "./terms.ts";

/** Something that was said, folded. */
export interface Said {
  readonly text: string;
  readonly sentences: readonly string[];
}

/** Words that make what a sentence names a choice, a second choice, or a later step. */
const CONDITION = new RegExp(
  [
    String.raw`\b(if|unless|until|else|otherwise|or|either|neither|whether|whichever|whoever|depending|in case|instead|failing that|fall ?back|falls|wenn|sonst|oder|ob|si|sinon|ou|sino)\b`,
    String.raw`\bthe (first|last|next|best|only|right|\w{3,}est) (\w+ ){0,2}(of|that|which|among|between)\b`,
    String.raw`\b(i (think|guess|believe|suppose)|maybe|perhaps|probably|presumably|possibly|might|may be|could be|not sure|suspect|supposedly|vielleicht|vermutlich)\b`,
    String.raw`\b(try|prefer\w*|alternativ\w*|backup|mirrors?|candidates?|options?|at least one|which (one )?of)\b`,
    String.raw`\bany (one )?of\b|\bone (of (them|these|those)|is enough|will do)\b|\bin turn\b|\bas needed\b`,
    String.raw`^\W*(then|after (that|this)|afterwards|next|once|when|dann|danach|ensuite|luego)\b`,
  ].join("|"),
);

/** Words that make what the sentence before them names a choice. */
const AFTERWARDS =
  /^\W*(if (not|so|that|it)|otherwise|else|whichever|whoever|then (only|just)|(\w+ ){0,5}(whichever|whoever|the one (that|which|with|whose)|of (those|these|them))\b)/;

/** Words that make each step a choice, whatever it is about. */
const STEP_BY_STEP =
  /\b(until|as long as|provided|just one|only one|a single|suffices?|should (it|he|she|they|there|any\w*|one)|the one (that|which|who|whose|with)|(the|whichever is) (\w+er|more \w+|less \w+) (one|of)|stop at|one (at a time|by one|after (the other|another)|is enough)|step by step|stop (when|as soon as|once)|as soon as|follow (the|each|every|it|them)|nacheinander|der reihe nach)\b/;

/** Words that English has, and words that it has not. */
const ENGLISH =
  /\b(the|what|please|show|and|with|this|get|read|compare|check|find|look|tell|give|how|which|need|in|for|to|is|are|about|my|from|all|everything|where|who|review|summari[sz]e)\b/;
const FOREIGN =
  /\b(der|das|und|ist|eine?|bitte|wenn|falls|les?|des|une?|si|el|los|las|que|por|hasta|gli|che|il|di|het|een|als|om|och|att|og|hvis|jest|jesli|caso|bei|bis|jusqu|piove|bir|eger)\b|[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;

/** Whether a text is in English, whose conditions are known, or hardly more than names. It is folded. */
export function isEnglish({ text }: Said): boolean {
  const isShort = text.trim().split(/\s+/).length <= 4;
  return (isShort || ENGLISH.test(text)) && !FOREIGN.test(text);
}

/** What is between the members of a list. */
const ROW = /[,;&+•*|\n\r]|\b(?:and|und|y|et|plus|vs|versus|sowie)\b/;

/** How far apart members of a list may be. */
const MAX_APART = 400;

/** Whether a text names a value in a sentence that makes it a choice. Both are folded. */
export function isUnderCondition(value: string, { text, sentences }: Said): boolean {
  if (!text.includes(value)) return false;
  return sentences.some(
    (sentence, i) =>
      sentence.includes(value) && (CONDITION.test(sentence) || AFTERWARDS.test(sentences[i + 1] ?? "")),
  );
}

/** Whether a text asks for one step after the other. It is folded. */
export function isStepByStep({ text }: Said): boolean {
  return STEP_BY_STEP.test(text);
}

/**
 * Whether a text has two values as members of one list: in a row (`a, b and c`), or each behind the same word (`post 1 and
 * post 2`, `"id":1 … "id":2`). All are folded.
 */
export function isListedWith(value: string, other: string, text: string): boolean {
  if (isInRowWith(value, other, text)) return true;
  return pairsOf(value, other, text).some(([at, otherAt]) => {
    const word = wordBefore(text, at);
    return word !== undefined && word === wordBefore(text, otherAt);
  });
}

/** Whether a text has two values in a row: nothing but members of a list between them. All are folded. */
function isInRowWith(value: string, other: string, text: string): boolean {
  return pairsOf(value, other, text).some(([at, otherAt]) => {
    const [start, end] = at < otherAt ? [at + value.length, otherAt] : [otherAt + other.length, at];
    return end > start && end - start < MAX_APART && isRow(text.slice(start, end));
  });
}

/**
 * Whether a value comes next in a row of which the others have been asked for: whoever goes through a list in its order follows
 * no result, even where one names what is next.
 */
export function isNextInRow(value: string, asked: readonly string[], text: string): boolean {
  return asked.some((other) =>
    pairsOf(value, other, text).some(([at, otherAt]) => {
      const between = text.slice(otherAt + other.length, at);
      if (otherAt > at || between.length > MAX_APART || !isRow(between)) return false;
      const members = between.split(ROW).map((part) => part.replace(/^[\s"'`@([*-]+|[\s"'`)\]]+$/g, ""));
      return members.every(
        (member) => member === "" || asked.some((one) => one === member || one.endsWith(`/${member}`)),
      );
    }),
  );
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

/** Whether there are only members of a list between two of its members. */
function isRow(between: string): boolean {
  const parts = between.split(ROW);
  const isEdge = (part: string | undefined) => /^[\s"'`@[\]().*-]*$/.test(part ?? "");
  return (
    parts.length > 1 &&
    isEdge(parts[0]) &&
    isEdge(parts.at(-1)) &&
    !/[.!?]\s/.test(between) &&
    !CONDITION.test(between) &&
    parts.every((part) => part.trim().split(/\s+/).length <= 3)
  );
}

function wordBefore(text: string, at: number): string | undefined {
  const [, word] = /([\p{L}_]{2,})["'`:=\s#]{1,4}$/u.exec(text.slice(Math.max(0, at - 40), at)) ?? [];
  return word === undefined || /^(and|or|the|und|oder|et|ou)$/.test(word) ? undefined : word;
}
