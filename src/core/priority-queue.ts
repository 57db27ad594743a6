/**
 * A priority queue: the first item by an order of one's own.
 *
 * Calls mostly get ready in serial order, so items that come in order stand in a plain list, at no cost; only those that
 * come out of order are in the binary heap beside it.
 */

/** Items in an order that does not change while they are in. */
export class PriorityQueue<Item> {
  readonly #comesFirst: (a: Item, b: Item) => boolean;
  /** Items in order, taken up to `#next`. */
  #sorted: (Item | undefined)[] = [];
  #next = 0;
  #heap: Item[] = [];

  /** `comesFirst` says whether `a` comes before `b`, or is as good. */
  constructor(comesFirst: (a: Item, b: Item) => boolean) {
    this.#comesFirst = comesFirst;
  }

  get size(): number {
    return this.#sorted.length - this.#next + this.#heap.length;
  }

  /** The first item. */
  peek(): Item | undefined {
    const sorted = this.#sorted[this.#next];
    const [top] = this.#heap;
    if (sorted === undefined || top === undefined) return sorted ?? top;
    return this.#comesFirst(sorted, top) ? sorted : top;
  }

  push(item: Item): void {
    const last = this.#sorted.at(-1);
    if (last === undefined || this.#comesFirst(last, item)) this.#sorted.push(item);
    else this.#rise(item);
  }

  /** Takes the first item out. */
  pop(): Item | undefined {
    const first = this.peek();
    if (first === undefined || first !== this.#sorted[this.#next]) return this.#popHeap();
    if (this.#next < this.#sorted.length - 1) this.#sorted[this.#next++] = undefined;
    else this.#sorted.pop();
    if (this.#next >= 64 && this.#next * 2 > this.#sorted.length) this.#compact();
    return first;
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
      if (this.#comesFirst(above, item)) break;
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
      if (right < heap.length && !this.#comesFirst(heap[child] as Item, heap[right] as Item)) child = right;
      const below = heap[child] as Item;
      if (this.#comesFirst(item, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = item;
  }
}
