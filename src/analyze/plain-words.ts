/**
 * Whether a sentence asks for all that it lists, and no more. Conditions, orders and reasons to stop are told by verbs and by small
 * words, of which a language has few, so that those must be known ones; what is asked for is told by nouns, which may be any where
 * nouns stand: behind `the`, `of`, `my`. What stands elsewhere is not understood, and then nothing is said.
 */
import { canonical, wordsOf } from "./terms.ts";

/** A longer sentence is no request. */
const MAX_SENTENCE = 5_000;

/** Verbs that ask for each of what follows. */
const VERBS = wordSet(
  "show tell give get fetch read open view find search compare contrast summarize summarise explain describe review audit analyze analyse " +
    "list print display report retrieve pull load check inspect query quote say see know learn understand differ calculate compute convert translate have",
);
/** Verbs for what is to be done with all of it. */
const TAIL_VERBS = wordSet("write draft prepare create refactor suggest recommend");
/** Before which a noun stands: behind any of these, what is not known is one. */
const BEFORE_NOUNS = wordSet(
  "the all every each both my our your their this of in on at about from into between is are current recent what how many much these",
);
/** All other words that say nothing of which, when, or until what. */
const PLAIN = wordSet(
  "for to and also too plus vs versus i me we us you they them has do does up down doing now right currently recently please thanks " +
    "thank hi hello hey kindly quickly briefly side different everything",
);
/** Things that requests are about, whatever tools and inputs are called. */
const THINGS = wordSet(
  "overview summary picture detail details info information data difference differences name names number numbers file files page pages project " +
    "repo repository folder directory code codebase list account today tomorrow yesterday tonight week weekend month year time day days date " +
    "weather temperature forecast price prices stock share population capital score scores status result results",
);

/** Words of conditions, orders and doubts. */
const CONDITIONS = wordSet(
  "if unless until till else otherwise or either neither nor whether whichever whoever whatever depending case instead failing then once when " +
    "whenever while after before first second third last next only just least enough stop halt skip try except maybe perhaps probably latter " +
    "former because since given assuming supposing provided providing pending barring absent lest rather wherever possibly presumably supposedly " +
    "suspect suspected prefer preferably fallback guess think might",
);
/** Words that stand for something that is not said, or for a part of what is. */
const VAGUE = wordSet("one any some none no not without but rest other others same that it those such so");
/** Nouns that make a choice of a list, unless tools or inputs are called so. */
const CHOICES = wordSet(
  "want need lack absence event doubt doubts condition conditions preference order priority turn sequence budget necessary needed required " +
    "possible available spare backup candidate candidates option options alternative alternatives",
);
const IN_ORDER = /\bin (\w+ ){0,2}order\b/;

/** Phrases that say nothing of what is asked for, however their words are used elsewhere. */
const MANNERS = [
  /\b(i|we)(['’]d| would)? (need|want|like)( to)?( (know|see|have|get))?\b/g,
  /\b(i|we)( a|['’])?(m|re) (looking for|interested in|curious about)\b/g,
  /\b(can|could|would|will) you( please)?\b/g,
  /\b(i|we)(['’]| wi)ll\b|\blet(['’]s| me| us)\b|\b(start|begin)(ing)? (with|by)( (reading|checking|looking at|fetching|getting))?\b/g,
  /\b(is|are) there\b|\bhow \w+ is it\b|\bwhat time is it\b|^\W*when (did|do|does|is|are|was|were)\b/g,
  /\b(?<=check|see|know|tell me) (if|whether)\b|\bfind out (when|where|who|what|how)\b/g,
  /\b(take|have) a (quick |close |closer )?look at\b|\bfind out\b|\blet me know\b|\bbased on (them|these|this|that|those)\b/g,
  /\ba (quick |short |brief |full )?(summary|overview|list|comparison|table|report|description|breakdown|picture)\b/g,
  /\b(next|last) (week|weekend|month|year|quarter|(mon|tues|wednes|thurs|fri|satur|sun)day)\b/g,
  /\b(will|does|is|are)? ?\b(the )?\w+ (be|look|looks) like\b|\blike(?= (in|on)\b)/g,
  /,? ?\b(and )?then (?=(tell|write|draft|prepare|explain|summari[sz]e|compare|describe|report|refactor|suggest)\b)/g,
];

/** A question for the most or least of all: whoever asks it needs each. It is no second step, such as "show the cheapest". */
const EXTREME =
  /(^|[,.;:?!] *|\b(?:and|know|see|say|(?:tell|show) (?:me|us)) )(which|who|where)( one)?( of (them|these|those|the \w+|these \w+))?(['’]?s| is| are| has| have| it is| it['’]s)? (the )?(most|least|more|less|\w{2,}est|\w{3,}er)\b/g;
/** The same before what it is asked of: `which of a, b and c has the highest price`. */
const EXTREME_OF = /^\W*which of\b(?=.*\b(is|are|has|have|costs?) (the )?(most|least|\w{2,}est)\b)/;
const IS_EXTREME = /\b(is|are|has|have|costs?) (the )?(most|least|\w{2,}est)\b/;
/** What is no noun, where one may stand. */
const NO_NOUN = /ly$|(?<!^(t|requ|for|gu|inter|cont|gu|inv))est$/;

/** Words that ask for all that there is of something. */
const EACH = /\b((each|every) \w+|all (of )?((the|my|our|your|their|its) )?(\w+ ){0,2}[a-z]+s)\b/;
/** Words of who looks for one thing in what there is, or goes from one to another. */
const SEARCHED =
  /\b(who|whose|which|where|why|cause|reason|bottom|find|search|somebody|someone|something|one|any|single|suffices?|enough|until|till|stop|halt|skip|try|steps?|follow|as (long|soon) as|whichever|whoever|frugal|sparing)\b/;
/** A question whose answer may make what is said after it a choice. */
const YES_OR_NO = /^\W*(is|are|do|does|has|have)\b/;
/** A question about each of what it lists, with its verb or adjective at the end. */
const QUESTION = /^\W*(are|do|have|how|what|when|check|find out)\b/;
/** Verbs that look for something in each of what they are given. */
const LOOKS_FOR = /\b(review|audit|scan|analy[sz]e|inspect)\b/;
/** Somebody says who they are, or what they are about. */
const INTRODUCTION = /^\W*(i|we)( a|['’])(m|re) (?!looking)|^\W*(i|we) have\b/;

/** Whether all words of folded sentences are known, so that nothing tells some of what they ask for from others. */
export function areWhollyKnown(sentences: readonly string[], names: ReadonlySet<string>): boolean {
  return (
    arePlain(sentences, names) &&
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
    // Names alone are a list under what says so; behind a question they are where to look.
    const above = sentences.slice(0, i).findLast((other) => !isBare(other, names));
    return above === undefined || above.trim().endsWith(":") || !isBare(one, names);
  });
}

/** Whether a sentence has names and nothing else. */
function isBare(sentence: string, names: ReadonlySet<string>): boolean {
  const words = wordsIn(sentence, names);
  return words.length > 0 && words.every(({ text, kind }) => kind === "name" || text === "and");
}

/** A word of a sentence. */
interface Word {
  readonly text: string;
  readonly kind: "name" | "verb" | "before noun" | "plain" | "thing" | "unknown";
  /** Whether it is the first of its clause. */
  readonly isFirst: boolean;
  readonly isBeforeColon: boolean;
}

/** Whether a folded sentence is understood. */
function isPlain(sentence: string, names: ReadonlySet<string>): boolean {
  if (sentence.length > MAX_SENTENCE || IN_ORDER.test(sentence)) return false;
  let rest = sentence.replace(EXTREME, "$1");
  if (EXTREME_OF.test(rest)) rest = rest.replace(EXTREME_OF, " ").replace(IS_EXTREME, " ");
  const isExtreme = rest !== sentence;
  const words = wordsIn(withoutManners(rest), names);
  if (words.some(({ text }) => CONDITIONS.has(text) || VAGUE.has(text))) return false;
  const hasNames = words.some(({ kind }) => kind === "name");
  if (!hasNames && INTRODUCTION.test(sentence)) return true;
  if (!isExtreme && announcesOne(words)) return false;
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
      words.push({ text, kind: isName ? "name" : kindOf(text), isFirst, isBeforeColon });
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
  return THINGS.has(word) ? "thing" : "unknown";
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
  if (before === undefined) return isAskedOf && (isPlural(text) || words[at + 1]?.text === "of");
  if (isFirst) return false;
  // One of what is listed: "the culprit in a.ts, b.ts and c.ts".
  if (!isPlural(text) && isIn(words, at)) return false;
  const outer =
    words.slice(0, at).findLast(({ text: one }) => !/^(the|my|our|your|me|us)$/.test(one))?.text ?? "";
  if (outer === "for") return isLookedFor;
  if (outer === "on") return false;
  if (/^(find|search)$/.test(outer) && !isPlural(text)) return isAskedOf;
  switch (before.kind) {
    case "before noun":
    case "thing":
    case "unknown":
      return true;
    case "name":
      return isQuestion || (isPlural(text) && isAskedOf);
    case "verb":
      return isPlural(text) || words[at + 1]?.kind === "name";
    case "plain":
      return isLookedFor && before.text === "for";
  }
}

/** Whether what has no article of its own has one before it that makes it one of several: `a free room`. */
function isArticle(words: readonly Word[], at: number): boolean {
  const before = words[at - 1]?.text;
  return (before === "a" || before === "an") && !TAIL_VERBS.has(words[at - 2]?.text ?? "");
}

function isIn(words: readonly Word[], at: number): boolean {
  const [next, after, later] = words.slice(at + 1);
  return (
    /^(in|on|at|among)$/.test(next?.text ?? "") &&
    (after?.kind === "name" || (after?.text === "the" && later?.kind === "name"))
  );
}

/** Whether a folded text may say that a step depends on another; that one thing is done first says nothing of that. */
export function hasConditionWord(text: string): boolean {
  return wordsOf(text).some((word) => CONDITIONS.has(word) && word !== "first");
}

/** Whether a folded text asks for each of what there is, and not for what is about something. */
export function asksForEach(text: string): boolean {
  return EACH.test(text) && !/\babout\b/.test(text);
}

/** Whether a folded text may be a search, or ask for one step after the other. */
export function isSearch(text: string): boolean {
  return SEARCHED.test(text);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
