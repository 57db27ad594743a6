/**
 * Gates: how many attempts may run at once, or how soon one after the other, in the executor, in a tool and in a pool.
 *
 * The calls of one conversation that need the same gates wait in one lane, the most urgent first. All the slots of a
 * call are taken in one step, when every gate of its lane has room; none is held while another is awaited (G4, contract §7).
 * A lane passes a gate by way of a `Capacity`: a conversation's `Passage`; inside a call the `LentSlot` over what that holds,
 * and a `BorrowingPassage` over what it does not.
 *
 * 1. A lane with a waiting call is filed with one of its gates, one that is full or is about to be woken (G5). Whose turn it is
 *    when there is room, `FiledLanes` says.
 */
import { FiledLanes, type Filed, type Turn, type WakeList } from "./filed-lanes.ts";
import { Loans } from "./loans.ts";

/** What keeps a call at a gate: no slot is free, or it is not time yet. */
export type GateKind = "slot" | "rate";

/** A limit that attempts pass. */
export interface Gate {
  /** For the trace: `executor`, `tool:name`, or a pool's name. */
  readonly name: string;
  readonly kind: GateKind;
  readonly hasRoom: boolean;
  /** How many may pass now, as far as that is known. */
  readonly room: number;
  /** Its slots whose holders only wait for calls inside them; a place in time is nobody's to lend. */
  readonly loans: Loans | undefined;
  /** Takes a slot, and says how many were taken before. Only when there is room. */
  take(): number;
  give(): void;
  /** Will have the lane step when there is room. */
  file(filed: Filed): void;
  /** The lane does not wait any more. */
  unfile(filed: Filed): void;
}

/** Something taken that is to be given back. */
export interface Slot {
  give(): void;
}

/** A gate as one conversation passes it. */
export interface Capacity extends Turn {
  readonly name: string;
  readonly kind: GateKind;
  readonly hasRoom: boolean;
  readonly room: number;
  readonly loans: Loans | undefined;
  take(): Slot;
  file(filed: Filed): void;
  unfile(filed: Filed): void;
}

/** How many slots there are; it may change. */
export interface Limit {
  readonly slots: number;
}

/** A limit on how many run at once. */
export class SlotGate implements Gate {
  readonly name: string;
  readonly kind = "slot";
  readonly #limit: Limit;
  readonly #lanes: FiledLanes;
  readonly loans: Loans;
  #taken = 0;
  #before = 0;

  constructor(name: string, limit: Limit, wakeList: WakeList) {
    this.name = name;
    this.#limit = limit;
    this.#lanes = new FiledLanes(this, wakeList);
    this.loans = new Loans(this, wakeList);
  }

  /** Slots that are taken now. */
  get taken(): number {
    return this.#taken;
  }

  get hasRoom(): boolean {
    return this.#taken < this.#limit.slots;
  }

  get room(): number {
    return this.#limit.slots - this.#taken;
  }

  take(): number {
    this.#taken++;
    return this.#before++;
  }

  give(): void {
    this.#taken--;
    this.#lanes.roomChanged();
    this.loans.roomChanged();
  }

  /** To be called when the limit may have risen. */
  limitChanged(): void {
    this.#lanes.roomChanged();
  }

  file(filed: Filed): void {
    this.#lanes.add(filed);
  }

  unfile(filed: Filed): void {
    this.#lanes.remove(filed);
  }
}

/** A gate, and how many of its slots one conversation holds. */
export class Passage implements Capacity, Slot {
  readonly #gate: Gate;
  #held = 0;
  #servedAt = -1;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  get name(): string {
    return this.#gate.name;
  }

  get kind(): GateKind {
    return this.#gate.kind;
  }

  get hasRoom(): boolean {
    return this.#gate.hasRoom;
  }

  get room(): number {
    return this.#gate.room;
  }

  get loans(): Loans | undefined {
    return this.#gate.loans;
  }

  get held(): number {
    return this.#held;
  }

  get servedAt(): number {
    return this.#servedAt;
  }

  /** One slot is like the other, so the passage stands for each of them. */
  take(): Slot {
    this.#held++;
    this.#servedAt = this.#gate.take();
    return this;
  }

  give(): void {
    this.#held--;
    this.#gate.give();
  }

  file(filed: Filed): void {
    this.#gate.file(filed);
  }

  unfile(filed: Filed): void {
    this.#gate.unfile(filed);
  }
}
