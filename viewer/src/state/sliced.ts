/** Long work in slices, so that a page draws and answers between them. */

/** For so long a slice may take; frames that draw in software take as long again. */
const SLICE_MS = 24;

/** Items, dealt with in the order in which they came. */
export interface Sliced<Item> {
  /** Whether all that came has been dealt with. */
  readonly isDone: boolean;
  add(items: readonly Item[]): void;
  /** Forgets what has not been dealt with. */
  clear(): void;
}

/** Makes a line of items that `deal` is called with; `rest` is called after each slice. */
export function sliced<Item>(deal: (item: Item) => void, rest: () => void): Sliced<Item> {
  let waiting: (readonly Item[])[] = [];
  let next = 0;
  let isDue = false;
  const run = () => {
    isDue = false;
    const until = performance.now() + SLICE_MS;
    for (let items = waiting[0]; items !== undefined && performance.now() < until; items = waiting[0]) {
      // The clock is asked once in a while.
      const end = Math.min(items.length, next + 50);
      while (next < end) deal(items[next++] as Item);
      if (next < items.length) continue;
      waiting.shift();
      next = 0;
    }
    rest();
    if (waiting.length > 0) plan();
  };
  const plan = () => {
    if (isDue) return;
    isDue = true;
    // Behind the next frame. A page that nobody sees has none, and must not wait for one.
    if (document.hidden) setTimeout(run);
    else requestAnimationFrame(() => setTimeout(run));
  };
  return {
    get isDone() {
      return waiting.length === 0;
    },
    add: (items) => {
      waiting.push(items);
      plan();
    },
    clear: () => {
      waiting = [];
      next = 0;
    },
  };
}
