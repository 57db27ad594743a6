/** A pool: the limits of one back-end, and what has been learned of it. */
import { SlotGate, type Gate, type Limit } from "../core/gate.ts";
import type { AttemptReport, Pool, PoolHost } from "../core/pool.ts";
import { AdaptiveLimit, type AdaptiveResult, type AdaptiveTicket } from "./adaptive-limit.ts";
import { Circuit, type CircuitResult, type CircuitTicket } from "./circuit.ts";
import type { NamedPool } from "./pool-names.ts";
import { Rate } from "./rate.ts";
import { TimeGate } from "./time-gate.ts";

/** What is handed back when an attempt has ended. */
interface Ticket {
  readonly circuit: CircuitTicket | undefined;
  readonly adaptive: AdaptiveTicket | undefined;
}

/** The limits of one back-end. */
export class BackEndPool implements Pool, Limit {
  readonly name: string;
  readonly gates: readonly Gate[];
  readonly maxQueue: number;
  readonly forgettable: boolean;
  readonly #slots: SlotGate;
  readonly #time: TimeGate;
  readonly #limit: { readonly slots: number };
  readonly #adaptive: AdaptiveLimit | undefined;
  readonly #circuit: Circuit | undefined;

  constructor(name: string, { options, computed }: NamedPool, host: PoolHost) {
    const { concurrency, rate, adaptive, maxQueue, circuit } = options;
    this.name = name;
    this.maxQueue = maxQueue;
    this.forgettable = computed;
    this.#adaptive = adaptive && new AdaptiveLimit(adaptive);
    this.#limit = this.#adaptive ?? { slots: concurrency };
    this.#circuit = circuit && new Circuit(circuit);
    this.#slots = new SlotGate(name, this, host.wakeList);
    this.#time = new TimeGate(name, rate && new Rate(rate), host);
    this.gates = [this.#slots, this.#time];
  }

  get running(): number {
    return this.#slots.taken;
  }

  get limit(): number {
    return this.#limit.slots;
  }

  /** Whether its limit falls when its back-end refuses. */
  get adapts(): boolean {
    return this.#adaptive !== undefined;
  }

  refusesForMs(now: number): number {
    const refusal = this.#circuit?.refuses(now);
    // While a probe runs, nobody knows: what comes waits for its end.
    return refusal?.untilMs === undefined ? 0 : Math.max(1, refusal.untilMs - now);
  }

  /** Those that may be taken: while a probe runs, none but what it lends to the calls inside it. */
  get slots(): number {
    return this.#circuit?.state.kind === "half-open" ? 0 : this.#limit.slots;
  }

  attemptStarted(now: number, tool: string): Ticket {
    return { circuit: this.#circuit?.started(now), adaptive: this.#adaptive?.started(now, tool) };
  }

  attemptEnded(report: AttemptReport, ticket: unknown): void {
    const { now, trouble } = report;
    const { circuit, adaptive } = ticket as Ticket;
    const retryAfterMs = trouble?.retryAfterMs;
    if (retryAfterMs !== undefined && trouble?.overloaded === true) this.#time.close(retryAfterMs);
    if (circuit !== undefined)
      this.#circuit?.ended({ now, ticket: circuit, result: lifeIn(report), retryAfterMs });
    if (adaptive !== undefined)
      this.#adaptive?.ended(adaptive, { now, result: loadIn(report), retryAfterMs });
    this.#slots.limitChanged();
  }
}

/** Whether an attempt says that the back-end is there at all. */
function lifeIn({ end, trouble }: AttemptReport): CircuitResult {
  if (end === "ok") return "ok";
  if (end === "timed-out" || trouble?.outage === true) return "failed";
  // That it refuses is no sign that it works; an error of the tool's own is an answer.
  return end === "stopped" || trouble?.overloaded === true ? "unknown" : "ok";
}

/** Whether an attempt says that the back-end has too much to do. */
function loadIn({ end, trouble }: AttemptReport): AdaptiveResult {
  if (end === "ok" || end === "timed-out") return end;
  return trouble?.overloaded === true ? "refused" : "failed";
}
