/** What is said of where a value comes from, and between what it is looked for. */
import type { CallValue } from "./asked-call.ts";
import type { Origin } from "./entry.ts";
import type { Memory } from "./memory.ts";
import type { OpenChain } from "./open-chain.ts";

/** Where a value comes from. */
export type Provenance =
  /** It was known, and nothing in between names it, unless people had listed it beside what the chain asked for. */
  | {
      readonly kind: "known";
      readonly origin: Origin;
      /** Whether people listed it beside what the chain asked for, and no result in between names it. */
      readonly isCertain: boolean;
      /** Whether the whole was known, and not a part that was joined to something known. */
      readonly isWhole: boolean;
    }
  /** Words of the model's own, beside a name that people said. */
  | { readonly kind: "own"; readonly origin: Origin }
  /** The call may have had to wait for it. */
  | { readonly kind: "not"; readonly why: string };

/** Between what a value is traced. */
export interface ProvenanceContext {
  readonly memory: Memory;
  /** The turns before: a value has to be known before the results of the first of them. */
  readonly chain: OpenChain;
  /** What calls of the chain that are otherwise the same had in its place. */
  readonly likes: readonly CallValue[];
}

/** A value that the call may have had to wait for. */
export function notKnown(why: string): Provenance {
  return { kind: "not", why };
}
