/**
 * What one running call lends to the calls inside it: its slots, and its locks (contract §7).
 *
 * 1. While it waits for them it does not run: its slots are theirs, and where a limit is full of calls that wait, others' as well.
 * 2. It goes on when all its slots are free again, so that no more run than may (G4); but at once if it was told to stop, or
 *    waits for another batch all the same, beside which it may do what it likes.
 */
import { beyond, writtenBy, type ResolvedEffects } from "./effects.ts";
import type { WakeList } from "./filed-lanes.ts";
import type { Capacity, Slot } from "./gate.ts";
import type { Lane } from "./lane.ts";
import { Lanes } from "./lanes.ts";
import { BorrowingPassage, LentSlot } from "./lent-slot.ts";
import { LockTable } from "./locks.ts";
import type { InPool, Scope } from "./scope.ts";
import { Sharing } from "./sharing.ts";
import type { Tool } from "./tool.ts";

/** A running call that lends what it holds to the calls inside it. */
export interface Lender {
  readonly name: string;
  readonly effects: ResolvedEffects;
  readonly lane: Lane;
  readonly slots: readonly Slot[];
  readonly now: () => number;
}

/** The slots and locks that one running call lends to the calls inside it. */
export class LentScope implements Scope {
  readonly locks = new LockTable();
  readonly sharing: Sharing;
  readonly #around: Scope;
  readonly #lender: Lender;
  readonly #lent = new Map<Capacity, LentSlot>();
  readonly #borrowing = new Map<Capacity, Capacity>();
  readonly #lanes: Lanes<Capacity>;
  /** Batches inside it that it waits for. */
  #waitsFor = 0;
  /** Those that go on when its slots are free. */
  #resume: (() => void)[] = [];
  #hurries = false;

  constructor(around: Scope, lender: Lender, wakeList: WakeList) {
    this.#around = around;
    this.#lender = lender;
    // The lender holds these locks itself, and writes when it likes.
    this.sharing = new Sharing(writtenBy(lender.effects));
    this.#lanes = new Lanes(lender.now);
    for (const [i, gate] of lender.lane.gates.entries()) {
      // A place in time is used up; each call inside needs one of its own.
      if (gate.kind !== "slot") continue;
      const slot = lender.slots[i] as Slot;
      // The executor's come first. Every call has one, and lends it: no call inside a call needs a stranger's.
      const loans = i === 0 ? undefined : gate.loans;
      const onFree = () => this.#goOn();
      const capacity = this.#borrow(gate);
      this.#lent.set(gate, new LentSlot({ slot, capacity, loans, wakeList, onFree }));
    }
  }

  lane(tool: Tool, pools: readonly InPool[]): Lane {
    const { gates } = this.#around.lane(tool, pools);
    return this.#lanes.of(gates, (gate) => this.#lent.get(gate) ?? this.#borrow(gate));
  }

  beyond(effects: ResolvedEffects): string | undefined {
    const { effects: lent, name } = this.#lender;
    const what = beyond(lent, effects);
    return what && `it ${what}, which the effects of \`${name}\`, inside which it runs, do not cover`;
  }

  /** The lender waits for calls inside it from now on. */
  lend(): void {
    this.#waitsFor++;
    for (const lent of this.#lent.values()) lent.lend();
    this.#goOn();
  }

  /** The lender need not wait for a batch inside it any more; resolves when it may go on. */
  resume(): Promise<void> {
    this.#waitsFor--;
    return new Promise((resolve) => {
      this.#resume.push(resolve);
      this.#goOn();
    });
  }

  /** The lender was told to stop: it waits for none of its slots. */
  hurry(): void {
    this.#hurries = true;
    this.#goOn();
  }

  /** The lender has ended: its slots go back as soon as no call runs on them. */
  end(): void {
    this.hurry();
    for (const [i, gate] of this.#lender.lane.gates.entries()) {
      const lent = this.#lent.get(gate);
      if (lent === undefined) this.#lender.slots[i]?.give();
      else lent.end();
    }
  }

  #goOn(): void {
    if (this.#resume.length === 0) return;
    const slots = [...this.#lent.values()];
    const isFree = this.#hurries || this.#waitsFor > 0 || slots.every((slot) => slot.isFree);
    if (!isFree) return;
    if (this.#waitsFor === 0) for (const slot of slots) slot.keep();
    for (const resolve of this.#resume.splice(0)) resolve();
  }

  /** A gate that nothing is lent of, or not enough. */
  #borrow(gate: Capacity): Capacity {
    const { loans } = gate;
    if (loans === undefined || gate instanceof BorrowingPassage || gate instanceof LentSlot) return gate;
    let borrowing = this.#borrowing.get(gate);
    if (borrowing === undefined) this.#borrowing.set(gate, (borrowing = new BorrowingPassage(gate, loans)));
    return borrowing;
  }
}
