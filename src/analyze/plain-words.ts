/**
 * Whether a sentence asks for all that it lists, and no more: each word of it is understood. What is not understood may be a
 * condition, an order, or a reason to stop, in words that nobody has thought of.
 */
import { canonical, wordsOf } from "./terms.ts";

/** Words of requests that say nothing of which, when, or until what. */
const PLAIN = wordSet(
  "a an the of in on at for from to into by as per about between and also both too plus vs versus " +
    "i me my we us our you your it its they them their these those there d s ll ve m re " +
    "is are was were be has have do does did can could would will " +
    "what how who whose much many far long old big tall high hot warm cold full " +
    "show tell give get fetch read open view look up compare summarize summarise explain describe review list print display report " +
    "retrieve pull load check quote say see know learn understand want like need differ write down go going doing " +
    "please thanks thank hi hello hey kindly quickly briefly shortly side different " +
    "this each every all everything whole complete entire total overall now right currently current recent recently present",
);
/** Things that requests are about, whatever tools and inputs are called. */
const COMMON_THINGS = wordSet(
  "overview summary picture detail details info information data difference differences name names number numbers " +
    "file files page pages project repo repository folder directory code codebase list account " +
    "today tomorrow yesterday tonight week month year time day days date " +
    "weather temperature forecast price prices stock share population capital score scores status result results",
);

/** Words that are no part of a plain request, whatever tools and inputs are called. */
const NEVER = wordSet(
  "if unless until till else otherwise or either neither nor whether whichever whoever depending case instead failing then once when " +
    "while after before first second third last next only just least enough stop halt skip try one any some none no not without but " +
    "except maybe perhaps probably rest other others same that latter former because since so",
);

/** A question for the most or least of all: whoever asks it needs each. It is no second step, such as "show the cheapest". */
const EXTREME =
  /\b(which|who|where)( one)?( of (them|these|those|the \w+))?('?s| is| are| was| were| has| have| it is| it's)? (the )?(most|least|more|less|\w{2,}est|\w{3,}er)\b/g;
/** The same before what it is asked of: `which of a, b and c has the highest price`. */
const EXTREME_OF = /^\W*which of\b(?=.*\b(is|are|has|have|was|costs?) (the )?(most|least|\w{2,}est)\b)/;
const IS_EXTREME = /\b(is|are|has|have|was|costs?) (the )?(most|least|\w{2,}est)\b/;

/** What is asked for, told by its place: `the authors in`, `the price of`. */
const THINGS =
  /\b(?:how many [a-z]+|(?:(?:the|all|their) (?!\w+(?:est|ly) )[a-z]{3,} )?(?!\w+(?:est|ly)\b)[a-z]{3,}(?:(?<=[^s]s) (?=(?:of|in|for|from|at|on|to|about|between)\b)| (?=of\b)))/g;
/** What names are names of: `the tables orders and customers`. */
const KIND = /\b(the|of|from|for|in|on|my|our|all|these) [a-z]{2,}[^s\W]s (?=([\p{L}\p{N}]+))/gu;
/** A search for several things, and not for one among what is listed. */
const SEARCH = /\b(find|search|search for|look for)(?= (me |the |all |all the )?[a-z]{2,}[^s\W]s\b)/g;

/** Words that ask for all that there is. */
const ALL = /\b(each|every|all|everything|both)\b/;
/** Words that ask for all that is known of one thing. */
const EVERYTHING =
  /\b(everything|(full|whole|complete|overall) picture|overview|all (about|data|information|details|that))\b/;

/** Whether a folded sentence is understood, with the names that its calls have. */
export function isPlain(sentence: string, names: ReadonlySet<string>): boolean {
  let rest = sentence.replaceAll("’", "'").replace(EXTREME, " ");
  if (EXTREME_OF.test(rest)) rest = rest.replace(EXTREME_OF, " ").replace(IS_EXTREME, " ");
  if (wordsOf(rest).some((word) => NEVER.has(word))) return false;
  const isName = (word: string) => names.has(canonical(word));
  const asked = rest
    .replace(SEARCH, " ")
    .replace(THINGS, " ")
    .replace(KIND, (all, _, name: string) => (isName(name) ? " " : all));
  const words = wordsOf(asked);
  return words.every((word) => PLAIN.has(word) || COMMON_THINGS.has(word) || isName(word));
}

/** Whether a folded sentence has names in it and nothing else, such as a line of a list. */
export function isBare(sentence: string): boolean {
  return !wordsOf(sentence).some((word) => PLAIN.has(word));
}

/** Whether a folded sentence asks for each of what there is. */
export function asksForEach(sentence: string): boolean {
  return ALL.test(sentence);
}

/** Whether a folded sentence asks for all that is known of something. */
export function asksForEverything(sentence: string): boolean {
  return EVERYTHING.test(sentence);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
