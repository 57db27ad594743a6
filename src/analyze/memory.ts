/**
 * What a session's texts say, and when it was said: a value can be looked for in what was known before a turn's results.
 *
 * 1. What counts as known is found strictly, between word boundaries; what counts as named by a result (`ResultsBetween`) is
 *    found leniently, anywhere inside of words. Both err to the side of a dependency.
 */
import { scalarsIn } from "./scalars.ts";
import type { Session } from "./session.ts";
import { fold, partsOf, wordsOf } from "./terms.ts";

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
}

/** Entries in the order of things, those of users once more by themselves. */
interface Postings {
  readonly all: Entry[];
  readonly users: Entry[];
}

/** All texts of a session, to look values up in. */
export class Memory {
  readonly #results = new Map<number, Entry[]>();
  readonly #byWord = new Map<string, Postings>();
  readonly #byPart = new Map<string, Entry>();

  constructor({ turns }: Session) {
    for (const [turn, { said, text, calls }] of turns.entries()) {
      for (const one of said) this.#add({ from: one.by, turn }, one.text);
      this.#add({ from: "model", turn }, text);
      for (const { input } of calls) this.#add({ from: "input", turn }, textOf(input));
      const results = calls.map(({ result = "" }) => this.#add({ from: "result", turn }, result));
      this.#results.set(turn, results);
    }
  }

  /** The results of a turn. */
  resultsOf(turn: number): readonly Entry[] {
    return this.#results.get(turn) ?? [];
  }

  /**
   * Where a term stood before the results of a turn were there: as words of their own, or, if `inside` says so, as the
   * letters or digits of one. What people said is named first.
   */
  whereKnown(term: string, turn: number, inside: "words" | "parts" = "words"): Origin | undefined {
    const limit = orderOf({ from: "input", turn });
    const words = wordsOf(term);
    const isOne = words.length === 1 && words[0] === term;
    const postings = this.#rarest(words);
    for (const entries of [postings?.users ?? [], postings?.all ?? []]) {
      for (const entry of entries) {
        if (entry.at > limit) break;
        const isHere = isOne || (words.every((word) => entry.words.has(word)) && standsIn(term, entry.text));
        if (isHere) return entry.origin;
      }
    }
    const part = inside === "parts" ? this.#byPart.get(term) : undefined;
    return part !== undefined && part.at <= limit ? part.origin : undefined;
  }

  /** Where the word stands that stands in the fewest texts; undefined if one of them stands in none. */
  #rarest(words: readonly string[]): Postings | undefined {
    let rarest: Postings | undefined;
    for (const word of words) {
      const postings = this.#byWord.get(word);
      if (postings === undefined) return undefined;
      if (rarest === undefined || postings.all.length < rarest.all.length) rarest = postings;
    }
    return rarest;
  }

  #add(origin: Origin, raw: string): Entry {
    const text = fold(raw);
    const words = new Set(wordsOf(text));
    const entry: Entry = { origin, at: orderOf(origin), text, words };
    for (const word of words) {
      let postings = this.#byWord.get(word);
      if (postings === undefined) this.#byWord.set(word, (postings = { all: [], users: [] }));
      postings.all.push(entry);
      if (origin.from === "user") postings.users.push(entry);
      for (const part of partsOf(word)) if (!this.#byPart.has(part)) this.#byPart.set(part, entry);
    }
    return entry;
  }
}

function textOf(input: unknown): string {
  return scalarsIn(input)
    .map(({ value }) => String(value))
    .join("\n");
}

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
