/**
 * How a history of Anthropic's Messages API falls into pieces: its content blocks.
 *
 * The API merges neighbours of one role, so a turn is all that the assistant says until the user's next word, and its
 * results are the `tool_result` blocks at the beginning of that.
 */
import type { HistoryShape, Piece, PlacedPiece } from "../history-shape.ts";
import { TOOL_USE_ID } from "./calls.ts";
import { withoutPending } from "./pending.ts";
import type { AnthropicBlock, AnthropicMessage, AnthropicToolResult, AnthropicToolUse } from "./protocol.ts";
import { toolResult } from "./tool-result.ts";
import { isCutOff, isToolUse } from "./turn.ts";

/** The shape of Anthropic's histories. */
export const anthropicHistory: HistoryShape<AnthropicMessage> = {
  turn: "run",
  results: "next",
  ids: TOOL_USE_ID,
  // 'messages: first message must use the "user" role'
  opening: ([first]) =>
    first?.side === "model"
      ? { role: "user", content: "(The beginning of this conversation is missing.)" }
      : undefined,
  pieces: ({ role, content }) => blocksOf(content).map((block) => toPiece(role, block)),
  withPieces: (message, values) => ({ ...message, content: values as AnthropicToolUse[] }),
  answers: (results) => [{ role: "user", content: results as AnthropicToolResult[] }],
  result: ({ value }, encoded) => toolResult(value as AnthropicToolUse, encoded),
  withId: ({ kind, value }, id) =>
    kind === "call" ? { ...(value as object), id } : { ...(value as object), tool_use_id: id },
  prune: withoutPending,
  arrange,
};

/** A message of nothing is one of no text. */
function blocksOf(content: AnthropicMessage["content"] | undefined): readonly AnthropicBlock[] {
  if (Array.isArray(content) && content.length > 0) return content;
  return [{ type: "text", text: typeof content === "string" ? content : "" } as AnthropicBlock];
}

function toPiece(role: AnthropicMessage["role"], block: AnthropicBlock): Piece {
  const side = role === "assistant" ? "model" : "user";
  if (isToolUse(block) && side === "model") {
    return { kind: "call", side, key: block.id, name: block.name, cutOff: isCutOff(block), value: block };
  }
  if (block.type === "tool_result" && side === "user") {
    return { kind: "result", side, key: (block as AnthropicToolResult).tool_use_id, value: block };
  }
  return { kind: "other", side, key: "", value: block };
}

/** A call with text behind it counts as unanswered, whatever follows: recorded so. Its calls go behind the text. */
function arrange(turn: readonly PlacedPiece[]): readonly PlacedPiece[] {
  const end = turn.findLastIndex(({ value }) => (value as AnthropicBlock).type === "text") + 1;
  const early = turn.slice(0, end).filter(({ kind }) => kind === "call");
  if (early.length === 0) return turn;
  return [...turn.slice(0, end).filter(({ kind }) => kind !== "call"), ...early, ...turn.slice(end)];
}
