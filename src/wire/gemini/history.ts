/**
 * How a history of Gemini's falls into pieces: the parts of its contents.
 *
 * The calls of a turn stand in one content, and their results in the one behind it, which holds nothing else: contents that
 * were split are joined, and what a user says beside results goes behind them.
 */
import type { HistoryShape, Piece, PlacedPiece } from "../history-shape.ts";
import type { GeminiCallPart, GeminiContent, GeminiResultPart } from "./protocol.ts";
import { withFoundIds } from "./found-ids.ts";
import { resultPart, type ResultOptions } from "./results.ts";
import { isCall } from "./turn.ts";

/**
 * What Google tells clients to send as the signature of a call that its models have not made, or that has lost its own.
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export const DUMMY_SIGNATURE = "skip_thought_signature_validator";

/** What of a history depends on the model. */
export interface HistoryOptions extends ResultOptions {
  /** Whether the first call of each step has to be signed, as it has since Gemini 3. */
  readonly signed: boolean;
}

/**
 * What is known of a model by its name. Up to Gemini 2.5 "`function_response.parts` is not supported for this model", and
 * signatures are optional; one that is not known counts as newer.
 */
export function historyOptions(model: string): HistoryOptions {
  const isNew = !/(^|\/)gemini-[12]\b/.test(model);
  return { images: isNew, signed: isNew };
}

/** The shape of the histories of a model. */
export function geminiHistory(options: HistoryOptions): HistoryShape<GeminiContent> {
  return {
    turn: "run",
    results: "next-message",
    // "Please ensure that function call turn comes immediately after a user turn or after a function response turn."
    opening: (pieces) => {
      const end = pieces.findIndex(({ side }) => side === "user");
      const first = end === -1 ? pieces : pieces.slice(0, end);
      if (!first.some(({ kind }) => kind === "call")) return undefined;
      return { role: "user", parts: [{ text: "(The beginning of this conversation is missing.)" }] };
    },
    // A content without parts is refused ("contents.parts must not be empty"), and clients store some: it goes.
    pieces: ({ role, parts }: Partial<GeminiContent>) => (parts ?? []).map((part) => toPiece(role, part)),
    withPieces: (content, values) => ({ ...content, parts: values as GeminiContent["parts"] }),
    answers: (results) => [{ role: "user", parts: results as GeminiResultPart[] }],
    result: ({ value }, encoded) => resultPart(value as GeminiCallPart, encoded, options),
    // Ids are the provider's: none is made up.
    withId,
    prune: (pieces, next) => {
      const answering = withFoundIds(pieces, withId);
      return options.signed && next === "model" ? withSignatures(answering) : answering;
    },
  };
}

function toPiece(role: GeminiContent["role"] | undefined, part: GeminiContent["parts"][number]): Piece {
  const side = role === "model" ? "model" : "user";
  if (side === "model" && isCall(part)) {
    const { id, name } = part.functionCall;
    return { kind: "call", side, key: keyOf(id, name), name, id: id ?? "", value: part };
  }
  if (side === "user" && "functionResponse" in part) {
    const { id, name } = part.functionResponse;
    return { kind: "result", side, key: keyOf(id, name), name, id: id ?? "", value: part };
  }
  return { kind: "other", side, key: "", value: part };
}

/** Calls without an id are told apart by their names, and by their places among those of one name. */
function keyOf(id: string | undefined, name: string): string {
  return `${id ?? ""}\n${name}`;
}

function withId({ kind, value }: Piece, id: string): unknown {
  const field = kind === "call" ? "functionCall" : "functionResponse";
  const part = value as Record<typeof field, object>;
  const { id: _, ...rest } = part[field] as { readonly id?: string };
  return { ...part, [field]: id === "" ? rest : { id, ...rest } };
}

/**
 * The pieces with a signature on the first call of each step since the user's last word, which is where the API looks for
 * one; the same list if all have theirs. The other calls of a step need none, and get none.
 *
 * This is repair's, and not only a change of provider's: whoever cuts a history may cut off the call that was signed.
 */
function withSignatures(pieces: readonly PlacedPiece[]): readonly PlacedPiece[] {
  // A result that answers nothing is gone already, so what stands between two calls stays there.
  const lastWord = pieces.findLastIndex(({ side, kind }) => side === "user" && kind === "other");
  let isSigned = false;
  let isChanged = false;
  const signed = pieces.map((piece, i) => {
    if (piece.side === "user") isSigned = false;
    if (piece.kind !== "call" || isSigned || i < lastWord) return piece;
    isSigned = true;
    const part = piece.value as GeminiCallPart;
    if ((part.thoughtSignature ?? "") !== "") return piece;
    isChanged = true;
    return { ...piece, value: { ...part, thoughtSignature: DUMMY_SIGNATURE } };
  });
  return isChanged ? signed : pieces;
}
