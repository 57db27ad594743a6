/**
 * The line at one node of the lock table: who waits there, first come first served.
 *
 * The line is strict, but for reads below the node, which only a writer of the node itself stops. That is exact: the first
 * in line conflicts with all that could come behind it but with those.
 */
import { READ_BELOW, WRITE } from "./lock-modes.ts";

/** One who waits; a link in one of the line's lists. */
export interface Waiter<Self> {
  readonly mode: number;
  /** Its place in the order of all requests. */
  readonly arrival: number;
  previous: Self | undefined;
  next: Self | undefined;
}

/** Who waits at a node. Reads below it stand apart from the strict line, whose writers stop them. */
export class LockLine<Item extends Waiter<Item>> {
  readonly #strict = new WaiterList<Item>();
  readonly #readsBelow = new WaiterList<Item>();
  /** Those in the strict line that write the node itself, first come first. */
  readonly #writers = new Set<Item>();

  get empty(): boolean {
    return this.#strict.head === undefined && this.#readsBelow.head === undefined;
  }

  /** The first of the strict line. */
  get head(): Item | undefined {
    return this.#strict.head;
  }

  /** Whether a newcomer must get in line, whoever holds the node. */
  stops(mode: number): boolean {
    return mode === READ_BELOW ? this.#writers.size > 0 : this.#strict.head !== undefined;
  }

  add(item: Item): void {
    if (item.mode === READ_BELOW) return this.#readsBelow.append(item);
    this.#strict.append(item);
    if (item.mode === WRITE) this.#writers.add(item);
  }

  remove(item: Item): void {
    this.#writers.delete(item);
    (item.mode === READ_BELOW ? this.#readsBelow : this.#strict).remove(item);
  }

  /** The next that may pass as far as the line goes; `pass` says whether the holders let its mode in. */
  next(pass: (mode: number) => boolean): Item | undefined {
    const first = this.#strict.head;
    const read = this.#readsBelow.head;
    // A writer also lets the reads below go first that came before it.
    const mayPass = first?.mode !== WRITE || read === undefined || read.arrival > first.arrival;
    if (first !== undefined && mayPass && pass(first.mode)) return first;
    const [writer] = this.#writers;
    const mayRead = writer === undefined || (read !== undefined && writer.arrival > read.arrival);
    return read !== undefined && mayRead && pass(READ_BELOW) ? read : undefined;
  }
}

class WaiterList<Item extends Waiter<Item>> {
  head: Item | undefined = undefined;
  #tail: Item | undefined = undefined;

  append(item: Item): void {
    item.previous = this.#tail;
    if (this.#tail === undefined) this.head = item;
    else this.#tail.next = item;
    this.#tail = item;
  }

  remove(item: Item): void {
    if (item.previous === undefined) this.head = item.next;
    else item.previous.next = item.next;
    if (item.next === undefined) this.#tail = item.previous;
    else item.next.previous = item.previous;
    // An item in the old generation, dead but not collected yet, would keep all that came after it alive.
    item.previous = item.next = undefined;
  }
}
