/** A pool: the limits of one back-end. */
import { SlotGate } from "../core/gate.ts";
import type { AttemptReport, Pool, PoolHost } from "../core/pool.ts";
import type { ResolvedPool } from "./pool-options.ts";

/** The limits of one back-end, and what has been learned of it. */
export class BackEndPool implements Pool {
  readonly name: string;
  readonly gates: readonly [SlotGate];
  readonly maxQueue = Infinity;
  readonly forgettable: boolean;
  readonly #limit: { slots: number };

  constructor(name: string, options: ResolvedPool, host: PoolHost) {
    this.name = name;
    this.forgettable = options.computed;
    this.#limit = { slots: options.concurrency };
    this.gates = [new SlotGate(name, this.#limit, host.wakeList)];
  }

  get running(): number {
    return this.gates[0].taken;
  }

  get limit(): number {
    return this.#limit.slots;
  }

  refusesForMs(): number {
    return 0;
  }

  attemptStarted(): void {}

  attemptEnded(_report: AttemptReport): void {}
}
