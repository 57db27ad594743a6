/**
 * A second attempt beside one that is slow: it waits for its time, then for room that no call of its lane wants, then runs.
 *
 * 1. It ends with its call's first attempt: no timer, no place in line and no slot is left of it (G10).
 */
import type { Slot } from "./gate.ts";
import type { Lane, Waiting } from "./lane.ts";
import type { Deadline } from "./timers.ts";

type State =
  | { readonly at: "waiting for its time"; readonly timer: Deadline | undefined }
  | { readonly at: "in line"; readonly lane: Lane }
  | { readonly at: "starting"; readonly slots: readonly Slot[] }
  | { readonly at: "over" };

const OVER: State = { at: "over" };

/** A hedge that has not started yet. */
export class Hedge implements Waiting {
  readonly seq: number;
  readonly urgency = 0;
  readonly spare = true;
  readonly #onSlots: () => void;
  #state: State;

  /** `onSlots` is called when it has its slots, which `takeSlots` then gives. */
  constructor(seq: number, timer: Deadline | undefined, onSlots: () => void) {
    this.seq = seq;
    this.#state = { at: "waiting for its time", timer };
    this.#onSlots = onSlots;
  }

  get waiting(): boolean {
    return this.#state.at === "in line";
  }

  /** The first attempt is slow. */
  getInLine(lane: Lane): void {
    if (this.#state.at !== "waiting for its time") return;
    this.#state = { at: "in line", lane };
    lane.add(this);
  }

  rank(): void {}

  slotsTaken(slots: readonly Slot[]): void {
    this.#state = { at: "starting", slots };
    this.#onSlots();
  }

  /** Its slots, if it has them; they are the taker's then. */
  takeSlots(): readonly Slot[] | undefined {
    if (this.#state.at !== "starting") return undefined;
    const { slots } = this.#state;
    this.#state = OVER;
    return slots;
  }

  /** It is not wanted any more. */
  end(): void {
    const state = this.#state;
    this.#state = OVER;
    if (state.at === "waiting for its time") state.timer?.clear();
    else if (state.at === "in line") state.lane.withdraw();
    else if (state.at === "starting") for (const slot of state.slots) slot.give();
  }
}
