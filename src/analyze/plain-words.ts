/**
 * Whether a sentence asks for all that it lists, and no more: each word of it is understood. What is not understood may be a
 * condition, an order, or a reason to stop, in words that nobody has thought of.
 */
import { canonical, wordsOf } from "./terms.ts";

/** A longer sentence is no request. */
const MAX_SENTENCE = 5_000;

/** Words of requests that say nothing of which, when, or until what. */
const PLAIN = wordSet(
  "the of in on at for from to into about between and also both too plus vs versus " +
    "i me my we us our you your they them their " +
    "is are has have do does what how much many " +
    "show tell give get fetch read view look up compare summarize summarise explain describe review list print display report " +
    "retrieve pull load check quote say see know learn understand differ write down doing " +
    "please thanks thank hi hello hey kindly quickly briefly side different " +
    "this each every all everything now right currently recent recently",
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
    "except maybe perhaps probably rest other others same that latter former because since so it those these",
);

/** How people ask, word by word: it says nothing of what they ask for. */
const MANNERS = [
  /\b(i|we)(['’]d| would)? (need|want|like)( to)?( (know|see|have|get))?\b/g,
  /\b(i|we)( a|['’])?m (looking for|interested in|curious about)\b/g,
  /\b(can|could|would|will) you( please)?\b/g,
  /\b(i|we)(['’]| wi)ll\b|\blet(['’]s| me| us)\b|\b(start|begin)(ing)? (with|by)( (reading|checking|looking at|fetching|getting))?\b/g,
  /\b(is|are) there\b/g,
  /\bhow \w+ is it\b|\bwhat time is it\b|\bhow (many \w+|\w+)\b/g,
  /\ba (quick |short |brief |full )?(summary|overview|list|comparison|look|table|report|description|breakdown|picture)\b/g,
];

/** A question for the most or least of all: whoever asks it needs each. It is no second step, such as "show the cheapest". */
const EXTREME =
  /(^|[,.;:?!] *|\b(?:and|know|see|say|(?:tell|show) (?:me|us)) )(which|who|where)( one)?( of (them|these|those|the \w+))?(['’]?s| is| are| has| have| it is| it['’]s)? (the )?(most|least|more|less|\w{2,}est|\w{3,}er)\b/g;
/** The same before what it is asked of: `which of a, b and c has the highest price`. */
const EXTREME_OF = /^\W*which of\b(?=.*\b(is|are|has|have|costs?) (the )?(most|least|\w{2,}est)\b)/;
const IS_EXTREME = /\b(is|are|has|have|costs?) (the )?(most|least|\w{2,}est)\b/;

/** What is asked for, told by its place: `show the authors in`, `compare the size of`. */
const THINGS =
  /(^|[,.;:?!] *|\b(?:and|what (?:is|are)|look up|show|give|get|fetch|list|compare|check|read|summari[sz]e|explain|describe|review|me|us) )((?:the|all|their|the current) )*(?!\w+(?:est|ly)\b)[a-z]{3,}(?:(?<=[^s]s) (?=(?:of|in|for|from|at|on|to|about|between)\b)| (?=of\b))/g;
/** What names are names of: `the tables orders and customers`. */
const KIND = /\b(the|of|from|for|in|on|my|our|all) [a-z]{2,}[^s\W]s (?=([\p{L}\p{N}]+))/gu;
/** A search for several things, and not for one among what is listed. */
const SEARCH = /\b(find|search|search for|look for)(?= (me |the |all |all the )?([a-z]{2,}[^s\W]s\b|of\b))/g;
/** One of several: `my room: Birch, Cedar`. */
const ONE_OF = /\b(the|my|our|your)( \w+)? \w*[^s\W]: *\w/;

/** Words that ask for all that there is. */
const EACH = /\b(each|every|all|everything|both)\b/;
/** A question whose answer may make what is said after it a choice. */
const YES_OR_NO = /^\W*(is|are|do|does|has|have)\b/;

/** Whether folded sentences are understood, each of them, with the names that their calls have. */
export function arePlain(sentences: readonly string[], names: ReadonlySet<string>): boolean {
  return sentences.every(
    (one, i) => isPlain(one, names) && (i === sentences.length - 1 || !YES_OR_NO.test(one)),
  );
}

/** Whether a folded sentence is understood. */
function isPlain(sentence: string, names: ReadonlySet<string>): boolean {
  if (sentence.length > MAX_SENTENCE || ONE_OF.test(sentence)) return false;
  let rest = sentence.replace(EXTREME, " ");
  if (EXTREME_OF.test(rest)) rest = rest.replace(EXTREME_OF, " ").replace(IS_EXTREME, " ");
  rest = rest.replace(/['’]s\b/g, " is");
  for (const manner of MANNERS) rest = rest.replace(manner, " ");
  if (wordsOf(rest).some((word) => NEVER.has(word))) return false;
  const isName = (word: string) => names.has(canonical(word));
  const left = rest
    .replace(SEARCH, "get")
    .replace(THINGS, "$1")
    .replace(KIND, (all, _, name: string) => (isName(name) ? " " : all));
  return wordsOf(left).every((word) => PLAIN.has(word) || COMMON_THINGS.has(word) || isName(word));
}

/** Whether a folded text may say that a step depends on another; that one thing is done first says nothing of that. */
export function hasConditionWord(text: string): boolean {
  return wordsOf(text).some((word) => NEVER.has(word) && word !== "first");
}

/** Whether a folded text asks for each of what there is. */
export function asksForEach(text: string): boolean {
  return EACH.test(text);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
