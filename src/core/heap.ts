/** A binary heap: the smallest item first. */

/** Items ordered by a number that does not change while they are in. */
export class Heap<Item extends { readonly seq: number }> {
  #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The smallest item. */
  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as Item;
      if (above.seq <= item.seq) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the smallest item out. */
  pop(): Item | undefined {
    const items = this.#items;
    const smallest = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return smallest;
  }

  /** Drops every item that `keep` refuses. */
  retain(keep: (item: Item) => boolean): void {
    const kept = this.#items.filter(keep);
    this.#items = [];
    for (const item of kept) this.push(item);
  }

  #sink(item: Item): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      const right = child + 1;
      if (right < items.length && (items[right] as Item).seq < (items[child] as Item).seq) child = right;
      const below = items[child] as Item;
      if (item.seq <= below.seq) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
  }
}
