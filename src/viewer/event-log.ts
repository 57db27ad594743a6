/**
 * The events of an executor, kept for who looks later. What is kept is bounded: when it is too much, the oldest goes: turns
 * that are over, then calls that are over, and what goes on only where that is not enough.
 *
 * 1. At most `maxEvents` lines and `maxBytes` bytes are kept, beside the first line and those of runs that go on.
 * 2. Of a part either all lines are kept or none; what comes of a part that was dropped is dropped.
 */
import type { TraceEvent } from "../trace/trace-event.ts";
import { TraceParts, type Part } from "./trace-parts.ts";

/** How much is kept. */
export interface LogBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** A line that is kept, and its place among all that ever came, from 1. */
export interface LoggedLine {
  readonly place: number;
  readonly line: string;
}

interface Entry extends LoggedLine {
  /** Undefined for what says what the trace is. */
  readonly part: Part | undefined;
}

/** How much is kept after some was dropped: not all that may be, or the next event would have more dropped. */
const KEPT_PART = 0.75;

/** So much is read at a time: more would keep the page from drawing between. */
const READ_LINES = 2_000;
const READ_CHARACTERS = 256 * 1024;

/** Keeps the lines of a trace. */
export class EventLog {
  readonly #bounds: LogBounds;
  readonly #parts = new TraceParts();
  #entries: Entry[] = [];
  #events = 0;
  #bytes = 0;
  #lastPlace = 0;
  #drops = 0;
  #droppedBefore = 0;
  #droppedTurns = 0;
  #droppedEvents = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(bounds: LogBounds) {
    this.#bounds = bounds;
  }

  /** What was dropped so far; `turns` are those of which nothing is left. */
  get dropped(): { readonly turns: number; readonly events: number } {
    return { turns: this.#droppedTurns, events: this.#droppedEvents };
  }

  /** How often something was dropped. */
  get drops(): number {
    return this.#drops;
  }

  /** Whether nothing more will come. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether who has read up to a place, when there were so many drops, may have a part of which the rest was dropped. */
  isTorn(place: number, drops: number): boolean {
    return place > 0 && drops < this.#drops && place < this.#droppedBefore;
  }

  /** Resolves when there is more, or when it is closed. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Adds an event and the line that tells it. */
  add(event: TraceEvent, line: string): void {
    if (this.#isClosed) return;
    const place = ++this.#lastPlace;
    if (event.type === "trace.opened") this.#entries.push({ place, line, part: undefined });
    else {
      const part = this.#parts.of(event);
      part.note(event, place);
      if (part.isDropped) this.#droppedEvents++;
      else this.#keep({ place, line, part }, part);
    }
    this.#awaken();
  }

  /** Ends it. */
  close(): void {
    this.#isClosed = true;
    this.#awaken();
  }

  /** Some of the lines behind a place, the next ones. */
  after(place: number): readonly LoggedLine[] {
    const from = this.#indexBehind(place);
    let to = from;
    for (let characters = 0; to - from < READ_LINES && characters < READ_CHARACTERS; to++) {
      const entry = this.#entries[to];
      if (entry === undefined) break;
      characters += entry.line.length;
    }
    return this.#entries.slice(from, to);
  }

  #awaken(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #keep(entry: Entry, part: Part): void {
    this.#entries.push(entry);
    this.#count(part, 1, Buffer.byteLength(entry.line));
    if (this.#isOver(1)) this.#drop();
  }

  #count(part: Part, events: number, bytes: number): void {
    part.events += events;
    part.bytes += bytes;
    this.#events += events;
    this.#bytes += bytes;
  }

  #isOver(share: number): boolean {
    const { maxEvents, maxBytes } = this.#bounds;
    return this.#events > maxEvents * share || this.#bytes > maxBytes * share;
  }

  #drop(): void {
    this.#drops++;
    this.#dropSome(this.#parts.over());
    if (this.#isOver(1)) this.#dropSome(this.#parts.goingOn());
    this.#entries = this.#entries.filter(({ part }) => part?.isDropped !== true);
    this.#parts.forgetDropped();
  }

  #dropSome(choices: readonly (readonly Part[])[]): void {
    for (const parts of choices) {
      if (!this.#isOver(KEPT_PART)) return;
      for (const part of parts) this.#dropPart(part);
    }
  }

  #dropPart(part: Part): void {
    part.isDropped = true;
    if (part.kind === "turn") this.#droppedTurns++;
    this.#droppedEvents += part.events;
    this.#count(part, -part.events, -part.bytes);
    // Of what goes on nobody has the end.
    const end = part.isOver ? part.lastPlace : this.#lastPlace + 1;
    this.#droppedBefore = Math.max(this.#droppedBefore, end);
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
