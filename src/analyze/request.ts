/** What people want: their last words before a turn, with the calls that were made for them. */
import { askedCall, type AskedCall } from "./asked-call.ts";
import type { Entry } from "./entry.ts";
import { arePlain, areWhollyKnown } from "./plain-request.ts";
import { asksForEach, isSearch } from "./plain-words.ts";
import { isNextInRow } from "./rows.ts";
import { scalarsIn } from "./scalars.ts";
import type { SessionCall } from "./session.ts";
import { canonical, fold, termsOfToken, tokensIn, wordsOf } from "./terms.ts";

/** A longer value is no name. */
const MAX_NAME = 200;

/** Words that English has, and words that it has not. */
const ENGLISH =
  /\b(the|what|please|show|and|with|this|get|read|compare|check|find|look|tell|give|how|which|need|in|for|to|is|are|about|my|from|all|everything|where|who|review|summari[sz]e)\b/;
const FOREIGN =
  /\b(der|das|und|ist|eine?|bitte|wenn|falls|les?|des|une?|si|el|los|las|que|por|hasta|gli|che|il|di|het|een|als|om|och|att|og|hvis|jest|jesli|caso|bei|bis|jusqu|piove|bir|eger)\b|[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;

/** What people said last, and what was made of it. */
export class Request {
  /** Whether a model that says what it will read needs not look at one thing after the other. */
  readonly isOpen: boolean;
  /** Whether they plainly want each of something. */
  readonly isForEach: boolean;
  readonly #said: readonly Entry[];
  /** What the tools, their keys and their values are called. */
  readonly #names: ReadonlySet<string>;
  readonly #calls: readonly SessionCall[];
  #asked: readonly AskedCall[] | undefined;
  readonly #plain = new Map<Entry, boolean>();

  constructor(said: readonly Entry[], calls: readonly SessionCall[]) {
    this.#said = said;
    this.#calls = calls;
    this.#names = namesOf(calls);
    this.isOpen = said.every(
      (entry) => this.isPlain(entry) || (isEnglish(entry.text) && !isSearch(entry.text)),
    );
    this.isForEach = said.every((entry) => this.isPlain(entry)) && said.some(({ text }) => asksForEach(text));
  }

  /** Whether each word of a text is understood: of one of people's, so must be all that they have said since. */
  isPlain(entry: Entry): boolean {
    let isPlain = this.#plain.get(entry);
    if (isPlain === undefined) {
      isPlain = arePlain(entry.sentences, this.#names);
      this.#plain.set(entry, isPlain);
    }
    const isOlder = entry.origin.from === "user" && !this.#said.includes(entry);
    return isPlain && (!isOlder || this.#said.every((one) => this.isPlain(one)));
  }

  /** Whether they list a value of a call's beside one that another call has in its place: then it was chosen from a list. */
  listsBesideAnother({ call, values }: AskedCall, except: string): boolean {
    this.#asked ??= this.#calls.map((one) => askedCall(one, 0));
    const others = this.#asked.filter((one) => one.call.name === call.name);
    return values.some(({ path, isFree, folded }, i) => {
      if (!isFree || path === except) return false;
      const seen = new Set(
        others.flatMap((one) => (one.values[i]?.path === path ? one.values[i].folded : [])),
      );
      return this.#said.some(({ text }) =>
        [...seen].some((other) => isNextInRow(folded, [other], text) || isNextInRow(other, [folded], text)),
      );
    });
  }

  /** Whether they plainly ask for what a tool is called by. */
  asksFor(words: readonly string[]): boolean {
    return this.#said.some((entry) => {
      const said = new Set(wordsOf(entry.text).map(canonical));
      return areWhollyKnown(entry.sentences, this.#names) && words.some((word) => said.has(canonical(word)));
    });
  }
}

/** Whether a folded text is in English, whose conditions are known. */
function isEnglish(text: string): boolean {
  return ENGLISH.test(text) && !FOREIGN.test(text);
}

function namesOf(calls: readonly SessionCall[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (text: string) => {
    for (const token of tokensIn(fold(text))) for (const term of termsOfToken(token)) names.add(term);
  };
  for (const { name, input } of calls) {
    add(name.replace(/([a-z0-9])([A-Z])/g, "$1 $2"));
    for (const { key, value } of scalarsIn(input)) {
      add(key);
      if (String(value).length <= MAX_NAME) add(String(value));
    }
  }
  return names;
}
