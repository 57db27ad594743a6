/** How a protocol's history falls into pieces: what repair and conversion need to know of it, and all that they do. */
import type { EncodedResult } from "../core/result.ts";

/** The smallest part of a history that is moved, answered or removed. */
export interface Piece {
  readonly kind: "call" | "result" | "other";
  /** Who said it; what a system says counts as the user's. */
  readonly side: "model" | "user";
  /** What a call and its result have in common: an id, or more. */
  readonly key: string;
  /** The name of a call, and of a result where the protocol has it there too. */
  readonly name?: string | undefined;
  /**
   * The id, where the key is more than it. Empty where there is none: then the result is told by its place, and results stand
   * in call order.
   */
  readonly id?: string | undefined;
  /** Whether a call's arguments were cut off, so that it cannot have run (G9). */
  readonly cutOff?: boolean | undefined;
  /** The piece as the protocol has it. */
  readonly value: unknown;
}

/** A piece and where it stands. */
export interface PlacedPiece extends Piece {
  /** The index of its message. */
  readonly from: number;
  /** Its place among all pieces. */
  readonly at: number;
}

/** How a protocol's history is taken apart and put together. */
export interface HistoryShape<Message> {
  /** What makes one turn of the model: each message, or all messages until the user's next. */
  readonly turn: "message" | "run";
  /**
   * Where the provider looks for the results of a turn: right behind it; right behind it in a single message that holds
   * nothing else, the turn being a single one too; or anywhere behind it.
   */
  readonly results: "next" | "next-message" | "anywhere";
  /** The ids that the provider takes. Undefined where ids are not Tutti's to change. */
  readonly ids?: RegExp | undefined;
  /** What is put first where the provider wants the user's word before the model's; undefined if it is there. */
  opening?(pieces: readonly PlacedPiece[]): Message | undefined;
  /** The pieces of a message, in order. A message that has none goes. */
  pieces(message: Message): readonly Piece[];
  /** The message with these pieces in place of its own: at least one. */
  withPieces(message: Message, values: readonly unknown[]): Message;
  /** The messages that answer a turn: `results` has one per call, in call order. */
  answers(results: readonly unknown[]): readonly Message[];
  /** The result of a call. */
  result(call: Piece, encoded: EncodedResult): unknown;
  /** A call, or the result of one, with another id. */
  withId(piece: Piece, id: string): unknown;
  /**
   * The pieces as the provider takes them for reasons of its own: without those that it refuses, or with what it misses in
   * them; the same list if nothing is to be done. `next` is whose word follows the history.
   */
  prune?(pieces: readonly PlacedPiece[], next: "model" | "user"): readonly PlacedPiece[];
  /** A turn with calls in the order that the provider wants; the same list if it is in that order. */
  arrange?(turn: readonly PlacedPiece[]): readonly PlacedPiece[];
}
