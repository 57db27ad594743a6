/** A call whose input holds references: what it lacks until the calls that it names are done. */
import type { Grammar, Reference } from "./reference.ts";

/** An input with references in it. */
export interface Incomplete {
  readonly input: unknown;
  readonly grammar: Grammar;
  readonly references: readonly Reference[];
}

/** What a call's input still lacks. */
export interface Unresolved<Item> extends Incomplete {
  /** The calls that are named, as far as they are there. */
  readonly targets: Map<string, Item>;
  /** How many of those have not ended. */
  unsettled: number;
  /** Whether the input is whole, and is being checked. */
  checking: boolean;
}
