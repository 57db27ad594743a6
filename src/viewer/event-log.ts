/**
 * The events of an executor, kept for who looks later. What is kept is bounded: when there are too many, the oldest turns go,
 * each as a whole, since half of one would draw calls that never end.
 *
 * 1. At most `maxEvents` lines are kept.
 * 2. Of a turn either all lines are kept or none.
 */
import type { ExecutorEvent } from "../core/loop-event.ts";
import type { TraceEvent } from "../trace/trace-event.ts";

/** A line that is kept, and its place among all that ever came, from 1. */
export interface LoggedLine {
  readonly place: number;
  readonly line: string;
}

interface Entry extends LoggedLine {
  /** Undefined for what belongs to no turn. */
  readonly turn: string | undefined;
}

/** How much is kept after some was dropped: not all that may be, or the next event would have another turn dropped. */
const KEPT_PART = 0.75;

/** Keeps the lines of a trace. */
export class EventLog {
  readonly #maxEvents: number;
  #entries: Entry[] = [];
  #lastPlace = 0;
  readonly #turnsOfBatches = new Map<string, string>();
  readonly #droppedTurns = new Set<string>();
  #droppedEvents = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  /** What was dropped so far. */
  get dropped(): { readonly turns: number; readonly events: number } {
    return { turns: this.#droppedTurns.size, events: this.#droppedEvents };
  }

  /** Whether nothing more will come. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when there is more, or when it is closed. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Adds an event and the line that tells it. */
  add(event: TraceEvent, line: string): void {
    if (this.#isClosed) return;
    const turn = event.type === "trace.opened" ? undefined : this.#turnOf(event);
    const place = ++this.#lastPlace;
    if (turn !== undefined && this.#droppedTurns.has(turn)) this.#droppedEvents++;
    else {
      this.#entries.push({ place, line, turn });
      if (this.#entries.length > this.#maxEvents) this.#drop();
    }
    this.#awaken();
  }

  /** Ends it. */
  close(): void {
    this.#isClosed = true;
    this.#awaken();
  }

  /** The next lines behind a place, at most `count`. */
  after(place: number, count: number): readonly LoggedLine[] {
    const from = this.#indexBehind(place);
    return this.#entries.slice(from, from + count);
  }

  #awaken(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #turnOf(event: ExecutorEvent): string | undefined {
    if (event.type === "batch.opened") {
      const turn = this.#turnOfBatch(event);
      this.#turnsOfBatches.set(event.batch, turn);
      return turn;
    }
    if ("batch" in event) return this.#turnsOfBatches.get(event.batch);
    // A call's key begins with that of its batch.
    if ("call" in event) return this.#turnsOfBatches.get(event.call.slice(0, event.call.indexOf(".")));
    return "turn" in event ? keyOf(event) : undefined;
  }

  #turnOfBatch(event: Extract<ExecutorEvent, { type: "batch.opened" }>): string {
    const { batch, parent, run, turn } = event;
    const around =
      parent === undefined ? undefined : this.#turnsOfBatches.get(parent.slice(0, parent.indexOf(".")));
    return around ?? (turn === undefined ? batch : keyOf({ run, turn }));
  }

  #drop(): void {
    const counts = new Map<string | undefined, number>();
    for (const { turn } of this.#entries) counts.set(turn, (counts.get(turn) ?? 0) + 1);
    let excess = this.#entries.length - Math.floor(this.#maxEvents * KEPT_PART);
    for (const [turn, count] of counts) {
      if (excess <= 0) break;
      if (turn === undefined) continue;
      this.#droppedTurns.add(turn);
      this.#droppedEvents += count;
      excess -= count;
    }
    this.#entries = this.#entries.filter(({ turn }) => turn === undefined || !this.#droppedTurns.has(turn));
  }

  /** The first entry behind a place: by halves, as places grow. */
  #indexBehind(place: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).place <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function keyOf({ run, turn }: { readonly run?: string | undefined; readonly turn: number }): string {
  return `${run ?? ""}/${turn}`;
}
