/**
 * What the failed calls of a batch would have written: a write behind a failed write of the same resource is skipped,
 * because the model assumed that the first one worked (contract §4). Writes that commute do so with failed ones.
 */
import type { Call } from "./call.ts";
import type { ResolvedEffects } from "./effects.ts";
import { PathIndex } from "./path-index.ts";

interface Failed {
  readonly order: number;
  readonly call: Call;
}

/** Failed writes by resource. */
export class FailedWrites {
  readonly #plain = new PathIndex(first);
  readonly #commuting = new PathIndex(first);

  /** `order` is the call's place in serial order. */
  add({ writes, commutes }: ResolvedEffects, call: Call, order: number): void {
    for (const path of writes) this.#plain.add(path, { order, call });
    for (const path of commutes) this.#commuting.add(path, { order, call });
  }

  /** The first failed write that these stand behind, for a call at `order`. */
  before({ writes, commutes }: ResolvedEffects, order: number): Call | undefined {
    const behind = [
      this.#plain.overlapping(writes),
      this.#plain.overlapping(commutes),
      this.#commuting.overlapping(writes),
    ];
    const found = behind
      .filter((failed) => failed !== undefined)
      .reduce<Failed | undefined>(firstOf, undefined);
    return found !== undefined && found.order < order ? found.call : undefined;
  }
}

function first(a: Failed, b: Failed): Failed {
  return a.order <= b.order ? a : b;
}

function firstOf(a: Failed | undefined, b: Failed): Failed {
  return a === undefined ? b : first(a, b);
}
