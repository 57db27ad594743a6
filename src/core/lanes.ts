/** The lanes of one scope: one for all calls that pass the same gates. */
import type { Capacity } from "./gate.ts";
import { Lane, type Gates } from "./lane.ts";

/** The lanes that pass one gate after those before it. */
interface Branch<G> {
  lane: Lane | undefined;
  readonly further: Map<G, Branch<G>>;
}

/** One lane for all tools that pass the same gates. */
export class Lanes<G extends object> {
  /** By gate, not by its name: a pool that was forgotten and made again has other gates. */
  readonly #root: Branch<G> = { lane: undefined, further: new Map() };
  readonly #all: Lane[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  sort(): void {
    for (const lane of this.#all) lane.sort();
  }

  of(gates: readonly G[], passed: (gate: G) => Capacity): Lane {
    let branch = this.#root;
    for (const gate of gates) {
      let next = branch.further.get(gate);
      if (next === undefined) branch.further.set(gate, (next = { lane: undefined, further: new Map() }));
      branch = next;
    }
    if (branch.lane === undefined) {
      const [first, ...rest] = gates.map(passed);
      branch.lane = new Lane([first as Capacity, ...rest] satisfies Gates, this.#now);
      this.#all.push(branch.lane);
    }
    return branch.lane;
  }
}
