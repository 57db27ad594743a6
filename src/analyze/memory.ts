/**
 * What a session's texts say, and when it was said: a value can be looked for in what was known before a turn's results, and
 * in the results between two turns.
 *
 * 1. What counts as known is found strictly, between word boundaries; what counts as named by a result is found leniently,
 *    anywhere inside of words. Both err to the side of a dependency.
 */
import { scalarsIn } from "./scalars.ts";
import type { Session } from "./session.ts";
import { fold, isCommon, partsOf, squash, wordsOf } from "./terms.ts";

/** Where a text comes from; turns are counted from 0. */
export interface Origin {
  readonly from: "user" | "system" | "model" | "input" | "result";
  readonly turn: number;
}

/** A text of a session. */
export interface Entry {
  readonly origin: Origin;
  /** The order of things: what was said before a turn, what the model wrote in it, and its results. */
  readonly at: number;
  readonly text: string;
  readonly words: ReadonlySet<string>;
  readonly parts: ReadonlySet<string>;
  readonly squashed: string;
}

/** All texts of a session, to look values up in. */
export class Memory {
  readonly #entries: Entry[] = [];
  readonly #byWord = new Map<string, Entry[]>();
  readonly #byPart = new Map<string, Entry>();

  constructor({ turns }: Session) {
    for (const [turn, { said, text, calls }] of turns.entries()) {
      for (const one of said) this.#add({ from: one.by, turn }, one.text);
      this.#add({ from: "model", turn }, text);
      for (const { input } of calls) {
        this.#add(
          { from: "input", turn },
          scalarsIn(input)
            .map(({ value }) => String(value))
            .join("\n"),
        );
      }
      for (const { result = "" } of calls) this.#add({ from: "result", turn }, result);
    }
  }

  /** The results of turns, from the first to before the last. */
  resultsOf(first: number, last: number): Entry[] {
    return this.#entries.filter(({ origin }) => {
      return origin.from === "result" && origin.turn >= first && origin.turn < last;
    });
  }

  /**
   * Where a term stood before the results of a turn were there: as words of their own, or, if `inside` says so, as the
   * letters or digits of one. What people said is named first.
   */
  whereKnown(term: string, turn: number, inside: "words" | "parts" = "words"): Origin | undefined {
    const limit = orderOf({ from: "input", turn });
    const words = wordsOf(term);
    const rarest = words
      .map((word) => this.#byWord.get(word) ?? [])
      .reduce<readonly Entry[] | undefined>(
        (a, b) => (a === undefined || b.length < a.length ? b : a),
        undefined,
      );
    const found = (rarest ?? []).filter(
      (entry) =>
        entry.at <= limit && (words[0] === term ? entry.words.has(term) : standsIn(term, entry.text)),
    );
    const best = found.find(({ origin }) => origin.from === "user") ?? found[0];
    if (best !== undefined || inside === "words") return best?.origin;
    const part = this.#byPart.get(term);
    return part !== undefined && part.at <= limit ? part.origin : undefined;
  }

  #add(origin: Origin, raw: string): void {
    if (raw === "") return;
    const text = fold(raw);
    const words = new Set(wordsOf(text));
    const parts = new Set([...words].flatMap(partsOf));
    const entry: Entry = { origin, at: orderOf(origin), text, words, parts, squashed: squash(text) };
    this.#entries.push(entry);
    for (const word of words) {
      const known = this.#byWord.get(word);
      if (known === undefined) this.#byWord.set(word, [entry]);
      else known.push(entry);
    }
    for (const part of parts) if (!this.#byPart.has(part)) this.#byPart.set(part, entry);
  }
}

/** Whether one of the texts names a term, in whatever disguise: inside a word, with other separators. */
export function isNamedIn(entries: readonly Entry[], term: string): boolean {
  const joined = squash(term);
  if (joined === "") return false;
  return entries.some(({ text, words, parts, squashed }) => {
    if (joined.length < 3) return words.has(joined) || parts.has(joined);
    return text.includes(term) || (joined.length >= 5 && squashed.includes(joined));
  });
}

/** A word of the texts that is part of this word: `item4711` holds `4711`, `reportid` holds `report`. */
export function wordInside(
  entries: readonly Entry[],
  word: string,
  isKnown: (part: string) => boolean,
): string | undefined {
  const isTaken = (part: string) =>
    !isCommon(part) &&
    entries.some(({ words, parts }) => words.has(part) || parts.has(part)) &&
    !isKnown(part);
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

/** Longer words are looked at only so far: they are hashes or encodings, which are found whole. */
const MAX_WORD = 64;

function orderOf({ from, turn }: Origin): number {
  return turn * 3 + (from === "result" ? 2 : from === "user" || from === "system" ? 0 : 1);
}

function standsIn(term: string, text: string): boolean {
  for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + 1)) {
    if (!isWordAt(text, at - 1) && !isWordAt(text, at + term.length)) return true;
  }
  return false;
}

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at] as string);
}
