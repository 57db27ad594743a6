/**
 * The line at one node of the lock table: who waits there. Whoever comes may pass those it does not conflict with, and
 * nobody else: so each waits for just those that came first and are in its way (G3, G5).
 *
 * Those of one mode are a list, first come first. Of each list only the first matters: whom it does not stop, those behind it
 * do not stop either.
 */
import { conflicts } from "./lock-modes.ts";

/** One who waits; a link in one of the line's lists. */
export interface Waiter<Self> {
  readonly mode: number;
  /** Its place in the order of all requests. */
  readonly arrival: number;
  previous: Self | undefined;
  next: Self | undefined;
}

/** Who waits at a node. */
export class LockLine<Item extends Waiter<Item>> {
  /** There are but a few modes. */
  readonly #lists: WaiterList<Item>[] = [];

  get empty(): boolean {
    return this.#lists.every(({ head }) => head === undefined);
  }

  /** The first that stops a newcomer of this mode, or one that came at `arrival`. */
  stops(mode: number, arrival = Infinity): Item | undefined {
    let first: Item | undefined;
    for (const { head } of this.#lists) {
      if (head === undefined || head.arrival >= arrival || !conflicts(head.mode, mode)) continue;
      if (first === undefined || head.arrival < first.arrival) first = head;
    }
    return first;
  }

  /** Puts one at its place. */
  add(item: Item): void {
    let list = this.#lists.find(({ mode }) => mode === item.mode);
    if (list === undefined) this.#lists.push((list = new WaiterList(item.mode)));
    list.insert(item);
  }

  remove(item: Item): void {
    this.#lists.find(({ mode }) => mode === item.mode)?.remove(item);
  }

  /** The next that may pass as far as the line goes; `pass` says whether the holders let its mode in. */
  next(pass: (mode: number) => boolean): Item | undefined {
    let first: Item | undefined;
    for (const { head } of this.#lists) {
      if (head === undefined || (first !== undefined && first.arrival < head.arrival)) continue;
      if (pass(head.mode) && this.stops(head.mode, head.arrival) === undefined) first = head;
    }
    return first;
  }
}

/** Those who wait for one mode, first come first. */
class WaiterList<Item extends Waiter<Item>> {
  readonly mode: number;
  head: Item | undefined = undefined;
  #tail: Item | undefined = undefined;

  constructor(mode: number) {
    this.mode = mode;
  }

  /** Nearly always at the end. */
  insert(item: Item): void {
    let before = this.#tail;
    while (before !== undefined && before.arrival > item.arrival) before = before.previous;
    const after = before === undefined ? this.head : before.next;
    item.previous = before;
    item.next = after;
    if (before === undefined) this.head = item;
    else before.next = item;
    if (after === undefined) this.#tail = item;
    else after.previous = item;
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
