/**
 * Whether a request asks for all that it lists, and no more. Its verbs and small words must be known ones; what is not known may stand where
 * nouns stand: behind `the`, `of`, `my`. Else the request is not understood, and then nothing is said.
 */
import {
  VERBS,
  TAIL_VERBS,
  BEFORE_NOUNS,
  PLAIN,
  COMMON_THINGS,
  CONDITIONS,
  VAGUE,
  CHOICES,
  ASKS,
  CHOOSING,
  MANNERS,
  EXTREME,
  EXTREME_OF,
  IS_EXTREME,
  MANNER_BEFORE,
  NO_NOUN,
  YES_OR_NO,
  QUESTION,
  LOOKS_FOR,
  INTRODUCTION,
} from "./plain-words.ts";
import { canonical, wordsOf } from "./terms.ts";

/** A longer sentence is no request. */
const MAX_SENTENCE = 5_000;

/** Whether all words of folded sentences are known, so that nothing tells some of what they ask for from others. */
export function areWhollyKnown(sentences: readonly string[], names: ReadonlySet<string>): boolean {
  return (
    arePlain(sentences, names) &&
    !sentences.some((one) => /\b(if|whether)\b/.test(one)) &&
    sentences.every((one) =>
      wordsIn(withoutManners(one), names).every(
        ({ text, kind }) => kind !== "unknown" && text !== "current" && text !== "recent",
      ),
    )
  );
}

/** Whether folded sentences are understood, each of them, with the names that their calls have. */
export function arePlain(sentences: readonly string[], names: ReadonlySet<string>): boolean {
  return sentences.every((one, i) => {
    if (!isPlain(one, names) || (i < sentences.length - 1 && YES_OR_NO.test(one))) return false;
    // Names without a verb are a list under what says so; behind a question they are where to look.
    const above = sentences.slice(0, i).findLast((other) => !isBare(other, names));
    return above === undefined || /:\s*$|\b(these|following)\b/.test(above) || !isBare(one, names);
  });
}

/** Whether a sentence has names and neither asks nor tells to do anything. */
function isBare(sentence: string, names: ReadonlySet<string>): boolean {
  const words = wordsIn(sentence, names);
  const isAsking = ASKS.test(sentence) || /\?\s*$/.test(sentence) || withoutManners(sentence) !== sentence;
  return (
    !isAsking &&
    words.some(({ kind }) => kind === "name") &&
    !words.some(({ kind, text }) => kind === "verb" && text !== "have" && !isAfterTo(words, text))
  );
}

function isAfterTo(words: readonly Word[], verb: string): boolean {
  return words[words.findIndex(({ text }) => text === verb) - 1]?.text === "to";
}

/** Whether a sentence tells how things are, and asks for nothing: it may set one apart from the others. */
function isStatement(sentence: string, words: readonly Word[]): boolean {
  const at = words.findIndex(({ text }) => text === "is" || text === "are" || text === "was");
  return at > 0 && !ASKS.test(sentence) && !words.slice(0, at).some(({ kind }) => kind === "verb");
}

/** A word of a sentence. */
interface Word {
  readonly text: string;
  readonly kind: "name" | "verb" | "before noun" | "plain" | "thing" | "unknown";
  /** Whether it is the first of its clause. */
  readonly isFirst: boolean;
  readonly isBeforeColon: boolean;
  /** Whether it stands in a name: `one` in `https://a.example/one`. */
  readonly isPart: boolean;
}

/** Whether a folded sentence is understood. */
function isPlain(sentence: string, names: ReadonlySet<string>): boolean {
  if (sentence.length > MAX_SENTENCE || CHOOSING.some((choice) => choice.test(sentence))) return false;
  let rest = sentence.replace(EXTREME, "$1");
  if (EXTREME_OF.test(rest)) rest = rest.replace(EXTREME_OF, " ").replace(IS_EXTREME, " ");
  const isExtreme = rest !== sentence;
  // "Which is warmer, Oslo or Bergen?"
  if (isExtreme) rest = rest.replace(/\bor\b/g, "and");
  const words = wordsIn(withoutManners(rest), names);
  if (words.some(({ text, isPart }) => !isPart && (CONDITIONS.has(text) || VAGUE.has(text)))) return false;
  const hasNames = words.some(({ kind }) => kind === "name");
  if (!hasNames && INTRODUCTION.test(sentence)) return true;
  if (!isExtreme && (announcesOne(words) || isStatement(sentence, words))) return false;
  const context = { isQuestion: QUESTION.test(sentence), isLookedFor: LOOKS_FOR.test(sentence) };
  return words.every((word, i) => word.kind !== "unknown" || isNoun(words, i, context));
}

function withoutManners(sentence: string): string {
  return MANNERS.reduce((rest, manner) => rest.replace(manner, " "), sentence)
    .replace(/['’]s\b/g, " is")
    .replace(/\blook (at|up|for)\b/g, "get");
}

function wordsIn(sentence: string, names: ReadonlySet<string>): readonly Word[] {
  const words: Word[] = [];
  let isFirst = true;
  for (const token of sentence.split(/\s+/)) {
    const parts = wordsOf(token);
    // "a" and "get" mean what they mean, whatever files and tools are called.
    const isWord = parts.length === 1 && (kindOf(token) !== "unknown" || /^an?$/.test(token));
    const isName = parts.length > 0 && !isWord && parts.every((part) => names.has(canonical(part)));
    const isBeforeColon = token.endsWith(":");
    for (const text of parts) {
      words.push({
        text,
        kind: isName ? "name" : kindOf(text),
        isFirst,
        isBeforeColon,
        isPart: isName && parts.length > 1,
      });
      isFirst = text === "and" || text === "to" || text === "please";
    }
    isFirst ||= /[,;:.!?)–—]["'”’]*$/.test(token);
  }
  return words;
}

/** Whether what is listed behind a colon is called by what is one: `the room of ours: Birch, Cedar`. */
function announcesOne(words: readonly Word[]): boolean {
  const colon = words.findIndex(({ isBeforeColon }) => isBeforeColon);
  const before = words.slice(0, colon + 1);
  return (
    colon !== -1 &&
    !before.some(
      ({ text, kind }) =>
        (kind !== "name" && isPlural(text)) ||
        (/^(these|each|all|both|for|in|of|at|from)$/.test(text) && text === before.at(-1)?.text),
    )
  );
}

function isPlural(word: string): boolean {
  return /[^s]s$/.test(word);
}

function kindOf(word: string): Word["kind"] {
  if (VERBS.has(word) || TAIL_VERBS.has(word)) return "verb";
  if (BEFORE_NOUNS.has(word)) return "before noun";
  if (PLAIN.has(word)) return "plain";
  return COMMON_THINGS.has(word) ? "thing" : "unknown";
}

/** Whether a word says nothing of which, when, or until what. */
export function isKnownWord(word: string): boolean {
  return kindOf(word) !== "unknown";
}

/** Whether a word that is not known stands where a noun does, or the verb of a question. */
function isNoun(
  words: readonly Word[],
  at: number,
  { isQuestion, isLookedFor }: { readonly isQuestion: boolean; readonly isLookedFor: boolean },
): boolean {
  const { text, isFirst } = words[at] as Word;
  const before = words[at - 1];
  if (NO_NOUN.test(text) || CHOICES.has(text) || isArticle(words, at)) return false;
  if (text === "a" || text === "an") return TAIL_VERBS.has(before?.text ?? "");
  const isAskedOf = /^(of|for|in|from|to|at)$/.test(words[at + 1]?.text ?? "");
  const isBehindNames = !words.slice(at).some(({ kind }) => kind === "name");
  if (isBehindNames && (before === undefined || MANNER_BEFORE.test(before.text))) return false;
  if (before === undefined) return isAskedOf && (isPlural(text) || words[at + 1]?.text === "of");
  if (isFirst) return false;
  // One of what is listed: "the culprit in a.ts, b.ts and c.ts".
  if (!isPlural(text) && isIn(words, at)) return false;
  const outer =
    words.slice(0, at).findLast(({ text: one }) => !/^(the|my|our|your|me|us)$/.test(one))?.text ?? "";
  if (outer === "for") return isLookedFor && isPlural(lastOfNoun(words, at));
  if (outer === "on") return false;
  if (/^(find|search)$/.test(outer) && !isPlural(text)) return isAskedOf;
  switch (before.kind) {
    case "before noun":
    case "thing":
    case "unknown":
      return true;
    case "name":
      return (isQuestion && isEndOfClause(words, at)) || (isPlural(text) && isAskedOf);
    case "verb":
      return isPlural(text) || words[at + 1]?.kind === "name";
    case "plain":
      return isLookedFor && before.text === "for";
  }
}

/** Whether a clause has two words left at most that are not known: the verb of a question and its object, and no condition. */
function isEndOfClause(words: readonly Word[], at: number): boolean {
  const next = words.findIndex(({ isFirst }, i) => i > at && isFirst);
  const rest = words.slice(at, next === -1 ? undefined : next);
  return rest.filter(({ kind }) => kind === "unknown").length <= 2;
}

/** The last word of what a word begins: `issues` of `security issues`. */
function lastOfNoun(words: readonly Word[], at: number): string {
  const next = words[at + 1];
  return next?.kind === "unknown" && !next.isFirst ? lastOfNoun(words, at + 1) : (words[at]?.text ?? "");
}

/** Whether what has no article of its own has one before it that makes it one of several: `a free room`. */
function isArticle(words: readonly Word[], at: number): boolean {
  const before = words[at - 1]?.text;
  return (before === "a" || before === "an") && !TAIL_VERBS.has(words[at - 2]?.text ?? "");
}

function isIn(words: readonly Word[], at: number): boolean {
  const [next, after, later] = words.slice(at + 1);
  return (
    (/^(in|on|at|among)$/.test(next?.text ?? "") || (next?.text === "from" && later?.text !== "to")) &&
    (after?.kind === "name" || (after?.text === "the" && later?.kind === "name"))
  );
}
