/** The results between two turns, and whether they name a value, in whatever disguise. */
import type { Entry } from "./memory.ts";
import { isCommon, partsOf, squash } from "./terms.ts";

/** Longer words are looked at only so far: they are hashes or encodings, which are found whole. */
const MAX_WORD = 64;

/** Results, more and more of them as a chain grows. */
export class ResultsBetween {
  readonly #texts: string[] = [];
  readonly #squashed: string[] = [];
  readonly #words = new Set<string>();
  readonly #parts = new Set<string>();

  add(results: readonly Entry[]): void {
    for (const { text, words } of results) {
      this.#texts.push(text);
      this.#squashed.push(squash(text));
      for (const word of words) {
        if (this.#words.has(word)) continue;
        this.#words.add(word);
        for (const part of partsOf(word)) this.#parts.add(part);
      }
    }
  }

  /** Whether a word stands in them by itself. */
  hasWord(word: string): boolean {
    return this.#words.has(word);
  }

  /** Whether a term stands in them, be it inside a word, or with other separators. */
  names(term: string): boolean {
    const joined = squash(term);
    if (joined === "") return false;
    if (this.#words.has(joined) || this.#parts.has(joined)) return true;
    if (joined.length < 3) return false;
    if (this.#texts.some((text) => text.includes(term))) return true;
    return joined.length >= 5 && this.#squashed.some((text) => text.includes(joined));
  }

  /** A word of theirs that is part of this word, and was not known: `item4711` holds `4711`, `reportid` holds `report`. */
  wordInside(word: string, isKnown: (part: string) => boolean): string | undefined {
    const isTaken = (part: string) =>
      (this.#words.has(part) || this.#parts.has(part)) && !isCommon(part) && !isKnown(part);
    const part = partsOf(word).find((one) => (/\d/.test(one) || one.length >= 3) && isTaken(one));
    if (part !== undefined) return part;
    const text = word.slice(0, MAX_WORD);
    for (let length = text.length - 1; length >= 4; length--) {
      for (let start = 0; start + length <= text.length; start++) {
        const inside = text.slice(start, start + length);
        if (isTaken(inside)) return inside;
      }
    }
    return undefined;
  }
}
