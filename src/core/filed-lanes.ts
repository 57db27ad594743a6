/**
 * The lanes that wait at a gate, and whose turn it is: that of the conversation which holds the fewest of its slots, of equals the one that
 * has not been served for longest; of one conversation's lanes the one whose first call is the most urgent. Hedges come last.
 */

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
  /** The gate, as the lane's conversation passes it. */
  readonly capacity: Turn;
  /** Which of the lane's gates that is. */
  readonly at: number;
}

/** What says whose turn it is at a gate. */
export interface Turn {
  /** Slots of the gate that the conversation holds. */
  readonly held: number;
  /** When it last took one, in slots that were taken of the gate before. */
  readonly servedAt: number;
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
