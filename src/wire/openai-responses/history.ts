/**
 * How a history of the Responses API falls into pieces: its items. A call's output may stand anywhere behind it: "No tool
 * output found for function call …" is only said when there is none.
 */
import { wereInvalid } from "../arguments-text.ts";
import type { HistoryShape, Piece, PlacedPiece } from "../history-shape.ts";
import type {
  ResponsesCallOutput,
  ResponsesCustomCall,
  ResponsesFunctionCall,
  ResponsesItem,
  ResponsesMessage,
} from "./protocol.ts";
import { isReasoning } from "./reasoning.ts";
import { withoutId } from "./replay.ts";
import { outputItem } from "./results.ts";
import { CALL_ID, isCall } from "./turn.ts";

/** The shape of the Responses API's histories. */
export const responsesHistory: HistoryShape<ResponsesMessage> = {
  turn: "run",
  results: "anywhere",
  ids: CALL_ID,
  pieces: (item) => [toPiece(item)],
  withPieces: (_, [value]) => value as ResponsesMessage,
  answers: (results) => results as ResponsesCallOutput[],
  result: ({ value }, encoded) => outputItem(value as ResponsesFunctionCall | ResponsesCustomCall, encoded),
  withId: ({ value }, id) => ({ ...(value as ResponsesMessage), call_id: id }),
  prune,
};

function toPiece(item: ResponsesMessage): Piece {
  if (item.type === "function_call_output" || item.type === "custom_tool_call_output") {
    return { kind: "result", side: "user", key: item.call_id, value: item };
  }
  if (item.type === undefined || item.type === "message") {
    return { kind: "other", side: item.role === "assistant" ? "model" : "user", key: "", value: item };
  }
  // There are more types than are known here; what the client adds is told by its name. `program_output` and
  // `tool_search_output` are the server's.
  if (!isCall(item)) {
    const { type } = item as ResponsesItem;
    const side = type.endsWith("_call_output") || type.endsWith("_response") ? "user" : "model";
    return { kind: "other", side, key: "", value: item };
  }
  const cutOff = item.type === "function_call" && wereInvalid(item.arguments);
  return { kind: "call", side: "model", key: item.call_id, name: item.name, cutOff, value: item };
}

/** Each item is there once, and reasoning goes with what it led to. */
function prune(pieces: readonly PlacedPiece[]): readonly PlacedPiece[] {
  return withoutLoose(withoutTwins(pieces));
}

/**
 * "Duplicate item found with id …. Remove duplicate items from your input and try again": what need not be known by its id
 * loses it, so that nothing that was said is lost; the rest goes.
 */
function withoutTwins(pieces: readonly PlacedPiece[]): readonly PlacedPiece[] {
  const known = new Set<string>();
  let hasTwins = false;
  const kept = pieces.flatMap((piece) => {
    const item = piece.value as ResponsesItem;
    const { id } = item;
    if (!id || !known.has(id)) {
      if (id) known.add(id);
      return [piece];
    }
    hasTwins = true;
    const nameless = withoutId(item);
    return nameless === item ? [] : [{ ...piece, value: nameless }];
  });
  return hasTwins ? kept : pieces;
}

function withoutLoose(pieces: readonly PlacedPiece[]): readonly PlacedPiece[] {
  const isLoose = (piece: PlacedPiece, i: number) => {
    const item = piece.value as ResponsesItem;
    if (!isReasoning(item)) return false;
    const next = pieces.slice(i + 1).find(({ value }) => !isReasoning(value as ResponsesItem));
    return next?.side !== "model" || (Boolean(item.id) && isRewritten(next.value as ResponsesItem));
  };
  const kept = pieces.filter((piece, i) => !isLoose(piece, i));
  return kept.length === pieces.length ? pieces : kept;
}

/**
 * A message that a client has written anew is not the one that reasoning led to: recorded as refused. Reasoning without an id
 * has lost it as its message has, GitHub Copilot's being too long; it is taken: https://github.com/openclaw/openclaw/issues/72602
 */
function isRewritten({ type, id }: ResponsesItem): boolean {
  return ((type as string | undefined) ?? "message") === "message" && !id;
}
