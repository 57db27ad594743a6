/**
 * A call's idempotency key: the same for every attempt and, as it is made of the provider's id, after a restart. Two calls
 * of a batch never share one, even where the provider gave both the same id.
 */
import type { Call } from "./call.ts";

/** The keys of a batch's calls; worked out only if a tool asks. */
export class IdempotencyKeys {
  readonly #calls: readonly { readonly call: Call }[];
  readonly #used = new Set<string>();
  /** By the key of the call. */
  readonly #keys = new Map<string, string>();

  /** `calls` may grow. */
  constructor(calls: readonly { readonly call: Call }[]) {
    this.#calls = calls;
  }

  of(call: Call): string {
    for (let i = this.#keys.size; i < this.#calls.length; i++) {
      const next = (this.#calls[i] as { call: Call }).call;
      this.#keys.set(next.key, this.#make(next));
    }
    return this.#keys.get(call.key) as string;
  }

  #make({ id, name, key }: Call): string {
    // Without an id there is nothing that a restart would know again: such a key holds within the executor.
    // A tool's name holds neither `#` nor `:`, so no id makes the same.
    if (id === undefined || id === "") return `${name}#${key}`;
    let made = `${name}:${id}`;
    for (let n = 2; this.#used.has(made); n++) made = `${name}:${id}:${n}`;
    this.#used.add(made);
    return made;
  }
}
