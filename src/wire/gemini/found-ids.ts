/**
 * Results that have lost their ids, or whose calls have: stores and gateways drop them on one side. Since Gemini 3.5 a result
 * without the id of its call is refused. https://github.com/ShinChven/remix-studio/pull/35
 */
import type { PlacedPiece } from "../history-shape.ts";
import { pairResults } from "../pair-results.ts";

/**
 * The pieces without results that answer nothing; the same list if there are none. One that could answer a call but for an id
 * that either lacks gets the call's: of the calls of the turn before it, the first of its name that is unanswered.
 */
export function withFoundIds(
  pieces: readonly PlacedPiece[],
  withId: (piece: PlacedPiece, id: string) => unknown,
): readonly PlacedPiece[] {
  const resultOf = pairResults(pieces);
  const paired = new Set(resultOf.values());
  if (pieces.every((piece) => piece.kind !== "result" || paired.has(piece))) return pieces;
  /** The calls of the turn before the piece that is looked at. */
  let calls: PlacedPiece[] = [];
  let isOver = false;
  return pieces.flatMap((piece) => {
    if (piece.side === "user") isOver = true;
    if (piece.kind === "call") {
      calls = isOver ? [piece] : [...calls, piece];
      isOver = false;
    }
    if (piece.kind !== "result" || paired.has(piece)) return [piece];
    const at = calls.findIndex(
      (call) => call.name === piece.name && (call.id === "" || piece.id === "") && !resultOf.has(call),
    );
    const [call] = at === -1 ? [] : calls.splice(at, 1);
    if (call === undefined) return [];
    return [{ ...piece, key: call.key, id: call.id, value: withId(piece, call.id ?? "") }];
  });
}
