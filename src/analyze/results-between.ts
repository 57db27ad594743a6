/** The results between two turns, and whether they name a value, in whatever disguise. */
import { canonical, fold, squash, tokensIn } from "./terms.ts";

/** A result, looked at as far as anybody has asked. */
interface Read {
  readonly raw: string;
  terms?: ReadonlySet<string>;
  words?: ReadonlySet<string>;
  squashed?: string;
}

/** Results, more and more of them as a chain grows. Each is taken apart when it is first asked for, and once. */
export class ResultsBetween {
  readonly #results: Read[] = [];
  readonly #termsOfToken: (token: string) => readonly string[];

  constructor(termsOfToken: (token: string) => readonly string[]) {
    this.#termsOfToken = termsOfToken;
  }

  add(results: readonly string[]): void {
    for (const raw of results) this.#results.push({ raw });
  }

  /** Whether a word or number stands in them, be it in a longer identifier, in the plural, or written out. */
  hasTerm(term: string): boolean {
    const form = canonical(term);
    return this.#results.some((one) => this.#termsOf(one).has(form));
  }

  /** Whether a squashed identifier or word stands in them by itself: `date` does not in `parseDate`. */
  hasWord(word: string): boolean {
    return this.#results.some((one) => wordsOf(one).has(canonical(word)));
  }

  /** Whether a squashed value stands in them, with whatever separators. */
  hasName(name: string): boolean {
    if (name === "") return false;
    if (this.hasTerm(name)) return true;
    // Shorter ones stand in any text by chance.
    return name.length >= 5 && this.#results.some((one) => squashedOf(one).includes(name));
  }

  /** Whether a word of theirs is written like a name, and is none of these terms. */
  hasNameBut(terms: ReadonlySet<string>): boolean {
    return this.#results.some(({ raw }) =>
      (raw.match(/\p{Lu}[\p{L}\p{N}]*/gu) ?? []).some((word) => !terms.has(canonical(fold(word)))),
    );
  }

  /** Whether a result has a squashed value more than once: then it is more than an echo of what was asked. */
  isRepeated(name: string): boolean {
    return this.#results.some((one) => {
      const text = squashedOf(one);
      return text.indexOf(name) !== text.lastIndexOf(name);
    });
  }

  /** A word of theirs inside a longer one, such as `report` in `reportid`. */
  termInside(word: string): string | undefined {
    const text = word.slice(0, 32);
    for (let length = text.length - 1; length >= 4; length--) {
      for (let start = 0; start + length <= text.length; start++) {
        const inside = text.slice(start, start + length);
        if (this.hasTerm(inside)) return inside;
      }
    }
    return undefined;
  }

  #termsOf(read: Read): ReadonlySet<string> {
    if (read.terms === undefined) {
      const terms = new Set<string>();
      // An identifier stands in a text many times.
      for (const token of new Set(tokensIn(read.raw))) {
        for (const term of this.#termsOfToken(token)) terms.add(term);
      }
      read.terms = terms;
    }
    return read.terms;
  }
}

/** Identifiers, and their parts where a line is between them. */
function wordsOf(read: Read): ReadonlySet<string> {
  if (read.words === undefined) {
    const words = new Set<string>();
    for (const token of new Set(tokensIn(read.raw))) {
      for (const word of [token, ...token.split("_")]) words.add(canonical(squash(fold(word))));
    }
    read.words = words;
  }
  return read.words;
}

function squashedOf(read: Read): string {
  return (read.squashed ??= squash(fold(read.raw)));
}
