/**
 * The slots of one gate whose holders only wait for calls inside them. Where all slots of a gate are such, calls inside other
 * calls may run on them: else two calls that each make one inside them of the other's full pool would wait for each other
 * (contract §7). Calls that stand in no other never do: they would begin ever more work that nothing finishes.
 */
import { FiledLanes, type Filed, type WakeList } from "./filed-lanes.ts";

/** A slot whose holder waits. */
export interface Loan {
  take(): { give(): void };
}

/** The slots of a gate that may be had for a while. */
export class Loans {
  readonly #gate: { readonly taken: number };
  readonly #wakeList: WakeList;
  readonly #idle: Loan[] = [];
  /** Undefined until a lane waits. */
  #lanes: FiledLanes | undefined;

  constructor(gate: { readonly taken: number }, wakeList: WakeList) {
    this.#gate = gate;
    this.#wakeList = wakeList;
  }

  /** While any holder runs, it will give its slot back: nobody's need be borrowed. */
  get hasRoom(): boolean {
    return this.#idle.length > 0 && this.#idle.length === this.#gate.taken;
  }

  offer(loan: Loan): void {
    this.#idle.push(loan);
    this.roomChanged();
  }

  withdraw(loan: Loan): void {
    const at = this.#idle.indexOf(loan);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** Takes the slot that was offered first. Only when there is room. */
  take(): { give(): void } {
    return (this.#idle[0] as Loan).take();
  }

  roomChanged(): void {
    this.#lanes?.roomChanged();
  }

  file(filed: Filed): void {
    (this.#lanes ??= new FiledLanes(this, this.#wakeList)).add(filed);
  }

  unfile(filed: Filed): void {
    this.#lanes?.remove(filed);
  }
}
