/**
 * The words of requests, as far as they tell whether somebody asks for all that is listed. Conditions, orders and reasons to stop are told by
 * verbs and by small words, of which a language has few; what is asked for is told by nouns, which may be any.
 */
import { wordsOf } from "./terms.ts";

/** Verbs that ask for each of what follows. */
export const VERBS = wordSet(
  "show tell give get fetch read open view find search compare contrast summarize summarise explain describe review audit analyze analyse " +
    "list print display report retrieve pull load check inspect query quote say see know learn understand differ calculate compute convert translate have count rank plot",
);
/** Verbs for what is to be done with all of it. */
export const TAIL_VERBS = wordSet("write draft prepare create refactor suggest recommend");
/** Before which a noun stands: behind any of these, what is not known is one. */
export const BEFORE_NOUNS = wordSet(
  "the all every each both my our your their this of in on at about from into between are current recent what how many much these",
);
/** All other words that say nothing of which, when, or until what. */
export const PLAIN = wordSet(
  "for to and also too plus vs versus i me we us you they them has do does did up down doing now right currently recently please " +
    "thank hi hello hey kindly quickly briefly different everything",
);
/** Things that requests are about, whatever tools and inputs are called. */
export const COMMON_THINGS = wordSet(
  "overview summary picture detail details info information data difference differences name names number numbers file files page pages project " +
    "repo repository folder directory database code codebase account today tomorrow yesterday tonight week weekend month year time day days date " +
    "weather temperature forecast price prices stock share population capital score scores status result results",
);

/** Words of conditions, orders and doubts. */
export const CONDITIONS = wordSet(
  "if unless until till else otherwise or either neither nor whether whichever whoever whatever depending case instead failing then once when " +
    "whenever while after before first second third last next only just least enough stop halt skip try except maybe perhaps probably latter " +
    "former because since given assuming supposing provided providing pending barring absent lest rather wherever possibly presumably supposedly " +
    "suspect suspected prefer preferably fallback guess think might should permitting allowing",
);
/** Words that stand for something that is not said, or for a part of what is. */
export const VAGUE = wordSet(
  "one any some none no not without but rest other others same that it those such so which who whose where why as",
);
/** Nouns that make a choice of a list, unless tools or inputs are called so. */
export const CHOICES = wordSet(
  "want need lack absence event doubt doubts condition conditions preference order priority turn sequence budget necessary needed required " +
    "possible available spare backup suspects contenders culprits mirror mirrors moment minute instant goal target minimum maximum limit cap demand quota candidate candidates option options alternative alternatives",
);
/** Phrases that make a choice of a list. */
export const CHOOSING = [
  // An order, and how far to go.
  /\bin (\w+ ){0,2}order\b|\b(priority|preference|wish|short) ?list\b|\b(up|down) to (?!\d|now\b|today\b)/,
  // By whose choice.
  /(?<!\b(do|did|can|could|would|will) )\byou (know|tell|say|see|are)\b/,
  // Either.
  /\||&&/,
  // One thing that is in one of several.
  /\b(find|search)( for)? (me |us )?(the|my|our|an?) (\w+ )?\w*[^s\W] (in|on|at|among)\b/,
  /\bto (learn|see|know|get|understand|tell|check) (the|my|our) (\w+ )?\w*[^s\W]\W*$/,
];

/** Phrases that say nothing of what is asked for, however their words are used elsewhere. */
export const MANNERS = [
  // How people ask.
  /\b(i|we)(['’]d| would)? (need|want|like)( to)?( (know|see|have|get))?\b/g,
  /\b(i|we)( a|['’])?(m|re) (looking for|interested in|curious about)\b/g,
  /\b(can|could|would|will) you( please)?\b|\bgood (morning|afternoon|evening|day)\b/g,
  /\b(i|we)(['’]| wi)ll\b|\blet(['’]s| me| us)\b|\b(start|begin)(ing)? (with|by)( (reading|checking|looking at|fetching|getting))?\b/g,
  /\b(is|are) there\b|\bhow \w+ is it\b|\bwhat time is it\b|^\W*is it \w+(?= in\b)|^\W*when (did|do|does|is|are|was|were)\b/g,
  /\b(?<=check|see|know|tell me) (if|whether)\b|\bfind out (when|where|who|what|how)\b|^\W*where are (my|our|the)\b/g,
  /^\W*who (manages|owns|leads|runs|maintains|wrote|made|won|invented|founded|directed)\b/g,
  /\bby (car|train|bus|plane|bike|foot|air|road)\b|\bthank(s| you)( (a lot|so much|very much))?( in advance)?( for (your|the) (help|time|support))?\b/g,
  /\b(take|have) a (quick |close |closer )?look at\b|\bfind out\b|\blet me know\b|\bgo through(?= (all|each|every|these)\b)/g,
  // What people want it for.
  /\b(are they \w+|(what|how much|how) do they \w+)\b|\bbased on (them|these|this|that|those)\b|\bside by side\b/g,
  /(\b(make|draw|plot|create|generate)( me)? )?\ba (\w+ )?(summary|overview|list|comparison|table|report|description|breakdown|picture|chart|graph)\b/g,
  /,? ?\b(and )?then (?=(tell|write|draft|prepare|explain|summari[sz]e|compare|describe|report|refactor|suggest)\b)/g,
  // Times and amounts.
  /\b(next|last) (hour|day|week|weekend|month|year|quarter|(mon|tues|wednes|thurs|fri|satur|sun)day)\b/g,
  /\b(first|last) \d+ (rows|lines|records|entries|commits|days|hours|weeks|months)\b|\blatest (?=(version|release|news|data)s?\b)/g,
  /\b(will|does|is|are)? ?\b(the )?\w+ (be|look|looks) like\b|\blike(?= (in|on)\b)/g,
];

/** Of adjectives that compare, what stands before `er` and `est`: most words that end so are none. */
const COMPARED =
  "warm|cold|hott|cool|cheap|prici|old|young|tall|short|long|larg|bigg|small|high|low|fast|slow|near|clos|far|furth|earli|lat|new|rich|poor|strong|weak|saf|heavi|light|deep|" +
  "wid|busi|easi|hard|quick|quiet|loud|clean|dirti|dark|bright|great|fin|dri|wett|sunni|windi|raini|snowi|happi|healthi|simpl|smart|tight|thick|thin|fresh|rough|steep|brief";
const MOST = `(?:most|least|best|worst|(?:${COMPARED})est)`;
const MORE = `(?:more|less|fewer|better|worse|(?:${COMPARED})er)`;

/** A question for the most or least of all: whoever asks it needs each. It is no second step, such as "show the cheapest". */
export const EXTREME = new RegExp(
  String.raw`(^|[,.;:?!] *|\b(?:and|know|see|say|(?:tell|show) (?:me|us)) )(?:which|who|where)(?: \w+)?(?: of (?:them|these|those|the \w+|these \w+))?` +
    String.raw`(?:['’]?s| is| are| was| has| have| had| it is| it['’]s) (?:(?:the )?${MOST}|${MORE})\b`,
  "g",
);
/** The same before what it is asked of: `which of a, b and c has the highest price`. */
export const EXTREME_OF = new RegExp(
  String.raw`^\W*which of\b(?=.*\b(is|are|was|has|have|had|costs?) (the )?(?:${MOST}|${MORE})\b)`,
);
/** The verb of that question. */
export const IS_EXTREME = new RegExp(
  String.raw`\b(is|are|was|has|have|had|costs?) (the )?(?:${MOST}|${MORE})\b`,
);
/** Behind all names, what stands behind these may tell how or by whose choice: `in cascade`, `your call`. */
export const MANNER_BEFORE = /^(both|my|our|your|their|in|at|about|from|into|between)$/;
/** What is no noun, where one may stand. */
export const NO_NOUN = /^(by|per|under|within|via|upon|with)$|ly$|(?<!^(t|requ|for|gu|inter|cont|inv))est$/;

/** Words that ask for all that there is of something. */
const EACH = /\b((each|every) \w+|all (of )?((the|my|our|your|their|its) )?(\w+ ){0,2}[a-z]+s)\b/;
/** A question whose answer may make what is said after it a choice. */
export const YES_OR_NO = /^\W*(is|are|do|does|has|have)\b/;
/** A question about each of what it lists, with its verb or adjective at the end. */
export const QUESTION = /^\W*(are|do|have|how|what|when|check|find out)\b/;
/** Verbs that look for something in each of what they are given. */
export const LOOKS_FOR = /\b(review|audit|scan|analy[sz]e|inspect)\b/;
/** Somebody says what they are about. */
export const INTRODUCTION =
  /^\W*(i|we)( a|['’])(m|re) (planning|working on|writing|preparing|organi[sz]ing|building|making|studying|travell?ing|visiting|moving|new to)\b[^\d]*$|^\W*(i|we) have (an? |some )?(meeting|trip|call|flight|interview|presentation|exam)s?\b[^\d]*$/;
/** What a question begins with. */
export const ASKS = /^\W*(what|how|which|when|where|who|is|are|do|does|has|have)\b/;
/** Rules for steps, as instructions have them. */
const STEPWISE =
  /\b(stop|quit|halt) (at|when|once|as soon as|after|if)\b|\b(check|read|look|open|ask|call|try|search)\b.*\b(until|till)\b|\b(next|second|another) (one )?(only |just )?(if|when|once|after|in)\b|\b(never|do not|don['’]t) \w+ (a|the) (second|next)\b|\bas few\b|\bbilled\b/;

/** Whether a folded text may say that a step depends on another; that one thing is done first says nothing of that. */
export function hasConditionWord(text: string): boolean {
  return wordsOf(text).some((word) => CONDITIONS.has(word) && word !== "first");
}

/** Whether a folded text asks for each of what there is, and not for what is about something. */
export function asksForEach(text: string): boolean {
  return EACH.test(text) && !/\babout\b/.test(text);
}

/** What a folded text asks for each of, as it says it (`each open order`), and what it says behind that. */
export function eachOf(text: string): { readonly each: string; readonly behind: string } | undefined {
  const found = asksForEach(text) ? EACH.exec(text) : null;
  if (found === null) return undefined;
  const behind = text.slice(found.index + found[0].length).split(/[,.;:?!]|\band\b/)[0] ?? "";
  return { each: found[0], behind };
}

/** Whether a folded sentence of instructions makes one step depend on another. */
export function isStepwise(sentence: string): boolean {
  return STEPWISE.test(sentence);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
