/** What stands together in a text: an object of JSON, or a line. */
import type { Place } from "./memory.ts";
import { termsOf } from "./terms.ts";

/** So far to either side is looked. */
const MAX_SIDE = 300;

/** The terms of the record that a value stands in: its title beside its id. */
export function recordAt({ entry: { text }, index }: Place): readonly string[] {
  const before = text.slice(Math.max(0, index - MAX_SIDE), index);
  const after = text.slice(index, index + MAX_SIDE);
  const start = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("{")) + 1;
  const end = after.search(/[\n}]/);
  return termsOf(before.slice(start) + (end === -1 ? after : after.slice(0, end)));
}
