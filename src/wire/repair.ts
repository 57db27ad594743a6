/**
 * Puts a history right that its provider would refuse: a call without its result, a result without its call, results that
 * stand elsewhere than the protocol wants them, ids that are used twice. One such message, once stored, has every later
 * request refused.
 *
 * 1. Pure and idempotent. A history that is in order comes back as the identical object, and so does each message that
 *    needs no change.
 * 2. No call is removed and none made up: one that has no result gets an honest one (G7), and what answers nothing goes.
 */
import { joinPieces, splitHistory } from "./history-pieces.ts";
import { layOut } from "./history-layout.ts";
import type { HistoryShape, PlacedPiece } from "./history-shape.ts";
import { pairResults } from "./pair-results.ts";
import { WireIds } from "./wire-id.ts";

/** What a history is repaired with. */
export interface RepairOptions {
  /**
   * Whose word follows. A call of the provider's own tools that is pending may be followed by the model's, not by a user's.
   *
   * @default "model"
   */
  readonly next?: "model" | "user" | undefined;
  /**
   * Whether a call that has no result is known not to have run; the model then reads so, and else that the call may
   * have taken effect. One that was cut off has not run, whatever this says.
   *
   * @default nothing is known of any call
   */
  readonly neverRan?: ((call: { readonly id: string; readonly name: string }) => boolean) | undefined;
}

/** Repairs a history of the protocol. */
export function repairHistory<Message>(
  shape: HistoryShape<Message>,
  messages: readonly Message[],
  options: RepairOptions = {},
): readonly Message[] {
  // Again: what is moved or removed brings pieces together that were apart.
  for (let before = messages; ;) {
    const after = repairOnce(shape, before, options);
    if (after === before) return after;
    before = after;
  }
}

function repairOnce<Message>(
  shape: HistoryShape<Message>,
  messages: readonly Message[],
  { next = "model", neverRan = () => false }: RepairOptions,
): readonly Message[] {
  const all = splitHistory(shape, messages);
  const kept = shape.prune?.(all, next) ?? all;
  const resultOf = pairResults(kept);
  const paired = new Set(resultOf.values());
  const pieces = kept.filter((piece) => piece.kind !== "result" || paired.has(piece));
  const recoded = recode(shape, pieces, resultOf);
  const laid = layOut({ shape, pieces, resultOf, recoded, neverRan });
  return joinPieces(shape, messages, { all, laid });
}

/** The calls and results that need another id, with it. */
function recode<Message>(
  shape: HistoryShape<Message>,
  pieces: readonly PlacedPiece[],
  resultOf: ReadonlyMap<PlacedPiece, PlacedPiece>,
): Map<PlacedPiece, PlacedPiece> {
  const recoded = new Map<PlacedPiece, PlacedPiece>();
  if (shape.ids === undefined) return recoded;
  const ids = new WireIds(shape.ids);
  for (const call of pieces) {
    if (call.kind !== "call") continue;
    const id = ids.take(call.key);
    if (id === call.key) continue;
    for (const piece of [call, resultOf.get(call)]) {
      if (piece !== undefined) recoded.set(piece, { ...piece, key: id, value: shape.withId(piece, id) });
    }
  }
  return recoded;
}
