/**
 * Results that have lost their ids, or whose calls have: stores and gateways drop them on one side. Since Gemini 3.5 a result
 * without the id of its call is refused. https://github.com/ShinChven/remix-studio/pull/35
 */
import type { PlacedPiece } from "../history-shape.ts";
import { pairResults } from "../pair-results.ts";

/** The calls of a turn, and the results that came before the next. */
interface Exchange {
  readonly calls: PlacedPiece[];
  readonly results: PlacedPiece[];
}

/**
 * The pieces without results that answer nothing; the same list if there are none. One that could answer a call but for an id
 * that either lacks gets the call's: of the calls of the turn before it, the first of its name that nothing else answers.
 */
export function withFoundIds(
  pieces: readonly PlacedPiece[],
  withId: (piece: PlacedPiece, id: string) => unknown,
): readonly PlacedPiece[] {
  const found = findIds(pieces, withId);
  const answering = found.size === 0 ? pieces : pieces.map((piece) => found.get(piece) ?? piece);
  const paired = new Set(pairResults(answering).values());
  const answers = (piece: PlacedPiece) => piece.kind !== "result" || paired.has(piece);
  return answering.every(answers) ? answering : answering.filter(answers);
}

function findIds(
  pieces: readonly PlacedPiece[],
  withId: (piece: PlacedPiece, id: string) => unknown,
): Map<PlacedPiece, PlacedPiece> {
  const found = new Map<PlacedPiece, PlacedPiece>();
  const known = new Set(pieces.filter(({ kind }) => kind === "call").map(({ key }) => key));
  for (const { calls, results } of exchanges(pieces)) {
    const resultOf = pairResults([...calls, ...results]);
    const paired = new Set(resultOf.values());
    const open = calls.filter((call) => !resultOf.has(call));
    for (const result of results) {
      // One whose own call stands elsewhere is not for another.
      if (paired.has(result) || (result.id !== "" && known.has(result.key))) continue;
      const at = open.findIndex(({ name, id }) => name === result.name && (id === "" || result.id === ""));
      const [call] = at === -1 ? [] : open.splice(at, 1);
      if (call === undefined) continue;
      const { key, id = "" } = call;
      found.set(result, { ...result, key, id, value: withId(result, id) });
    }
  }
  return found;
}

function exchanges(pieces: readonly PlacedPiece[]): Exchange[] {
  const all: Exchange[] = [];
  let isOver = true;
  for (const piece of pieces) {
    if (piece.side === "user") isOver = true;
    if (piece.kind === "result") all.at(-1)?.results.push(piece);
    if (piece.kind !== "call") continue;
    if (isOver) all.push({ calls: [], results: [] });
    isOver = false;
    all.at(-1)?.calls.push(piece);
  }
  return all;
}
