/** What people want: their last words before a turn, with the calls that were made for them. */
import { isEnglish, isStepByStep } from "./conditions.ts";
import type { Entry } from "./entry.ts";
import { arePlain, areWhollyKnown, asksForEach } from "./plain-words.ts";
import { scalarsIn } from "./scalars.ts";
import type { SessionCall } from "./session.ts";
import { canonical, fold, termsOfToken, tokensIn, wordsOf } from "./terms.ts";

/** A longer value is no name. */
const MAX_NAME = 200;

/** What people said last, and what was made of it. */
export class Request {
  /** Whether they want one step after the other. */
  readonly isStepByStep: boolean;
  /** Whether it is plain, or in a language whose conditions are known. */
  readonly isUnderstood: boolean;
  /** Whether they plainly want each of something. */
  readonly isForEach: boolean;
  readonly #said: readonly Entry[];
  /** What the tools, their keys and their values are called. */
  readonly #names: ReadonlySet<string>;
  readonly #plain = new Map<Entry, boolean>();

  constructor(said: readonly Entry[], calls: readonly SessionCall[]) {
    this.#said = said;
    this.#names = namesOf(calls);
    this.isStepByStep = said.some(isStepByStep);
    this.isUnderstood = said.every((entry) => this.isPlain(entry) || isEnglish(entry));
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

  /** Whether they plainly ask for what a tool is called by. */
  asksFor(words: readonly string[]): boolean {
    return this.#said.some((entry) => {
      const said = new Set(wordsOf(entry.text).map(canonical));
      return areWhollyKnown(entry.sentences, this.#names) && words.some((word) => said.has(canonical(word)));
    });
  }
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
