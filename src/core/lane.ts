/**
 * A lane: the calls of one conversation that need the same gates, in the order in which they may start: the most urgent first,
 * of equals the first in serial order.
 *
 * See `gate.ts` for how a lane and its gates find each other.
 */
import type { Filed } from "./filed-lanes.ts";
import type { Capacity, Slot } from "./gate.ts";
import { PriorityQueue } from "./priority-queue.ts";

/** What waits in a lane. */
export interface Waiting {
  /** Its place in the order of all calls of the executor. */
  readonly seq: number;
  /** The longest expected path behind it, in milliseconds; 0 until somebody has asked. */
  readonly urgency: number;
  /** Whether it takes only what nobody else wants. */
  readonly spare: boolean;
  /** False once it was cancelled: it is skipped. */
  readonly waiting: boolean;
  /** Whether its urgency is known. */
  readonly isRanked: boolean;
  /** Not all can start: has it found out how urgent each is, and the lanes sorted again. */
  rank(): void;
  /** It has a slot of each gate of its lane. */
  slotsTaken(slots: readonly Slot[]): void;
}

/** The gates that a call passes, the executor's first. */
export type Gates = readonly [Capacity, ...Capacity[]];

/** The calls that need the same slots. */
export class Lane {
  /** What each call needs a slot of; the executor's comes first. */
  readonly gates: Gates;
  readonly #items = new PriorityQueue<Waiting>(comesFirst);
  #withdrawn = 0;
  readonly #filed: readonly Filed[];
  readonly #now: () => number;
  /** The gate that had no room when the lane last stood still, and since when. */
  #blockedAt = 0;
  #blockedSince = 0;
  /** How long each gate has kept the lane, while any call waited. */
  readonly #blockedMs: number[];
  /** When each last did. */
  readonly #blockedUntil: number[];

  constructor(gates: Gates, now: () => number) {
    this.gates = gates;
    this.#now = now;
    this.#filed = gates.map((capacity, at) => ({ lane: this, capacity, at }));
    this.#blockedMs = gates.map(() => 0);
    this.#blockedUntil = gates.map(() => 0);
  }

  /** The gate that had no room when the lane last stood still. */
  get blockedBy(): Capacity {
    return this.gates[this.#blockedAt] as Capacity;
  }

  /** How long each gate has kept the lane so far; undefined where there is but one, so that nothing is to be told apart. */
  blockedMs(): readonly number[] | undefined {
    if (this.gates.length === 1) return undefined;
    this.#account(this.#blockedAt);
    return [...this.#blockedMs];
  }

  /** When a gate kept the lane last, of those that ever did. */
  blockedUntil(at: number): number {
    return this.#blockedUntil[at] as number;
  }

  /** The place of its first call. */
  get seq(): number {
    return this.#first()?.seq ?? Infinity;
  }

  /** The urgency of its first call. */
  get urgency(): number {
    return this.#first()?.urgency ?? 0;
  }

  get spare(): boolean {
    return this.#first()?.spare === true;
  }

  /** Whether no call waits. */
  get empty(): boolean {
    return this.#items.size === this.#withdrawn;
  }

  /** Gets in line. */
  add(item: Waiting): void {
    this.#items.push(item);
    if (this.#items.peek() === item) this.#file(this.#fullGate() ?? 0);
  }

  /** Told that an item no longer waits. */
  withdraw(): void {
    this.#withdrawn++;
    if (this.empty) this.#leave();
    // It is skipped when it comes first; many of them behind a long holder would only take memory.
    else if (this.#withdrawn >= 64 && this.#withdrawn * 2 >= this.#items.size) this.#dropWithdrawn();
  }

  /** The calls that wait, first to start first, each taken out if `take` says so. */
  takeWhere(take: (item: Waiting) => boolean): void {
    this.#dropWithdrawn();
    this.#items.retain((item) => !take(item));
    if (this.empty) this.#leave();
  }

  /** How urgent its calls are has been found out. */
  sort(): void {
    this.#items.retain(() => true);
  }

  /** Starts at most so many calls, as long as every gate has room; then it waits for a gate again, the one it was filed with. */
  step(most: number, { at }: Filed): void {
    const next = this.#items.size > 1 ? this.#first() : undefined;
    if (next?.isRanked === false && this.#items.size > Math.min(most, this.#room())) next.rank();
    for (let started = 0; ; started++) {
      const item = this.#first();
      // With another gate it may be filed still.
      if (item === undefined) return this.#leave();
      const full = this.#fullGate();
      if (full !== undefined || started === most) return this.#file(full ?? at);
      this.#items.pop();
      item.slotsTaken(this.gates.map((gate) => gate.take()));
    }
  }

  #room(): number {
    let room = Infinity;
    for (const gate of this.gates) room = Math.min(room, gate.room);
    return room;
  }

  #fullGate(): number | undefined {
    for (let i = 0; i < this.gates.length; i++) if (!(this.gates[i] as Capacity).hasRoom) return i;
    return undefined;
  }

  #file(at: number): void {
    const filed = this.#filed[at] as Filed;
    const gate = this.gates[at] as Capacity;
    if (this.gates.length > 1 && !gate.hasRoom) this.#account(at);
    gate.file(filed);
  }

  /** From now on it is this gate that keeps the lane. */
  #account(at: number): void {
    const now = this.#now();
    const before = this.#blockedAt;
    if (now > this.#blockedSince) {
      this.#blockedMs[before] = (this.#blockedMs[before] as number) + now - this.#blockedSince;
      this.#blockedUntil[before] = now;
    }
    this.#blockedAt = at;
    this.#blockedSince = now;
  }

  /** Nobody waits: a gate that has set a timer for this lane need not (G10). */
  #leave(): void {
    this.#dropWithdrawn();
    for (const filed of this.#filed) this.gates[filed.at]?.unfile(filed);
  }

  #dropWithdrawn(): void {
    if (this.#withdrawn === 0) return;
    this.#items.retain((item) => item.waiting);
    this.#withdrawn = 0;
  }

  #first(): Waiting | undefined {
    let item = this.#items.peek();
    while (item !== undefined && !item.waiting) {
      this.#items.pop();
      this.#withdrawn = Math.max(0, this.#withdrawn - 1);
      item = this.#items.peek();
    }
    return item;
  }
}

/** Hedges last, whatever they are for. */
function comesFirst(a: Waiting, b: Waiting): boolean {
  if (a.spare !== b.spare) return b.spare;
  return a.urgency === b.urgency ? a.seq <= b.seq : a.urgency > b.urgency;
}
