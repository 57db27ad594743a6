/** Takes a history apart into its pieces, and puts it together again. */
import { show } from "../core/options.ts";
import type { HistoryShape, PlacedPiece } from "./history-shape.ts";

/** What stands in a history: a piece that it had, or a message that is new. */
export type Laid<Message> = PlacedPiece | { readonly message: Message };

/**
 * All pieces of a history.
 *
 * @throws TypeError for an entry that is no message at all
 */
export function splitHistory<Message>(
  shape: HistoryShape<Message>,
  messages: readonly Message[],
): PlacedPiece[] {
  const all: PlacedPiece[] = [];
  for (const [from, message] of messages.entries()) {
    if (typeof message !== "object" || message === null) {
      throw new TypeError(`entry ${from} of the history must be a message, got ${show(message)}`);
    }
    for (const piece of shape.pieces(message)) all.push({ ...piece, from, at: all.length });
  }
  return all;
}

/**
 * The history as it was laid out. A message that has all its pieces, as they were, is the message that it was; a history of
 * nothing but such messages is the history that it was.
 */
export function joinPieces<Message>(
  shape: HistoryShape<Message>,
  messages: readonly Message[],
  { all, laid }: { readonly all: readonly PlacedPiece[]; readonly laid: readonly Laid<Message>[] },
): readonly Message[] {
  const joined: Message[] = [];
  for (let start = 0, end = 0; start < laid.length; start = end) {
    const first = laid[start] as Laid<Message>;
    end = start + 1;
    if ("message" in first) {
      joined.push(first.message);
      continue;
    }
    const group = [first];
    for (
      let next = laid[end];
      next !== undefined && "from" in next && next.from === first.from;
      next = laid[++end]
    ) {
      group.push(next);
    }
    const message = messages[first.from] as Message;
    joined.push(
      isWhole(group, all)
        ? message
        : shape.withPieces(
            message,
            group.map(({ value }) => value),
          ),
    );
  }
  const isSame = joined.length === messages.length && joined.every((message, i) => message === messages[i]);
  return isSame ? messages : joined;
}

/** Whether a group of pieces of one message is all of that message, unaltered. */
function isWhole(group: readonly PlacedPiece[], all: readonly PlacedPiece[]): boolean {
  const [first] = group as [PlacedPiece];
  const isAlone = (at: number) => all[at]?.from !== first.from;
  return (
    isAlone(first.at - 1) &&
    isAlone(first.at + group.length) &&
    group.every((piece, i) => piece === all[first.at + i])
  );
}
