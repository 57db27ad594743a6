/**
 * Takes a history from one provider to another, in the middle of a conversation.
 *
 * What all of them have goes along: what users, systems and the model said, calls with their inputs and results, images. What
 * only its maker can check or use stays behind: the model's thoughts with their signatures, and the calls of a provider's own
 * tools. Documents and sound leave a note in their place. Ids are kept where the new provider takes them, and an error stays
 * one: where the protocol has no mark for errors, the text of the result is `{"error":"…"}`.
 */
import type { WireHistory } from "./wire.ts";

/** From where to where. */
export interface ConvertOptions<From, To> {
  /** The wire that wrote the history: a model's `wire`. */
  readonly from: WireHistory<From>;
  /** The wire that is to read it. */
  readonly to: WireHistory<To>;
}

/**
 * The history as another provider takes it, pure and the same each time (G8). Between two wires of one protocol and dialect
 * it is repaired only, so that one in order is the identical list.
 */
export function convertHistory<From, To>(
  messages: readonly From[],
  { from, to }: ConvertOptions<From, To>,
): readonly To[] {
  // Their messages are the same, whatever the types say.
  if (from.name === to.name && from.dialect === to.dialect)
    return to.repair(messages as readonly unknown[] as readonly To[]);
  return to.repair(to.fromPlain(from.toPlain(from.repair(messages))));
}
