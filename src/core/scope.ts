/**
 * Where the calls of a batch find their slots and their locks: those of the executor, or, for calls inside a call, those
 * that the call lends (contract §7).
 *
 * A call inside may touch only what the call around it declares: locks taken beyond those could deadlock, and a call that
 * writes more than it declares would be out of order with its siblings (G3). So its locks are a table of its own.
 */
import { beyond, writtenBy, type ResolvedEffects } from "./effects.ts";
import { Passage, SlotGate, type Capacity, type Gate, type Slot, type WakeList } from "./gate.ts";
import { Lane, type Gates } from "./lane.ts";
import { LentSlot } from "./lent-slot.ts";
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
  /** How urgent the calls in its lanes are has been found out. */
  sortLanes(): void;
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

/** A running call that lends what it holds to the calls inside it. */
export interface Lender {
  readonly name: string;
  readonly effects: ResolvedEffects;
  readonly lane: Lane;
  readonly slots: readonly Slot[];
  readonly now: () => number;
}

/** The slots and locks that one running call lends to the calls inside it. */
export class LentScope implements Scope {
  readonly locks = new LockTable();
  readonly sharing: Sharing;
  readonly #around: Scope;
  readonly #lender: Lender;
  readonly #lent = new Map<Capacity, LentSlot>();
  readonly #lanes: Lanes<Capacity>;

  constructor(around: Scope, lender: Lender, wakeList: WakeList) {
    this.#around = around;
    this.#lender = lender;
    // The lender holds these locks itself, and writes when it likes.
    this.sharing = new Sharing(writtenBy(lender.effects));
    this.#lanes = new Lanes(lender.now);
    for (const [i, capacity] of lender.lane.gates.entries()) {
      // A place in time is used up; each call inside needs one of its own.
      if (capacity.kind === "slot")
        this.#lent.set(capacity, new LentSlot(lender.slots[i] as Slot, capacity, wakeList));
    }
  }

  lane(tool: Tool, pools: readonly InPool[]): Lane {
    const { gates } = this.#around.lane(tool, pools);
    return this.#lanes.of(gates, (capacity) => this.#lent.get(capacity) ?? capacity);
  }

  beyond(effects: ResolvedEffects): string | undefined {
    const { effects: lent, name } = this.#lender;
    const what = beyond(lent, effects);
    return what && `it ${what}, which the effects of \`${name}\`, inside which it runs, do not cover`;
  }

  sortLanes(): void {
    this.#lanes.sort();
  }

  /** The lender has ended: its slots go back as soon as no call inside runs on them. */
  end(): void {
    for (const [i, capacity] of this.#lender.lane.gates.entries()) {
      const lent = this.#lent.get(capacity);
      if (lent === undefined) this.#lender.slots[i]?.give();
      else lent.end();
    }
  }
}

/** The lanes that pass one gate after those before it. */
interface Branch<G> {
  lane: Lane | undefined;
  readonly further: Map<G, Branch<G>>;
}

/** One lane for all tools that pass the same gates. */
class Lanes<G extends object> {
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
