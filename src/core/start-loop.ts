/**
 * Starts calls in the asynchronous context in which their batch was opened.
 *
 * A slot often becomes free in the context of another call, or of another conversation. Code that is started there would
 * inherit its `AsyncLocalStorage`, so spans would nest under a stranger. A promise resumes an `async` function in the
 * function's own context; that is the one way to get back there which needs nothing of the platform.
 */

/** A queue whose items are handled in the context of its creation, in a microtask. */
export class StartLoop<Item> {
  readonly #handle: (items: readonly Item[]) => void;
  #items: Item[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  /** `handle` is given all items that have come since it was last called. It must not throw. */
  constructor(handle: (items: readonly Item[]) => void) {
    this.#handle = handle;
    this.#run().catch(() => {});
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length === 1) this.#wake?.();
  }

  /** Lets go of the context. What was added is still handled. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (!this.#ended || this.#items.length > 0) {
      if (this.#items.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const items = this.#items;
      this.#items = [];
      if (items.length > 0) this.#handle(items);
    }
  }
}
