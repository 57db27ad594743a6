/**
 * Where the calls of a batch find their slots and their locks: those of the executor, or, for calls inside a call, those
 * that the call lends (contract §7).
 *
 * A call inside may touch only what the call around it declares: locks taken beyond those could deadlock, and a call that
 * writes more than it declares would be out of order with its siblings (G3). So its locks are a table of its own.
 */
import type { ResolvedEffects } from "./effects.ts";
import { Gate, Lane, LentSlot, type Capacity, type Slot, type Waiting, type WakeList } from "./gate.ts";
import { LockTable } from "./locks.ts";
import { covers, formatPath, type Path } from "./resource.ts";
import type { Tool } from "./tool.ts";

/** Starts a call with the slots that were taken for it. */
export type StartCall<Item> = (item: Item, slots: readonly Slot[]) => void;

/** The limits of an executor. */
export interface Limits {
  readonly concurrency: number;
  readonly pools: ReadonlyMap<string, number>;
  readonly tools: readonly Tool[];
}

/** The gates that a call passes, the executor's first. */
export type Gates = readonly [Capacity, ...Capacity[]];

/** Slots and locks for the calls of some batches. */
export interface Scope<Item extends Waiting> {
  readonly locks: LockTable;
  readonly start: StartCall<Item>;
  /** Where a tool's calls wait for slots. */
  lane(tool: Tool): Lane<Item>;
  /** What of these effects the scope does not cover, in words; undefined if it covers all. */
  beyond(effects: ResolvedEffects): string | undefined;
}

/** The executor's own slots and locks. */
export class ExecutorScope<Item extends Waiting> implements Scope<Item> {
  readonly locks = new LockTable();
  readonly executor: Gate;
  readonly start: StartCall<Item>;
  readonly #lanes = new Map<string, Lane<Item>>();

  constructor(limits: Limits, wakeList: WakeList, start: StartCall<Item>) {
    this.executor = new Gate("executor", limits.concurrency, wakeList);
    this.start = start;
    const lanes = new Lanes(start);
    const pools = new Map<string, Gate>();
    for (const [name, concurrency] of limits.pools) pools.set(name, new Gate(name, concurrency, wakeList));
    for (const tool of limits.tools) {
      const own =
        tool.concurrency === Infinity ? [] : [new Gate(`tool:${tool.name}`, tool.concurrency, wakeList)];
      const shared = tool.pools.map((name) => pools.get(name) as Gate);
      this.#lanes.set(tool.name, lanes.of([this.executor, ...own, ...shared]));
    }
  }

  lane(tool: Tool): Lane<Item> {
    return this.#lanes.get(tool.name) as Lane<Item>;
  }

  beyond(): undefined {
    return undefined;
  }
}

/** A running call that lends what it holds to the calls inside it. */
export interface Lender {
  readonly name: string;
  readonly tool: Tool;
  readonly effects: ResolvedEffects;
  readonly slots: readonly Slot[];
}

/** The slots and locks that one running call lends to the calls inside it. */
export class LentScope<Item extends Waiting> implements Scope<Item> {
  readonly locks = new LockTable();
  readonly start: StartCall<Item>;
  readonly #around: Scope<Item>;
  readonly #lender: Lender;
  readonly #lent = new Map<string, LentSlot>();
  readonly #lanes: Lanes<Item>;

  constructor(around: Scope<Item>, lender: Lender, wakeList: WakeList) {
    this.start = around.start;
    this.#around = around;
    this.#lender = lender;
    this.#lanes = new Lanes(this.start);
    for (const [i, gate] of around.lane(lender.tool).gates.entries()) {
      this.#lent.set(gate.name, new LentSlot(lender.slots[i] as Slot, gate, wakeList));
    }
  }

  lane(tool: Tool): Lane<Item> {
    const [first, ...rest] = this.#around.lane(tool).gates.map((gate) => this.#lent.get(gate.name) ?? gate);
    return this.#lanes.of([first as Capacity, ...rest]);
  }

  beyond({ reads, writes }: ResolvedEffects): string | undefined {
    const { effects, name } = this.#lender;
    const readable = [...effects.reads, ...effects.writes];
    const write = writes.find((path) => !coveredBy(effects.writes, path));
    const read = reads.find((path) => !coveredBy(readable, path));
    if (write === undefined && read === undefined) return undefined;
    const what = write !== undefined ? `writes ${formatPath(write)}` : `reads ${formatPath(read as Path)}`;
    return `it ${what}, which the effects of \`${name}\`, inside which it runs, do not cover`;
  }

  /** The lender has ended: its slots go back as soon as no call inside runs on them. */
  end(): void {
    for (const slot of this.#lent.values()) slot.end();
  }
}

function coveredBy(outer: readonly Path[], inner: Path): boolean {
  return outer.some((path) => covers(path, inner));
}

/** One lane for all tools that pass the same gates. */
class Lanes<Item extends Waiting> {
  readonly #start: StartCall<Item>;
  readonly #lanes = new Map<string, Lane<Item>>();

  constructor(start: StartCall<Item>) {
    this.#start = start;
  }

  of(gates: Gates): Lane<Item> {
    const key = gates.length === 1 ? "" : gates.map((gate) => gate.name).join("\n");
    let lane = this.#lanes.get(key);
    if (lane === undefined) this.#lanes.set(key, (lane = new Lane(gates, this.#start)));
    return lane;
  }
}
