/**
 * What a session's texts say, and when it was said: a value can be looked for in what was known before a turn's results.
 * Only the whole counts, by itself: what stands inside of a longer word, path or address is not known by that.
 */
import { scalarsIn } from "./scalars.ts";
import type { Session } from "./session.ts";
import { fold, placesOf, wordsOf } from "./terms.ts";

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
  /** Folded. */
  readonly text: string;
}

/** All that texts come from. */
export const ANYWHERE: ReadonlySet<Origin["from"]> = new Set([
  "user",
  "system",
  "model",
  "input",
  "result",
] as const);

/** A value's place in a text. */
export interface Place {
  readonly entry: Entry;
  readonly index: number;
}

/** Entries in the order of things, those of users by themselves. */
interface Postings {
  readonly users: Entry[];
  readonly others: Entry[];
}

/** So many texts that share a value's rarest word are looked at, the last ones: a value found in none of them is not known. */
const MAX_TEXTS = 50;

/** All texts of a session, to look values up in. */
export class Memory {
  readonly #postings = new Map<string, Postings>();
  readonly #said: Entry[] = [];
  readonly #written: (readonly Entry[])[] = [];
  readonly #turns: Session["turns"];

  constructor({ turns }: Session) {
    this.#turns = turns;
    for (const [turn, { said, text, thinking = "", calls }] of turns.entries()) {
      for (const one of said) this.#add({ from: one.by, turn }, one.text);
      this.#written.push([this.#add({ from: "model", turn }, `${text}\n${thinking}`)]);
      for (const { input } of calls) this.#add({ from: "input", turn }, textOf(input));
      for (const { result } of calls) if (result !== undefined) this.#add({ from: "result", turn }, result);
    }
  }

  /** The results of a turn, as they were written. */
  resultsOf(turn: number): readonly string[] {
    return this.#turns[turn]?.calls.map(({ result = "" }) => result) ?? [];
  }

  /** The names and numbers that the model wrote in a turn, before it had the turn's results. */
  announcedAt(turn: number): readonly string[] {
    const { text = "", thinking = "" } = this.#turns[turn] ?? {};
    return `${text}\n${thinking}`.match(/[\p{L}\p{N}](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}])?/gu) ?? [];
  }

  /** What the model wrote in a turn, before it had the turn's results. */
  writtenIn(turn: number): readonly Entry[] {
    return this.#written[turn] ?? [];
  }

  /** What was said to the model before a turn. */
  saidBefore(turn: number): readonly Entry[] {
    return this.#said.filter(({ origin }) => origin.turn <= turn);
  }

  /** What people said last before a turn. */
  lastRequestBefore(turn: number): readonly Entry[] {
    const users = this.saidBefore(turn).filter(({ origin }) => origin.from === "user");
    return users.filter(({ origin }) => origin.turn === users.at(-1)?.origin.turn);
  }

  /** Whether a folded value stood by itself anywhere before the results of a turn were there. */
  isKnownBefore(value: string, turn: number): boolean {
    return this.placeBefore(value, turn, ANYWHERE) !== undefined;
  }

  /** Where a folded value stood by itself before the results of a turn were there. What people said is named first. */
  placeBefore(value: string, turn: number, from: ReadonlySet<Origin["from"]>): Place | undefined {
    const postings = this.#rarest(wordsOf(value));
    const limit = orderOf({ from: "input", turn });
    for (const entries of [postings?.users ?? [], postings?.others ?? []]) {
      let looked = 0;
      for (let i = entries.length - 1; i >= 0 && looked < MAX_TEXTS; i--) {
        const entry = entries[i] as Entry;
        if (entry.at > limit || !from.has(entry.origin.from)) continue;
        looked++;
        const [index] = placesOf(value, entry.text);
        if (index !== undefined) return { entry, index };
      }
    }
    return undefined;
  }

  /** The texts with the word that stands in the fewest; undefined if one of them stands in none. */
  #rarest(words: readonly string[]): Postings | undefined {
    let rarest: Postings | undefined;
    for (const word of words) {
      const postings = this.#postings.get(word);
      if (postings === undefined) return undefined;
      if (rarest === undefined || sizeOf(postings) < sizeOf(rarest)) rarest = postings;
    }
    return rarest;
  }

  #add(origin: Origin, raw: string): Entry {
    const entry: Entry = { origin, at: orderOf(origin), text: fold(raw) };
    if (origin.from === "user" || origin.from === "system") this.#said.push(entry);
    for (const word of wordsOf(entry.text)) {
      let postings = this.#postings.get(word);
      if (postings === undefined) this.#postings.set(word, (postings = { users: [], others: [] }));
      const entries = origin.from === "user" ? postings.users : postings.others;
      if (entries.at(-1) !== entry) entries.push(entry);
    }
    return entry;
  }
}

function sizeOf({ users, others }: Postings): number {
  return users.length + others.length;
}

function textOf(input: unknown): string {
  return scalarsIn(input)
    .map(({ value }) => String(value))
    .join("\n");
}

function orderOf({ from, turn }: Origin): number {
  return turn * 3 + (from === "result" ? 2 : from === "user" || from === "system" ? 0 : 1);
}
