/**
 * Many deadlines on few platform timers.
 *
 * Calls share a handful of durations (the tool's timeout, the grace), so deadlines are kept in one list per duration: the
 * oldest is always the next to expire, and setting or clearing one costs a pointer or two.
 *
 * 1. A list holds a platform timer while it holds a deadline, and a microtask longer (G10): a call is often followed by the
 *    next, and a platform timer costs as much as a few calls.
 * 2. A deadline fires at or after its time, once, or never if it was cleared.
 */
import type { Clock } from "./clock.ts";

/** Beyond 2^31-1 ms `setTimeout` fires at once; such a deadline is never set. */
const LONGEST_MS = 2 ** 31 - 1;

/** A deadline that can be cleared. */
export class Deadline {
  /** @internal */ list: DeadlineList | undefined = undefined;
  /** @internal */ previous: Deadline | undefined = undefined;
  /** @internal */ next: Deadline | undefined = undefined;
  readonly at: number;
  readonly #fire: (subject: never) => void;
  readonly #subject: unknown;

  constructor(at: number, fire: (subject: never) => void, subject: unknown) {
    this.at = at;
    this.#fire = fire;
    this.#subject = subject;
  }

  /** @internal */
  fire(): void {
    this.#fire(this.#subject as never);
  }

  /** Takes the deadline back; harmless if it has fired. */
  clear(): void {
    this.list?.remove(this);
  }
}

/** The deadlines of one executor. */
export class Timers {
  readonly #clock: Clock;
  readonly #lists = new Map<number, DeadlineList>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Has `fire` called with `subject` in `ms` milliseconds. `Infinity`, and anything longer than 24 days, is never. One
   * function for many subjects spares each of them a closure.
   */
  set<Subject>(ms: number, fire: (subject: Subject) => void, subject: Subject): Deadline | undefined {
    if (ms > LONGEST_MS) return undefined;
    let list = this.#lists.get(ms);
    if (list === undefined) {
      list = new DeadlineList(this.#clock, () => this.#lists.delete(ms));
      this.#lists.set(ms, list);
    }
    const deadline = new Deadline(this.#clock.now() + ms, fire, subject);
    list.append(deadline);
    return deadline;
  }
}

class DeadlineList {
  readonly #clock: Clock;
  readonly #onEmpty: () => void;
  #head: Deadline | undefined;
  #tail: Deadline | undefined;
  #timer: unknown;
  /** It has run empty, and lets go of its timer in a microtask unless it is filled again before. */
  #resting = false;

  constructor(clock: Clock, onEmpty: () => void) {
    this.#clock = clock;
    this.#onEmpty = onEmpty;
  }

  append(deadline: Deadline): void {
    deadline.list = this;
    deadline.previous = this.#tail;
    if (this.#tail === undefined) this.#head = deadline;
    else this.#tail.next = deadline;
    this.#tail = deadline;
    // For the head, not for this one: a deadline that fires may set another while older ones are still to come.
    if (this.#timer === undefined) this.#arm(this.#head as Deadline);
  }

  remove(deadline: Deadline): void {
    const { previous, next } = deadline;
    if (previous === undefined) this.#head = next;
    else previous.next = next;
    if (next === undefined) this.#tail = previous;
    else next.previous = previous;
    deadline.list = deadline.previous = deadline.next = undefined;
    // The timer of a removed head stays: it fires early, finds nothing due, and is armed for the next.
    if (this.#head === undefined && !this.#resting) {
      this.#resting = true;
      queueMicrotask(() => this.#rest());
    }
  }

  #arm(deadline: Deadline): void {
    this.#timer = this.#clock.setTimer(() => this.#expire(), Math.max(0, deadline.at - this.#clock.now()));
  }

  #rest(): void {
    this.#resting = false;
    if (this.#head !== undefined) return;
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#onEmpty();
  }

  #expire(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    // `setTimeout` may fire up to a millisecond early by the monotonic clock; such a deadline is armed again.
    for (let due = this.#head; due !== undefined && due.at <= now; due = this.#head) {
      this.remove(due);
      due.fire();
    }
    if (this.#head !== undefined && this.#timer === undefined) this.#arm(this.#head);
  }
}
