/** What a running call lends of a gate to the calls inside it. */
import { FiledLanes, type Capacity, type Filed, type Slot, type WakeList } from "./gate.ts";

/**
 * A slot that a running call lends to the calls inside it (contract §7): one of them may run on it, whatever the limit;
 * the others need slots of the gate itself.
 */
export class LentSlot implements Capacity, Slot {
  readonly name: string;
  readonly kind = "slot";
  readonly #slot: Slot;
  readonly #capacity: Capacity;
  readonly #lanes: FiledLanes;
  #state: "free" | "taken" | "taken-but-over" | "over" = "free";

  constructor(slot: Slot, capacity: Capacity, wakeList: WakeList) {
    this.name = capacity.name;
    this.#slot = slot;
    this.#capacity = capacity;
    this.#lanes = new FiledLanes(this, wakeList);
  }

  get hasRoom(): boolean {
    return this.#state === "free" || this.#capacity.hasRoom;
  }

  get room(): number {
    return this.#capacity.room + (this.#state === "free" ? 1 : 0);
  }

  get held(): number {
    return this.#capacity.held;
  }

  get servedAt(): number {
    return this.#capacity.servedAt;
  }

  take(): Slot {
    if (this.#state !== "free") return this.#capacity.take();
    this.#state = "taken";
    return this;
  }

  give(): void {
    if (this.#state === "taken-but-over") return this.#giveBack();
    this.#state = "free";
    this.#lanes.roomChanged();
  }

  file(filed: Filed): void {
    this.#lanes.add(filed);
    this.#capacity.file(filed);
  }

  unfile(filed: Filed): void {
    this.#lanes.remove(filed);
    this.#capacity.unfile(filed);
  }

  /** The lender is done with its slot; it goes back once no call inside runs on it. */
  end(): void {
    if (this.#state === "free") this.#giveBack();
    else if (this.#state === "taken") this.#state = "taken-but-over";
  }

  #giveBack(): void {
    this.#state = "over";
    this.#slot.give();
  }
}
