/**
 * Gates: how many attempts may run at once, or how soon one after the other, in the executor, in a tool and in a pool.
 *
 * The calls of one conversation that need the same gates wait in one lane, the most urgent first. All the slots of a
 * call are taken in one step, when every gate of its lane has room; none is held while another is awaited (G4, contract §7).
 *
 * 1. A lane with a waiting call is filed with one of its gates, one that is full or is about to be woken (G5).
 * 2. A gate wakes the lane of the conversation that holds the fewest of its slots first, of equals the one that has not been
 *    served for longest; of one conversation's lanes the one whose first call is the most urgent. Hedges come last.
 */
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
export interface Capacity {
  readonly name: string;
  readonly kind: GateKind;
  readonly hasRoom: boolean;
  readonly room: number;
  /** Slots of the gate that the conversation holds. */
  readonly held: number;
  /** When it last took one, in slots that were taken of the gate before. */
  readonly servedAt: number;
  take(): Slot;
  file(filed: Filed): void;
  unfile(filed: Filed): void;
}

/** A lane, and the gate that it is filed with, as its conversation passes it. */
export interface Filed {
  readonly lane: {
    /** The place of its first call. */
    readonly seq: number;
    readonly urgency: number;
    /** Whether all that waits there takes only what nobody else wants. */
    readonly spare: boolean;
    /** Starts at most so many calls; if it could start more it is filed as before. */
    step(most: number, filed: Filed): void;
  };
  readonly capacity: Capacity;
}

/** The gates that have both room and lanes; whoever owns it wakes them when its state is consistent. */
export interface WakeList {
  push(gate: FiledLanes): void;
}

/** The lanes that are filed with a gate. */
export class FiledLanes {
  readonly #gate: { readonly hasRoom: boolean };
  readonly #wakeList: WakeList;
  readonly #filed: Filed[] = [];

  constructor(gate: { readonly hasRoom: boolean }, wakeList: WakeList) {
    this.#gate = gate;
    this.#wakeList = wakeList;
  }

  get empty(): boolean {
    return this.#filed.length === 0;
  }

  add(filed: Filed): void {
    if (!this.#filed.includes(filed)) this.#filed.push(filed);
    this.roomChanged();
  }

  remove(filed: Filed): void {
    const at = this.#filed.indexOf(filed);
    if (at >= 0) this.#take(at);
  }

  /** To be called when there may be more room than before. */
  roomChanged(): void {
    if (this.#filed.length > 0 && this.#gate.hasRoom) this.#wakeList.push(this);
  }

  /** Lets lanes step as long as there is room: one call at a time where several lanes wait. */
  wake(): void {
    while (this.#filed.length > 0 && this.#gate.hasRoom) {
      const filed = this.#take(this.#first());
      filed.lane.step(this.#filed.length === 0 ? Infinity : 1, filed);
    }
  }

  #first(): number {
    let first = 0;
    for (let i = 1; i < this.#filed.length; i++) {
      if (comesBefore(this.#filed[i] as Filed, this.#filed[first] as Filed)) first = i;
    }
    return first;
  }

  #take(at: number): Filed {
    const taken = this.#filed[at] as Filed;
    const last = this.#filed.pop() as Filed;
    if (at < this.#filed.length) this.#filed[at] = last;
    return taken;
  }
}

function comesBefore(a: Filed, b: Filed): boolean {
  if (a.lane.spare !== b.lane.spare) return b.lane.spare;
  const more = a.capacity.held - b.capacity.held || a.capacity.servedAt - b.capacity.servedAt;
  if (more !== 0) return more < 0;
  // How urgent a call is counts in its own conversation only.
  const { urgency, seq } = a.lane;
  return a.capacity === b.capacity && urgency !== b.lane.urgency
    ? urgency > b.lane.urgency
    : seq < b.lane.seq;
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
  #taken = 0;
  #before = 0;

  constructor(name: string, limit: Limit, wakeList: WakeList) {
    this.name = name;
    this.#limit = limit;
    this.#lanes = new FiledLanes(this, wakeList);
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
