/** Where the pieces of a history are to stand: the results of each turn where the provider looks for them. */
import type { Laid } from "./history-pieces.ts";
import type { HistoryShape, PlacedPiece } from "./history-shape.ts";
import { unanswered } from "./unanswered.ts";

/** A history that is being repaired. */
export interface Draft<Message> {
  readonly shape: HistoryShape<Message>;
  /** What stays, in the order in which it came. */
  readonly pieces: readonly PlacedPiece[];
  /** The result of each call that has one. */
  readonly resultOf: ReadonlyMap<PlacedPiece, PlacedPiece>;
  /** The calls and results that get another id, with it. */
  readonly recoded: ReadonlyMap<PlacedPiece, PlacedPiece>;
  readonly neverRan: (call: { readonly id: string; readonly name: string }) => boolean;
}

/** A turn that makes calls. */
interface CallTurn {
  readonly pieces: readonly PlacedPiece[];
  readonly calls: readonly PlacedPiece[];
  /** The index of the piece behind it. */
  readonly end: number;
}

/** Lays the history out. Only turns whose results do not stand right are touched. */
export function layOut<Message>(draft: Draft<Message>): Laid<Message>[] {
  const { shape, pieces, resultOf, recoded } = draft;
  const misplaced = callTurns(draft).filter((turn) => !standsRight(draft, turn));
  const turnFrom = new Map(misplaced.map((turn) => [turn.pieces[0], turn]));
  const moved = new Set(misplaced.flatMap(({ calls }) => calls.map((call) => resultOf.get(call))));
  const laid: Laid<Message>[] = [];
  const opening = shape.opening?.(pieces);
  if (opening !== undefined) laid.push({ message: opening });
  for (let i = 0; i < pieces.length;) {
    const piece = pieces[i] as PlacedPiece;
    const turn = turnFrom.get(piece);
    if (turn !== undefined) laid.push(...layTurn(draft, turn));
    else if (!moved.has(piece)) laid.push(recoded.get(piece) ?? piece);
    i = turn?.end ?? i + 1;
  }
  return laid;
}

function callTurns<Message>({ shape, pieces }: Draft<Message>): CallTurn[] {
  const turns: CallTurn[] = [];
  for (let start = 0, end = 0; start < pieces.length; start = end) {
    const first = pieces[start] as PlacedPiece;
    end = start + 1;
    if (first.side === "user") continue;
    while (pieces[end]?.side === "model" && (shape.turn === "run" || pieces[end]?.from === first.from)) end++;
    const turn = pieces.slice(start, end);
    const calls = turn.filter(({ kind }) => kind === "call");
    if (calls.length > 0) turns.push({ pieces: turn, calls, end });
  }
  return turns;
}

/** Whether the provider finds the results of a turn where they are. Where there are ids, their order harms nothing. */
function standsRight<Message>({ shape, pieces, resultOf }: Draft<Message>, turn: CallTurn): boolean {
  const results = new Set(turn.calls.map((call) => resultOf.get(call)));
  const last = turn.pieces.at(-1)?.at ?? 0;
  if (shape.results === "anywhere") return [...results].every((result) => (result?.at ?? 0) > last);
  const behind = pieces.slice(turn.end, turn.end + turn.calls.length);
  const areNext = behind.length === turn.calls.length && behind.every((piece) => results.has(piece));
  const inPlace = turn.calls.every((call, i) => call.id !== "" || resultOf.get(call) === behind[i]);
  if (!areNext || !inPlace || (shape.arrange?.(turn.pieces) ?? turn.pieces) !== turn.pieces) return false;
  if (shape.results === "next") return true;
  const next = pieces[turn.end + turn.calls.length];
  return isOneMessage(turn.pieces) && isOneMessage(behind) && next?.from !== behind[0]?.from;
}

function isOneMessage(pieces: readonly PlacedPiece[]): boolean {
  return pieces.every(({ from }) => from === pieces[0]?.from);
}

function layTurn<Message>(
  { shape, resultOf, recoded, neverRan }: Draft<Message>,
  turn: CallTurn,
): Laid<Message>[] {
  const current = (piece: PlacedPiece) => recoded.get(piece) ?? piece;
  const said = (shape.arrange?.(turn.pieces) ?? turn.pieces).map(current);
  const results = turn.calls.map((call) => {
    const result = resultOf.get(call);
    if (result !== undefined) return current(result).value;
    const { key, id = key, name = "", cutOff } = call;
    return shape.result(current(call), unanswered(cutOff === true || neverRan({ id, name })));
  });
  const from = turn.pieces[0]?.from ?? 0;
  const together = shape.results === "next-message" && !isOneMessage(said);
  return [
    ...(together ? said.map((piece) => ({ ...piece, from })) : said),
    ...shape.answers(results).map((message) => ({ message })),
  ];
}
