/**
 * The events of a run on their way to the one who iterates them: kept until then, so that one who comes late has all, and
 * given up when they leave. Whoever adds them never waits.
 */

/** Keeps items for one reader. */
export class EventLog<Event> {
  #state: "unread" | "read" | "left" = "unread";
  #events: Event[] = [];
  #ended = false;
  #wake: (() => void) | undefined = undefined;

  /** Adds an event; none is taken after `end`. */
  add(event: Event): void {
    if (this.#ended || this.#state === "left") return;
    this.#events.push(event);
    this.#wake?.();
  }

  /** Nothing more is to come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /**
   * All events, from the first on. Leaving early is fine.
   *
   * @throws TypeError when they are read already
   */
  read(): AsyncGenerator<Event, void, undefined> {
    if (this.#state !== "unread") {
      throw new TypeError("the events of a run can be iterated only once; `onEvent` serves more listeners");
    }
    this.#state = "read";
    return this.#iterate();
  }

  async *#iterate(): AsyncGenerator<Event, void, undefined> {
    try {
      for (;;) {
        const events = this.#events;
        this.#events = [];
        yield* events;
        if (this.#events.length > 0) continue;
        if (this.#ended) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#state = "left";
      this.#events = [];
    }
  }
}
