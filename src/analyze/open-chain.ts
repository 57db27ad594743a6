/** A chain of turns as it grows: what the turns in it asked, and what they read. */
import { shapeOf, scalarsIn } from "./scalars.ts";
import type { Memory } from "./memory.ts";
import { isReason } from "./reactions.ts";
import { ResultsBetween } from "./results-between.ts";
import type { SessionCall, SessionTurn } from "./session.ts";
import { termsOf } from "./terms.ts";

/** A call and the turn that made it. */
export interface PlacedCall {
  readonly call: SessionCall;
  /** From 0. */
  readonly turn: number;
}

/** Turns from a head on, right behind one another. */
export class OpenChain {
  /** The turn in which all calls would have been made, from 0. */
  readonly head: number;
  /** What the calls so far read. */
  readonly between = new ResultsBetween();
  readonly #values = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #byShape = new Map<string, PlacedCall>();
  readonly #memory: Memory;
  #end: string | undefined;

  constructor(head: number, memory: Memory) {
    this.head = head;
    this.#memory = memory;
  }

  /** Why nothing can follow: a result is not known, failed, or was empty. */
  get end(): string | undefined {
    return this.#end;
  }

  /** Adds the next turn. */
  add({ calls }: SessionTurn, turn: number): void {
    this.between.add(this.#memory.resultsOf(turn));
    for (const call of calls) {
      if (call.result === undefined) this.#end = "a result is not known";
      else if (isReason(call)) this.#end = "a result in between failed or was empty";
      this.#asked.add(keyOf(call));
      const shape = `${call.name} ${shapeOf(call.input)}`;
      if (!this.#byShape.has(shape)) this.#byShape.set(shape, { call, turn });
      for (const { value } of scalarsIn(call.input)) this.#values.add(termsOf(String(value)).whole);
    }
  }

  /** Whether the very same was asked. */
  hasAsked(call: SessionCall): boolean {
    return this.#asked.has(keyOf(call));
  }

  /** Whether a value, folded, was asked for: that results name it again is an echo. */
  hasValue(whole: string): boolean {
    return this.#values.has(whole);
  }

  /** The first call of the same tool with the same keys. */
  alike({ name, input }: SessionCall): PlacedCall | undefined {
    return this.#byShape.get(`${name} ${shapeOf(input)}`);
  }
}

function keyOf({ name, input }: SessionCall): string {
  return `${name} ${JSON.stringify(input)}`;
}
