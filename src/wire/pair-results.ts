/** Which result of a history belongs to which call. */
import type { PlacedPiece } from "./history-shape.ts";

interface OpenCall {
  readonly call: PlacedPiece;
  /** How many pieces of the user's stand before it: the same for all calls of a turn. */
  readonly turn: number;
}

/**
 * The result of each call that has one. A result belongs to a call of its key before it: of the last turn that has one
 * unanswered, to the first. One that has strayed before its call belongs to the first behind it.
 */
export function pairResults(pieces: readonly PlacedPiece[]): Map<PlacedPiece, PlacedPiece> {
  const resultOf = new Map<PlacedPiece, PlacedPiece>();
  const open = new Map<string, OpenCall[]>();
  const strays: PlacedPiece[] = [];
  let turn = 0;
  for (const piece of pieces) {
    if (piece.side === "user") turn++;
    if (piece.kind === "call") {
      const calls = open.get(piece.key);
      if (calls === undefined) open.set(piece.key, [{ call: piece, turn }]);
      else calls.push({ call: piece, turn });
    } else if (piece.kind === "result") {
      const call = takeLatest(open.get(piece.key));
      if (call === undefined) strays.push(piece);
      else resultOf.set(call, piece);
    }
  }
  for (const stray of strays) {
    const call = takeAfter(open.get(stray.key), stray.at);
    if (call !== undefined) resultOf.set(call, stray);
  }
  return resultOf;
}

function takeLatest(calls: OpenCall[] = []): PlacedPiece | undefined {
  const latest = calls.at(-1)?.turn;
  return take(
    calls,
    calls.findIndex(({ turn }) => turn === latest),
  );
}

function takeAfter(calls: OpenCall[] = [], at: number): PlacedPiece | undefined {
  return take(
    calls,
    calls.findIndex(({ call }) => call.at > at),
  );
}

function take(calls: OpenCall[], index: number): PlacedPiece | undefined {
  return index === -1 ? undefined : calls.splice(index, 1)[0]?.call;
}
