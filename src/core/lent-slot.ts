/** Gates as the calls inside a running call pass them. */
import { FiledLanes, type Filed, type WakeList } from "./filed-lanes.ts";
import type { Capacity, GateKind, Slot } from "./gate.ts";
import type { Loans } from "./loans.ts";

/** What a lent slot is made of. */
export interface LentSlotOptions {
  readonly slot: Slot;
  /** The gate that it is of, for calls inside. */
  readonly capacity: Capacity;
  /** Where it is offered to calls inside other calls while its lender waits; undefined if it is not. */
  readonly loans: Loans | undefined;
  readonly wakeList: WakeList;
  /** Called when nobody runs on it any more. */
  readonly onFree: () => void;
}

/**
 * A slot that a running call lends to the calls inside it (contract §7): one of them may run on it, whatever the limit;
 * the others need slots of the gate itself.
 */
export class LentSlot implements Capacity, Slot {
  readonly name: string;
  readonly kind = "slot";
  readonly #options: LentSlotOptions;
  readonly #lanes: FiledLanes;
  #state: "free" | "taken" | "taken-but-over" | "over" = "free";
  #lenderWaits = false;

  constructor(options: LentSlotOptions) {
    this.name = options.capacity.name;
    this.#options = options;
    this.#lanes = new FiledLanes(this, options.wakeList);
  }

  get isFree(): boolean {
    return this.#state === "free";
  }

  get hasRoom(): boolean {
    return this.#state === "free" || this.#options.capacity.hasRoom;
  }

  get room(): number {
    return this.#options.capacity.room + (this.#state === "free" ? 1 : 0);
  }

  get loans(): Loans | undefined {
    return this.#options.capacity.loans;
  }

  get held(): number {
    return this.#options.capacity.held;
  }

  get servedAt(): number {
    return this.#options.capacity.servedAt;
  }

  take(): Slot {
    if (this.#state !== "free") return this.#options.capacity.take();
    this.#state = "taken";
    this.#options.loans?.withdraw(this);
    return this;
  }

  give(): void {
    if (this.#state === "taken-but-over") return this.#giveBack();
    this.#state = "free";
    this.#options.onFree();
    if (this.#lenderWaits) this.#options.loans?.offer(this);
    this.#lanes.roomChanged();
  }

  file(filed: Filed): void {
    this.#lanes.add(filed);
    this.#options.capacity.file(filed);
  }

  unfile(filed: Filed): void {
    this.#lanes.remove(filed);
    this.#options.capacity.unfile(filed);
  }

  /** Its lender waits for the calls inside it. */
  lend(): void {
    if (this.#lenderWaits) return;
    this.#lenderWaits = true;
    if (this.#state === "free") this.#options.loans?.offer(this);
  }

  /** Its lender runs again. */
  keep(): void {
    this.#lenderWaits = false;
    this.#options.loans?.withdraw(this);
  }

  /** The lender is done with its slot; it goes back once no call runs on it. */
  end(): void {
    this.keep();
    if (this.#state === "free") this.#giveBack();
    else if (this.#state === "taken") this.#state = "taken-but-over";
  }

  #giveBack(): void {
    this.#state = "over";
    this.#options.slot.give();
  }
}

/** A gate that the call around lends nothing of: where it is full of calls that wait, one may run on the slot of one of those. */
export class BorrowingPassage implements Capacity {
  readonly loans: Loans;
  readonly #capacity: Capacity;

  constructor(capacity: Capacity, loans: Loans) {
    this.#capacity = capacity;
    this.loans = loans;
  }

  get name(): string {
    return this.#capacity.name;
  }

  get kind(): GateKind {
    return this.#capacity.kind;
  }

  get hasRoom(): boolean {
    return this.#capacity.hasRoom || this.loans.hasRoom;
  }

  get room(): number {
    return this.#capacity.room + (this.loans.hasRoom ? 1 : 0);
  }

  get held(): number {
    return this.#capacity.held;
  }

  get servedAt(): number {
    return this.#capacity.servedAt;
  }

  take(): Slot {
    return this.#capacity.hasRoom ? this.#capacity.take() : this.loans.take();
  }

  file(filed: Filed): void {
    this.loans.file(filed);
    this.#capacity.file(filed);
  }

  unfile(filed: Filed): void {
    this.loans.unfile(filed);
    this.#capacity.unfile(filed);
  }
}
