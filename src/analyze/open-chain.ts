/** A chain of turns as it grows: what the turns in it asked, and what they read. */
import { askedCall, type AskedCall, type CallValue } from "./call-values.ts";
import type { Memory } from "./memory.ts";
import { isReason } from "./reactions.ts";
import { ResultsBetween } from "./results-between.ts";
import type { SessionCall, SessionTurn } from "./session.ts";
import { termsOf } from "./terms.ts";

/** Turns from a head on, right behind one another. */
export class OpenChain {
  /** The turn in which all calls would have been made, from 0. */
  readonly head: number;
  /** What the calls so far read. */
  readonly between: ResultsBetween;
  readonly #asked: AskedCall[] = [];
  readonly #keys = new Set<string>();
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
      this.#keys.add(keyOf(call));
      this.#asked.push(askedCall(call, turn));
    }
  }

  /** Whether the very same was asked. */
  hasAsked(call: SessionCall): boolean {
    return this.#keys.has(keyOf(call));
  }

  /** The calls that asked the same kind of thing. */
  alike({ shape }: AskedCall): readonly AskedCall[] {
    return this.#asked.filter((one) => one.shape === shape);
  }

  /** The first call that asked for a value; under its key, if there is one that did. */
  askedFor({ key, folded }: CallValue): { readonly asked: AskedCall; readonly key: string } | undefined {
    const found = this.#asked.flatMap((asked) =>
      asked.values.filter((one) => one.folded === folded).map((one) => ({ asked, key: one.key })),
    );
    return found.find((one) => one.key === key) ?? found[0];
  }
}

function keyOf({ name, input }: SessionCall): string {
  return `${name} ${JSON.stringify(input)}`;
}
