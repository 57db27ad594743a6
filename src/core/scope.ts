/**
 * Where the calls of a batch find their slots and their locks: those of the executor, or, for calls inside a call, those
 * that the call lends (contract §7).
 *
 * A call inside may touch only what the call around it declares: locks taken beyond those could deadlock, and a call that
 * writes more than it declares would be out of order with its siblings (G3). So its locks are a table of its own.
 */
import type { ResolvedEffects } from "./effects.ts";
import type { WakeList } from "./filed-lanes.ts";
import { Passage, SlotGate, type Gate } from "./gate.ts";
import { Lane } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { LockTable } from "./locks.ts";
import type { Pool } from "./pool.ts";
import { Sharing } from "./sharing.ts";
import type { Tool } from "./tool.ts";

/** The limits of an executor, but for its pools. */
export interface Limits {
  readonly concurrency: number;
  readonly tools: readonly Tool[];
}

/** A pool that a call uses. */
export interface InPool {
  readonly pool: Pool;
}

/** Slots and locks for the calls of some batches. */
export interface Scope {
  readonly locks: LockTable;
  readonly sharing: Sharing;
  /** Where a tool's calls that use these pools wait for slots. */
  lane(tool: Tool, pools: readonly InPool[]): Lane;
  /** What of these effects the scope does not cover, in words; undefined if it covers all. */
  beyond(effects: ResolvedEffects): string | undefined;
  /**
   * How urgent the calls in its lanes are has been found out. Undefined where they stay in serial order: inside a call, where one
   * batch may follow another without an end, none waits for ever then.
   */
  sortLanes?(): void;
}

/** The executor's own slots and locks. */
export class ExecutorScope {
  readonly locks = new LockTable();
  readonly sharing = new Sharing();
  readonly executor: SlotGate;
  readonly now: () => number;
  readonly #tools = new Map<Tool, SlotGate>();

  constructor(limits: Limits, wakeList: WakeList, now: () => number) {
    this.now = now;
    this.executor = new SlotGate("executor", { slots: limits.concurrency }, wakeList);
    for (const tool of limits.tools) {
      if (tool.concurrency === Infinity) continue;
      this.#tools.set(tool, new SlotGate(`tool:${tool.name}`, { slots: tool.concurrency }, wakeList));
    }
  }

  /** The gate of a tool that has a limit of its own. */
  gateOf(tool: Tool): Gate | undefined {
    return tool.concurrency === Infinity ? undefined : this.#tools.get(tool);
  }

  /** For the calls of one conversation, which share its slots fairly with others. */
  forConversation(): Scope {
    return new ConversationScope(this);
  }
}

/** The executor's slots and locks, as the batch of one conversation uses them. */
class ConversationScope implements Scope {
  readonly locks: LockTable;
  readonly sharing: Sharing;
  readonly #scope: ExecutorScope;
  /** For the many tools that pass the executor's gate alone. */
  #plain: Lane | undefined = undefined;
  #passages: Map<Gate, Passage> | undefined = undefined;
  #lanes: Lanes<Gate> | undefined = undefined;

  constructor(scope: ExecutorScope) {
    this.#scope = scope;
    this.locks = scope.locks;
    this.sharing = scope.sharing;
  }

  lane(tool: Tool, pools: readonly InPool[]): Lane {
    const { executor, now } = this.#scope;
    const own = this.#scope.gateOf(tool);
    if (own === undefined && pools.length === 0)
      return (this.#plain ??= new Lane([this.#passage(executor)], now));
    const gates = [executor, ...(own === undefined ? [] : [own]), ...pools.flatMap(({ pool }) => pool.gates)];
    this.#lanes ??= new Lanes(now);
    return this.#lanes.of(gates, (gate) => this.#passage(gate));
  }

  beyond(): undefined {
    return undefined;
  }

  sortLanes(): void {
    this.#plain?.sort();
    this.#lanes?.sort();
  }

  #passage(gate: Gate): Passage {
    this.#passages ??= new Map();
    let passage = this.#passages.get(gate);
    if (passage === undefined) this.#passages.set(gate, (passage = new Passage(gate)));
    return passage;
  }
}
