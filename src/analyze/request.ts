/** What people want: their last words before a turn, with the calls that were made for them. */
import type { Entry } from "./entry.ts";
import { asksForEach, asksForEverything, isBare, isPlain } from "./plain-words.ts";
import { scalarsIn } from "./scalars.ts";
import type { SessionCall } from "./session.ts";
import { canonical, fold, placesOf, termsOfToken, tokensIn, wordsOf } from "./terms.ts";
import { isEnglish, isStepByStep } from "./user-words.ts";

/** A longer value is no name. */
const MAX_NAME = 200;

/** What people said last, and what was made of it. */
export class Request {
  /** Whether they want one step after the other. */
  readonly isStepByStep: boolean;
  /** Whether it is in a language that is understood, or hardly more than names. */
  readonly isUnderstood: boolean;
  /** Whether they plainly want each of something. */
  readonly isForEach: boolean;
  readonly #said: readonly Entry[];
  /** What the tools, their keys and their values are called. */
  readonly #names: ReadonlySet<string>;

  constructor(said: readonly Entry[], calls: readonly SessionCall[]) {
    this.#said = said;
    this.#names = namesOf(calls);
    this.isStepByStep = said.some(isStepByStep);
    this.isUnderstood = said.every(isEnglish);
    this.isForEach = this.#isPlain(said) && said.some(({ text }) => asksForEach(text));
  }

  /** Whether the sentences that name a value, and those around them, are plain. */
  isPlainAbout(folded: string, entry: Entry): boolean {
    const isLast = this.#said.includes(entry);
    return (isLast || this.#isPlain(this.#said)) && isPlainAround(folded, entry, this.#names);
  }

  /** Whether they plainly ask for what a tool is called by, or for all that is known. */
  asksFor(words: readonly string[]): boolean {
    if (!this.#isPlain(this.#said)) return false;
    return this.#said.some(({ text }) => {
      const said = new Set(wordsOf(text).map(canonical));
      return asksForEverything(text) || words.some((word) => said.has(canonical(word)));
    });
  }

  #isPlain(said: readonly Entry[]): boolean {
    return said.every(({ sentences }) => sentences.every((one) => isPlain(one, this.#names)));
  }
}

function isPlainAround(folded: string, { sentences }: Entry, names: ReadonlySet<string>): boolean {
  return sentences.every((sentence, at) => {
    if ([...placesOf(folded, sentence)].length === 0) return true;
    const isPlainFrom = (step: 1 | -1) => {
      for (let i = at + step; i >= 0 && i < sentences.length; i += step) {
        const one = sentences[i] as string;
        if (!isPlain(one, names)) return false;
        // Above a line of a list are others, and above those what is wanted with them.
        if (!isBare(one)) return true;
      }
      return true;
    };
    return isPlain(sentence, names) && isPlainFrom(1) && isPlainFrom(-1);
  });
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
