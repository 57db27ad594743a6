/**
 * The way of events to those who hear them. Each is stamped when it happens and delivered in a microtask right after, in
 * order, so that a listener sees a settled state and one that throws or adds calls disturbs nothing.
 */
import type { BatchEvent, Listener } from "./event.ts";
import type { ExecutorEvent, ExecutorListener, LoopEvent } from "./loop-event.ts";
import { isBeginning, startWithin, type StartingAttempt, type Surroundings } from "./surroundings.ts";

/** Delivers the events of one executor, and of the loops around it. */
export class EventStream {
  readonly #listener: Listener | undefined;
  /** Who hears of everything. */
  readonly #listeners = new Set<ExecutorListener>();
  /** Undefined while there are none. */
  #surroundings: readonly Surroundings[] | undefined;
  #isHeard: boolean;
  #undelivered: ExecutorEvent[] = [];
  /** The listeners of the batches that the events are of, where these have one of their own. */
  #own: (Listener | undefined)[] | undefined;

  constructor(listener: Listener | undefined) {
    this.#listener = listener;
    this.#isHeard = listener !== undefined;
  }

  /** Has a listener hear of everything from now on, until what is returned is called. */
  listen(listener: ExecutorListener): () => void {
    // The same function may listen twice.
    const own: ExecutorListener = (event) => listener(event);
    this.#listeners.add(own);
    this.#isHeard = true;
    return () => {
      this.#listeners.delete(own);
      this.#lookWhoHears();
    };
  }

  /** Puts code around what runs from now on, until what is returned is called. */
  surround(surroundings: Surroundings): () => void {
    // The same object may go around twice.
    const own: Surroundings = {
      began: (event) => surroundings.began(event),
      around: (attempts, start) => surroundings.around(attempts, start),
      traceparent: (call, attempt) => surroundings.traceparent?.(call, attempt),
    };
    this.#surroundings = [...(this.#surroundings ?? []), own];
    this.#isHeard = true;
    return () => {
      const others = this.#surroundings?.filter((one) => one !== own) ?? [];
      this.#surroundings = others.length === 0 ? undefined : others;
      this.#lookWhoHears();
    };
  }

  /** Whether there is code around what runs. */
  get isSurrounded(): boolean {
    return this.#surroundings !== undefined;
  }

  /** Starts attempts within what is around them. */
  start(attempts: readonly StartingAttempt[], start: () => void): void {
    startWithin(this.#surroundings ?? [], attempts, start);
  }

  /** See `Surroundings`. */
  traceparent(call: string, attempt: number): string | undefined {
    for (const surroundings of this.#surroundings ?? []) {
      try {
        const traceparent = surroundings.traceparent?.(call, attempt);
        if (traceparent !== undefined) return traceparent;
      } catch {
        // As though it knew of none.
      }
    }
    return undefined;
  }

  /** Whether anybody hears, or a batch's own listener does: an event that nobody hears need not be made. */
  heard(own: Listener | undefined): boolean {
    return this.#isHeard || own !== undefined;
  }

  emit(event: BatchEvent, own: Listener | undefined): void {
    if (!this.heard(own)) return;
    if (own !== undefined) (this.#own ??= [])[this.#undelivered.length] = own;
    this.#add(event);
  }

  /** Passes on what a loop tells; the executor's own listener is for batches. */
  tell(event: LoopEvent): void {
    if (this.#listeners.size > 0 || this.#surroundings !== undefined) this.#add(event);
  }

  #lookWhoHears(): void {
    this.#isHeard =
      this.#listener !== undefined || this.#listeners.size > 0 || this.#surroundings !== undefined;
  }

  #add(event: ExecutorEvent): void {
    if (this.#surroundings !== undefined && isBeginning(event)) {
      for (const surroundings of this.#surroundings) tell((begun) => surroundings.began(begun), event);
    }
    if (this.#undelivered.length === 0) queueMicrotask(() => this.#deliver());
    this.#undelivered.push(event);
  }

  #deliver(): void {
    const undelivered = this.#undelivered;
    const own = this.#own;
    this.#undelivered = [];
    this.#own = undefined;
    for (let i = 0; i < undelivered.length; i++) {
      const event = undelivered[i] as ExecutorEvent;
      if (this.#listener !== undefined && isOfBatch(event)) tell(this.#listener, event);
      const batchListener = own?.[i];
      if (batchListener !== undefined) tell(batchListener, event as BatchEvent);
      for (const listener of this.#listeners) tell(listener, event);
    }
  }
}

function isOfBatch(event: ExecutorEvent): event is BatchEvent {
  return !event.type.startsWith("turn.") && !event.type.startsWith("run.");
}

function tell<Event>(listener: (event: Event) => unknown, event: Event): void {
  try {
    const result = listener(event);
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // A listener that throws changes nothing (contract §9).
  }
}
