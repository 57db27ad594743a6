/**
 * What a session's texts say, and when it was said: a value can be looked for in what was known before a turn's results.
 * Only the whole counts, by itself: what stands inside of a longer word, path or address is not known by that.
 */
import { ANYWHERE, type Entry, type Origin } from "./entry.ts";
import { Request } from "./request.ts";
import { scalarsIn } from "./scalars.ts";
import type { Session, SessionCall } from "./session.ts";
import { fold, standsIn, termsOfToken, wordsOf } from "./terms.ts";

/** Entries by their numbers, which grow with the order of things, those of users by themselves. */
interface Postings {
  readonly users: number[];
  readonly others: number[];
}

/** So many texts that have all words of a value are looked at, the last ones: a value found in none of them is not known. */
const MAX_TEXTS = 50;
/** So many texts that have its rarest word are asked for the others. */
const MAX_CANDIDATES = 300;
/** So many tokens are kept with their terms. */
const MAX_TERMS = 200_000;

/** All texts of a session, to look values up in. */
export class Memory {
  readonly #postings = new Map<string, Postings>();
  readonly #entries: Entry[] = [];
  readonly #said: Entry[] = [];
  readonly #requests = new Map<number, Request>();
  /** Of each turn, the one before which people spoke last. */
  readonly #requestOf: number[] = [];
  readonly #terms = new Map<string, readonly string[]>();
  readonly #written: Entry[] = [];
  readonly #turns: Session["turns"];

  constructor({ turns }: Session) {
    this.#turns = turns;
    for (const [turn, { said, text, thinking = "", calls }] of turns.entries()) {
      this.#requestOf.push(said.some(({ by }) => by === "user") ? turn : (this.#requestOf.at(-1) ?? 0));
      for (const one of said) this.#add({ from: one.by, turn }, one.text);
      this.#written.push(this.#add({ from: "model", turn }, `${text}\n${thinking}`));
      for (const { input } of calls) this.#add({ from: "input", turn }, textOf(input));
      for (const { result } of calls) if (result !== undefined) this.#add({ from: "result", turn }, result);
    }
  }

  /** The terms of a token: of the same ones that texts have again and again, once. */
  readonly termsOf = (token: string): readonly string[] => {
    let terms = this.#terms.get(token);
    if (terms === undefined) {
      if (this.#terms.size > MAX_TERMS) this.#terms.clear();
      this.#terms.set(token, (terms = termsOfToken(token)));
    }
    return terms;
  };

  /** The calls of a turn. */
  callsOf(turn: number): readonly SessionCall[] {
    return this.#turns[turn]?.calls ?? [];
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
  writtenIn(turn: number): Entry | undefined {
    return this.#written[turn];
  }

  /** What was said to the model before a turn. */
  saidBefore(turn: number): readonly Entry[] {
    return this.#said.filter(({ origin }) => origin.turn <= turn);
  }

  /** What people wanted when a turn was made. */
  requestAt(turn: number): Request {
    const first = this.#requestOf[turn] ?? 0;
    let request = this.#requests.get(first);
    if (request === undefined) {
      const said = this.#said.filter(({ origin }) => origin.from === "user" && origin.turn === first);
      const calls = this.#turns.flatMap((one, at) => (this.#requestOf[at] === first ? one.calls : []));
      this.#requests.set(first, (request = new Request(said, calls)));
    }
    return request;
  }

  /** Whether people ever said all words of a folded text. */
  isOfPeople(text: string): boolean {
    const words = wordsOf(text);
    return words.length > 0 && words.every((word) => (this.#postings.get(word)?.users.length ?? 0) > 0);
  }

  /** Whether a folded value stood by itself anywhere before the results of a turn were there. */
  isKnownBefore(value: string, turn: number): boolean {
    return this.entryBefore(value, turn, ANYWHERE) !== undefined;
  }

  /** The text in which a folded value stood by itself before the results of a turn were there; what people said is named first. */
  entryBefore(value: string, turn: number, from: ReadonlySet<Origin["from"]>): Entry | undefined {
    const words = [...new Set(wordsOf(value))];
    const postings = words.map((word) => this.#postings.get(word));
    if (words.length === 0 || !postings.every((one) => one !== undefined)) return undefined;
    const limit = orderOf({ from: "input", turn });
    for (const kind of ["users", "others"] as const) {
      const [rarest = [], ...others] = postings
        .map((one) => one[kind])
        .toSorted((a, b) => a.length - b.length);
      let looked = 0;
      const first = Math.max(0, rarest.length - MAX_CANDIDATES);
      for (let i = rarest.length - 1; i >= first && looked < MAX_TEXTS; i--) {
        const number = rarest[i] as number;
        const entry = this.#entries[number] as Entry;
        if (entry.at > limit || !from.has(entry.origin.from) || !others.every((one) => holds(one, number)))
          continue;
        looked++;
        if (standsIn(value, entry.text)) return entry;
      }
    }
    return undefined;
  }

  #add(origin: Origin, raw: string): Entry {
    const text = fold(raw);
    const sentences = /^(user|system|model)$/.test(origin.from) ? sentencesOf(text) : [];
    const entry: Entry = { origin, at: orderOf(origin), raw, text, sentences };
    const number = this.#entries.push(entry) - 1;
    if (origin.from === "user" || origin.from === "system") this.#said.push(entry);
    for (const word of wordsOf(entry.text)) {
      let postings = this.#postings.get(word);
      if (postings === undefined) this.#postings.set(word, (postings = { users: [], others: [] }));
      const entries = origin.from === "user" ? postings.users : postings.others;
      if (entries.at(-1) !== number) entries.push(number);
    }
    return entry;
  }
}

/** Whether a sorted list has a number. */
function holds(sorted: readonly number[], number: number): boolean {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < number) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === number;
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+|\n+/);
}

function textOf(input: unknown): string {
  return scalarsIn(input)
    .map(({ value }) => String(value))
    .join("\n");
}

function orderOf({ from, turn }: Origin): number {
  return turn * 3 + (from === "result" ? 2 : from === "user" || from === "system" ? 0 : 1);
}
