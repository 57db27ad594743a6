/** What people want: their last words before a turn, with the calls that were made for them. */
import { askedCall, type AskedCall } from "./asked-call.ts";
import type { Entry } from "./entry.ts";
import { arePlain, areWhollyKnown, isKnownWord } from "./plain-request.ts";
import { eachOf } from "./plain-words.ts";
import { isComment } from "./reactions.ts";
import { isNextInRow } from "./rows.ts";
import { scalarsIn } from "./scalars.ts";
import type { SessionCall } from "./session.ts";
import { canonical, fold, standsIn, termsOfToken, tokensIn, wordsOf } from "./terms.ts";

/** A longer value is no name. */
const MAX_NAME = 200;

/** What people said last, and what was made of it. */
export class Request {
  /** Whether all that they said is understood. */
  readonly isUnderstood: boolean;
  readonly #said: readonly Entry[];
  /** What the tools, their keys and their values are called. */
  readonly #names: ReadonlySet<string>;
  readonly #calls: readonly SessionCall[];
  readonly #toolWords: ReadonlySet<string>;
  #asked: readonly AskedCall[] | undefined;
  readonly #plain = new Map<Entry, boolean>();

  constructor(said: readonly Entry[], calls: readonly SessionCall[]) {
    this.#said = said;
    this.#calls = calls;
    this.#toolWords = namesIn(calls.map(toolOf));
    this.#names = namesOf(calls);
    this.isUnderstood = said.every((entry) => this.isPlain(entry));
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
    return values.some(({ path, folded }, i) => {
      if (path === except) return false;
      const seen = new Set(
        others.flatMap((one) => (one.values[i]?.path === path ? one.values[i].folded : [])),
      );
      return this.#said.some(({ text }) =>
        [...seen].some((other) => isNextInRow(folded, [other], text) || isNextInRow(other, [folded], text)),
      );
    });
  }

  /** Whether they name a folded value. */
  names(value: string): boolean {
    return this.#said.some(({ text }) => standsIn(value, text));
  }

  /** Whether they plainly ask for all that a tool is called by. */
  asksFor(words: readonly string[]): boolean {
    return this.#said.some((entry) => {
      const said = new Set(wordsOf(entry.text).map(canonical));
      return (
        words.length > 0 &&
        areWhollyKnown(entry.sentences, this.#names) &&
        words.every((word) => said.has(canonical(word)))
      );
    });
  }

  /** Whether they plainly want each of what calls list, and say nothing more of it than the calls do. */
  wantsEachOf(listing: readonly SessionCall[]): boolean {
    const told = namesOf(listing);
    return (
      this.isUnderstood &&
      this.#said.some(({ text }) => {
        const found = eachOf(text);
        if (found === undefined) return false;
        const isTool = (word: string) => this.#toolWords.has(canonical(word));
        return (
          wordsOf(found.each).some((word) => isTool(word) && !isTime(word)) &&
          wordsOf(`${found.each} ${found.behind}`).every(
            (word) => isTool(word) || told.has(canonical(word)) || isKnownWord(word),
          )
        );
      })
    );
  }
}

/** What tools, their keys and their values are called. */
function namesOf(calls: readonly SessionCall[]): ReadonlySet<string> {
  return namesIn(
    calls.flatMap((call) => [
      toolOf(call),
      ...scalarsIn(call.input).map(({ key }) => key),
      ...valuesOf(call),
    ]),
  );
}

function isTime(word: string): boolean {
  return /^(hour|day|week|weekend|month|quarter|year|time)s?$/.test(word);
}

function toolOf({ name }: SessionCall): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1 $2");
}

function valuesOf({ input }: SessionCall): readonly string[] {
  return scalarsIn(input)
    .filter(({ key }) => !isComment(key))
    .map(({ value }) => String(value))
    .filter(({ length }) => length <= MAX_NAME);
}

function namesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => tokensIn(fold(text)).flatMap((token) => [...termsOfToken(token)])));
}
