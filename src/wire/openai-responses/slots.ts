/** The output items of one answer while they come: each in a slot of its own, in the order that the server gives them. */
import type { ResponsesEventFields, ResponsesItem } from "./protocol.ts";

/** An item that is being put together. */
export interface Slot {
  /** The item as it began, then as it ended; undefined while only parts of it have come. */
  item: ResponsesItem | undefined;
  /** What was said of it so far: a call's arguments or input, a message's text. */
  text: string;
  done: boolean;
}

/** The slots of one answer. */
export class Slots {
  readonly #slots: Slot[] = [];
  readonly #byId = new Map<string, number>();

  /** All slots in order; a server that skips an index leaves a hole. */
  get all(): readonly (Slot | undefined)[] {
    return this.#slots;
  }

  /** The slot that an event is about. */
  of({ output_index: index, item_id: itemId, item }: ResponsesEventFields): Slot {
    const id = itemId ?? item?.id ?? "";
    const at =
      index ?? this.#byId.get(id) ?? (item === undefined ? this.#slots.length - 1 : this.#slots.length);
    const slot = (this.#slots[Math.max(at, 0)] ??= { item: undefined, text: "", done: false });
    if (id !== "") this.#byId.set(id, at);
    return slot;
  }
}
