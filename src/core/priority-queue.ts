/**
 * A priority queue: the smallest item first.
 *
 * Calls mostly get ready in serial order, so items that come in order stand in a plain list, at no cost; only those that
 * come out of order are in the binary heap beside it.
 */

interface Ranked {
  readonly seq: number;
}

/** Items ordered by a number that does not change while they are in. */
export class PriorityQueue<Item extends Ranked> {
  /** Items in order, taken up to `#next`. */
  #sorted: (Item | undefined)[] = [];
  #next = 0;
  #heap: Item[] = [];

  get size(): number {
    return this.#sorted.length - this.#next + this.#heap.length;
  }

  /** The smallest item. */
  peek(): Item | undefined {
    const sorted = this.#sorted[this.#next];
    const [top] = this.#heap;
    if (sorted === undefined || top === undefined) return sorted ?? top;
    return sorted.seq <= top.seq ? sorted : top;
  }

  push(item: Item): void {
    const last = this.#sorted.at(-1);
    if (last === undefined || last.seq <= item.seq) this.#sorted.push(item);
    else this.#rise(item);
  }

  /** Takes the smallest item out. */
  pop(): Item | undefined {
    const smallest = this.peek();
    if (smallest === undefined || smallest !== this.#sorted[this.#next]) return this.#popHeap();
    if (this.#next < this.#sorted.length - 1) this.#sorted[this.#next++] = undefined;
    else this.#sorted.pop();
    if (this.#next >= 64 && this.#next * 2 > this.#sorted.length) this.#compact();
    return smallest;
  }

  /** Drops every item that `keep` refuses. */
  retain(keep: (item: Item) => boolean): void {
    const items = [...this.#sorted.slice(this.#next), ...this.#heap] as Item[];
    this.#sorted = [];
    this.#next = 0;
    this.#heap = [];
    for (const item of items) if (keep(item)) this.push(item);
  }

  /** Takes the room of taken items back once it is the larger part: a queue that never runs empty must not grow. */
  #compact(): void {
    this.#sorted = this.#sorted.slice(this.#next);
    this.#next = 0;
  }

  #popHeap(): Item | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return top;
  }

  #rise(item: Item): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Item;
      if (above.seq <= item.seq) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = item;
  }

  #sink(item: Item): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && (heap[right] as Item).seq < (heap[child] as Item).seq) child = right;
      const below = heap[child] as Item;
      if (item.seq <= below.seq) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = item;
  }
}
