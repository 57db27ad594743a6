/**
 * Slots: how many attempts may run at once in the executor, in a tool and in a pool.
 *
 * Calls that need the same slots wait in one lane, first in serial order first. All the slots of a call are taken in one
 * step, when every gate of its lane has room; none is held while another is awaited (G4, contract §7).
 *
 * 1. A lane with a waiting call is filed with one of its gates, one that is full or is about to be woken (G5).
 * 2. A gate wakes its lanes in serial order of their first calls.
 */
import { PriorityQueue } from "./priority-queue.ts";

/** What waits in a lane. */
export interface Waiting {
  /** Its place in the order of all calls of the executor. */
  readonly seq: number;
  /** False once it was cancelled: it is skipped. */
  readonly waiting: boolean;
}

/** Something taken that is to be given back. */
export interface Slot {
  give(): void;
}

/** Limited room, shared by the lanes that pass through it. */
export interface Capacity {
  /** For the trace: `executor`, `tool:name`, or a pool's name. */
  readonly name: string;
  readonly hasRoom: boolean;
  /** Takes a slot. Only when there is room. */
  take(): Slot;
  /** Will have the lane step when there is room. */
  file(filed: Filed): void;
}

/** A lane, and the place in serial order of its first call. */
export interface Filed {
  readonly seq: number;
  readonly lane: { step(before: number): void };
}

/** The gates that have both room and lanes; whoever owns it wakes them when its state is consistent. */
export interface WakeList {
  push(gate: FiledLanes): void;
}

/** The lanes that are filed with a gate. */
export class FiledLanes {
  readonly #gate: Capacity;
  readonly #wakeList: WakeList;
  readonly #filed = new PriorityQueue<Filed>();

  constructor(gate: Capacity, wakeList: WakeList) {
    this.#gate = gate;
    this.#wakeList = wakeList;
  }

  add(filed: Filed): void {
    this.#filed.push(filed);
    this.roomChanged();
  }

  /** To be called after a slot was given back. */
  roomChanged(): void {
    if (this.#filed.size > 0 && this.#gate.hasRoom) this.#wakeList.push(this);
  }

  /** Lets lanes step, first in serial order first, as long as there is room. */
  wake(): void {
    while (this.#gate.hasRoom) {
      const next = this.#filed.pop();
      if (next === undefined) return;
      next.lane.step(this.#filed.peek()?.seq ?? Infinity);
    }
  }
}

/** A limit. */
export class Gate implements Capacity, Slot {
  readonly name: string;
  readonly #limit: number;
  readonly #lanes: FiledLanes;
  #taken = 0;

  constructor(name: string, limit: number, wakeList: WakeList) {
    this.name = name;
    this.#limit = limit;
    this.#lanes = new FiledLanes(this, wakeList);
  }

  /** Slots that are taken now. */
  get taken(): number {
    return this.#taken;
  }

  get hasRoom(): boolean {
    return this.#taken < this.#limit;
  }

  take(): Slot {
    this.#taken++;
    return this;
  }

  give(): void {
    this.#taken--;
    this.#lanes.roomChanged();
  }

  file(filed: Filed): void {
    this.#lanes.add(filed);
  }
}

/**
 * A slot that a running call lends to the calls inside it (contract §7): one of them may run on it, whatever the limit;
 * the others need slots of the gate itself.
 */
export class LentSlot implements Capacity, Slot {
  readonly name: string;
  readonly #slot: Slot;
  readonly #gate: Capacity;
  readonly #lanes: FiledLanes;
  #state: "free" | "taken" | "taken-but-over" | "over" = "free";

  constructor(slot: Slot, gate: Capacity, wakeList: WakeList) {
    this.name = gate.name;
    this.#slot = slot;
    this.#gate = gate;
    this.#lanes = new FiledLanes(this, wakeList);
  }

  get hasRoom(): boolean {
    return this.#state === "free" || this.#gate.hasRoom;
  }

  take(): Slot {
    if (this.#state !== "free") return this.#gate.take();
    this.#state = "taken";
    return this;
  }

  give(): void {
    if (this.#state === "taken-but-over") return this.#giveBack();
    this.#state = "free";
    this.#lanes.roomChanged();
  }

  file(filed: Filed): void {
    this.#lanes.add(filed);
    this.#gate.file(filed);
  }

  /** The lender is done with its slot; it goes back once no call inside runs on it. */
  end(): void {
    if (this.#state === "free") this.#giveBack();
    else if (this.#state === "taken") this.#state = "taken-but-over";
  }

  #giveBack(): void {
    this.#state = "over";
    this.#slot.give();
  }
}

/** The calls that need the same slots. */
export class Lane<Item extends Waiting> {
  /** What each call needs a slot of; the executor's comes first. */
  readonly gates: readonly [Capacity, ...Capacity[]];
  readonly #start: (item: Item, slots: readonly Slot[]) => void;
  readonly #items = new PriorityQueue<Item>();
  #withdrawn = 0;
  #blockedBy: string;

  /** `start` is given a call and the slots that were taken for it. */
  constructor(
    gates: readonly [Capacity, ...Capacity[]],
    start: (item: Item, slots: readonly Slot[]) => void,
  ) {
    this.gates = gates;
    this.#start = start;
    this.#blockedBy = gates[0].name;
  }

  /** The gate that was full when the lane last stood still. */
  get blockedBy(): string {
    return this.#blockedBy;
  }

  /** Gets in line. */
  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.peek() === item) this.#file(item, this.gates[0]);
  }

  /** Told that an item no longer waits. */
  withdraw(): void {
    // It is skipped when it comes first; many of them behind a long holder would only take memory.
    if (++this.#withdrawn < 64 || this.#withdrawn * 2 < this.#items.size) return;
    this.#items.retain((item) => item.waiting);
    this.#withdrawn = 0;
  }

  /**
   * Starts its calls as long as every gate has room, and only those that come before `before` in serial order, where another
   * lane goes first; then it waits for a gate again.
   */
  step(before: number): void {
    for (let item = this.#first(); item !== undefined; item = this.#first()) {
      const full = this.#fullGate();
      if (full !== undefined) return this.#file(item, full);
      if (item.seq > before) return this.#file(item, this.gates[0]);
      this.#items.pop();
      this.#start(
        item,
        this.gates.map((gate) => gate.take()),
      );
    }
  }

  #fullGate(): Capacity | undefined {
    for (const gate of this.gates) if (!gate.hasRoom) return gate;
    return undefined;
  }

  #file(first: Item, gate: Capacity): void {
    if (!gate.hasRoom) this.#blockedBy = gate.name;
    gate.file({ seq: first.seq, lane: this });
  }

  #first(): Item | undefined {
    let item = this.#items.peek();
    while (item !== undefined && !item.waiting) {
      this.#items.pop();
      this.#withdrawn = Math.max(0, this.#withdrawn - 1);
      item = this.#items.peek();
    }
    return item;
  }
}
