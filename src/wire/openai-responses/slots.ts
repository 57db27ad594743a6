/**
 * The output items of one answer while they come: each in a slot of its own, in the server's order.
 *
 * 1. Slots stand in the order of `output_index`. Nothing gets in front of one that is settled, and that one stays as it is.
 * 2. Servers that translate from another protocol give several items one index, so an item that is plainly another than the
 *    one at its index gets a slot at the end: https://github.com/decolua/9router/issues/2611
 * 3. An id that is not known says nothing: GitHub Copilot gives each event another one for the same item
 *    (https://github.com/BerriAI/litellm/issues/30071). So the index tells where an id does not.
 */
import type { ResponsesEventFields, ResponsesItem } from "./protocol.ts";
import { isCall } from "./turn.ts";

/** An item that is being put together. */
export interface Slot {
  /** Where it stands among the others. */
  readonly place: number;
  /** The index that the server gave it. */
  readonly index: number | undefined;
  /** The item as it began, then as it ended; undefined while only parts of it have come. */
  item: ResponsesItem | undefined;
  /** What was said of it so far: a call's arguments or input, a message's text. */
  text: string;
  done: boolean;
  settled: boolean;
}

/** The slots of one answer. */
export class Slots {
  readonly #all: Slot[] = [];
  readonly #byIndex = new Map<number, Slot>();
  readonly #byId = new Map<string, Slot>();
  #settled = 0;

  /** All slots in order. */
  get all(): readonly Slot[] {
    return this.#all;
  }

  /** The slot that a part of an item goes into. */
  ofPart({ output_index: index, item_id: id }: ResponsesEventFields): Slot {
    const slot =
      this.#named(id, index) ?? this.#at(index) ?? this.#named(id) ?? this.#last(index) ?? this.#begin(index);
    if (id) this.#know(id, slot);
    return slot;
  }

  /** The slot of an item that begins. */
  ofBegun(item: ResponsesItem, index: number | undefined): Slot {
    return this.#claim(item, [this.#named(item.id, index), this.#at(index)]) ?? this.#beginWith(item, index);
  }

  /** The slot of an item that is done. */
  ofDone(item: ResponsesItem, index: number | undefined): Slot {
    const byCallId = this.#named(callIdOf(item), index);
    // Servers have ended an item under another index than it began with: https://github.com/theopenco/llmgateway/pull/2908
    const open = this.#named(item.id);
    const candidates = [
      this.#named(item.id, index),
      byCallId,
      this.#at(index),
      open?.done ? undefined : open,
    ];
    return this.#claim(item, candidates) ?? this.#beginWith(item, index);
  }

  /** The slot of an item of the whole output, which comes last; undefined for one that the slots leave no place for. */
  ofWhole(item: ResponsesItem, index: number): Slot | undefined {
    const candidates = [this.#named(item.id), this.#named(callIdOf(item)), this.#at(index)];
    const slot =
      this.#claim(item, candidates) ??
      this.#all.find(({ item: known }) => known !== undefined && isSaidAgain(item, known));
    if (slot !== undefined) return slot;
    return isCall(item) || this.#at(index) === undefined ? this.#beginWith(item, index) : undefined;
  }

  /** Settles, in order, the items that are final, and returns them. When all `isOver`, nothing is waited for any more. */
  settle(isFinal: (slot: Slot) => boolean, isOver: boolean): Slot[] {
    const settled: Slot[] = [];
    for (let slot = this.#all[this.#settled]; slot !== undefined; slot = this.#all[this.#settled]) {
      const next = (this.#all[this.#settled - 1]?.place ?? -1) + 1;
      const isMovedOnFrom = slot.place <= next && this.#settled < this.#all.length - 1;
      if (!isFinal(slot) || !(isOver || isMovedOnFrom)) break;
      slot.settled = true;
      this.#settled++;
      settled.push(slot);
    }
    return settled;
  }

  #at(index: number | undefined): Slot | undefined {
    return index === undefined ? undefined : this.#byIndex.get(index);
  }

  #named(id: string | null | undefined, index?: number): Slot | undefined {
    const slot = id ? this.#byId.get(id) : undefined;
    return index === undefined || slot?.index === index ? slot : undefined;
  }

  /** Parts without an index are of the item that came last. */
  #last(index: number | undefined): Slot | undefined {
    return index === undefined ? this.#all.at(-1) : undefined;
  }

  #claim(item: ResponsesItem, candidates: readonly (Slot | undefined)[]): Slot | undefined {
    const slot = candidates.find((one) => one !== undefined && !isAnother(item, one));
    if (slot !== undefined) this.#knowItem(item, slot);
    return slot;
  }

  #beginWith(item: ResponsesItem, index: number | undefined): Slot {
    const slot = this.#begin(index);
    this.#knowItem(item, slot);
    return slot;
  }

  #begin(index: number | undefined): Slot {
    const isFree = index !== undefined && !this.#byIndex.has(index);
    const place = isFree ? index : (this.#all.at(-1)?.place ?? -1) + 1;
    const slot: Slot = { place, index, item: undefined, text: "", done: false, settled: false };
    let at = this.#all.length;
    while (at > this.#settled && (this.#all[at - 1]?.place ?? -1) > place) at--;
    this.#all.splice(at, 0, slot);
    if (index !== undefined) this.#byIndex.set(index, slot);
    return slot;
  }

  #knowItem(item: ResponsesItem, slot: Slot): void {
    this.#know(item.id, slot);
    this.#know(callIdOf(item), slot);
  }

  #know(id: string | null | undefined, slot: Slot): void {
    if (id && this.#byId.get(id) !== slot) this.#byId.set(id, slot);
  }
}

/** Whether an item cannot be the one in a slot. */
function isAnother(item: ResponsesItem, { item: known, done }: Slot): boolean {
  if (known === undefined) return false;
  if (known.type !== item.type) return true;
  const [one, other] = [callIdOf(known), callIdOf(item)];
  if (one && other) return one !== other;
  return done && Boolean(known.id) && Boolean(item.id) && known.id !== item.id && !isSaidAgain(item, known);
}

/** Whether an item is the known one, but for its id. */
function isSaidAgain(item: ResponsesItem, known: ResponsesItem): boolean {
  return (
    known.type === item.type && JSON.stringify({ ...item, id: "" }) === JSON.stringify({ ...known, id: "" })
  );
}

function callIdOf(item: ResponsesItem): string | undefined {
  return isCall(item) ? item.call_id : undefined;
}
