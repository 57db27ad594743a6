/** A chain of turns as it grows: what the turns in it asked, and what they read. */
import { askedCall, changeBetween, type AskedCall, type Change } from "./asked-call.ts";
import type { Memory } from "./memory.ts";
import { isReason } from "./reactions.ts";
import { ResultsBetween } from "./results-between.ts";
import type { SessionTurn } from "./session.ts";
import { termsOf } from "./terms.ts";

/** Turns from a head on, right behind one another. */
export class OpenChain {
  /** The turn in which all calls would have been made, from 0. */
  readonly head: number;
  /** What the calls so far read. */
  readonly between: ResultsBetween;
  readonly #asked: AskedCall[] = [];
  /** Of each tool, the place in which its calls differ: it is one, so that nothing is taken over from the better of two. */
  readonly #places = new Map<string, string>();
  #terms: ReadonlySet<string> | undefined;
  readonly #memory: Memory;
  #end: string | undefined;

  constructor(head: number, memory: Memory) {
    this.head = head;
    this.#memory = memory;
    this.between = new ResultsBetween(memory.termsOf);
  }

  /** Why nothing can follow: a result is not known, failed, or was empty. */
  get end(): string | undefined {
    return this.#end;
  }

  /** The calls so far. */
  get asked(): readonly AskedCall[] {
    return this.#asked;
  }

  /** The terms of all that was asked. */
  get terms(): ReadonlySet<string> {
    return (this.#terms ??= new Set(
      this.#asked.flatMap(({ values }) => values.flatMap(({ value }) => termsOf(String(value)))),
    ));
  }

  /** Adds the next turn. */
  add({ calls }: SessionTurn, turn: number): void {
    this.between.add(this.#memory.resultsOf(turn));
    this.#terms = undefined;
    for (const call of calls) {
      if (call.result === undefined) this.#end = "a result is not known";
      else if (isReason(call)) this.#end = "a result in between failed, was empty or points elsewhere";
      const asked = askedCall(call, turn);
      const [change] = this.changesTo(asked);
      if (change !== undefined) this.#places.set(call.name, change.to.path);
      this.#asked.push(asked);
    }
  }

  /** What a call changes in earlier ones, in the one place in which they differ. */
  changesTo(asked: AskedCall): readonly Change[] {
    const changes = this.#asked.flatMap((one) => changeBetween(one, asked) ?? []);
    const place = this.#places.get(asked.call.name) ?? changes.at(-1)?.to.path;
    return changes.filter(({ to }) => to.path === place);
  }
}
