/** The results between two turns, and whether they name a value, in whatever disguise. */
import { canonical, fold, squash, termsOfToken, tokensIn } from "./terms.ts";

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

  add(results: readonly string[]): void {
    for (const raw of results) this.#results.push({ raw });
  }

  /** Whether a word or number stands in them, be it in a longer identifier, in the plural, or written out. */
  hasTerm(term: string): boolean {
    return this.#results.some((one) => termsOf(one).has(term));
  }

  /** Whether a squashed identifier or word stands in them by itself: `date` does not in `parseDate`. */
  hasWord(word: string): boolean {
    return this.#results.some((one) => wordsOf(one).has(canonical(word)));
  }

  /** Whether a squashed value stands in them, with whatever separators. */
  hasName(name: string): boolean {
    if (name === "") return false;
    const term = canonical(name);
    if (this.#results.some((one) => termsOf(one).has(term))) return true;
    // Shorter ones stand in any text by chance.
    return name.length >= 5 && this.#results.some((one) => squashedOf(one).includes(name));
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
}

function termsOf(read: Read): ReadonlySet<string> {
  if (read.terms === undefined) {
    const terms = new Set<string>();
    // An identifier stands in a text many times.
    for (const token of new Set(tokensIn(read.raw))) for (const term of termsOfToken(token)) terms.add(term);
    read.terms = terms;
  }
  return read.terms;
}

function wordsOf(read: Read): ReadonlySet<string> {
  return (read.words ??= new Set(tokensIn(read.raw).map((token) => canonical(squash(fold(token))))));
}

function squashedOf(read: Read): string {
  return (read.squashed ??= squash(fold(read.raw)));
}
