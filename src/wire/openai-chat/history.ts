/**
 * How a history of Chat Completions falls into pieces: each message is one, but for the model's, of which each call is one
 * more. The results of a message's calls are the `tool` messages right behind it.
 */
import { wereInvalid } from "../arguments-text.ts";
import type { HistoryShape, Piece } from "../history-shape.ts";
import type { ChatMessage, ChatToolCall, ChatToolMessage } from "./protocol.ts";
import { toolMessage } from "./results.ts";

/** The shape of the histories of a server that takes these ids. */
export function chatHistory(ids: RegExp): HistoryShape<ChatMessage> {
  return {
    turn: "message",
    results: "next",
    ids,
    pieces,
    withPieces: (message, values) =>
      message.role === "assistant"
        ? { ...message, tool_calls: values.filter((value) => value !== message) as ChatToolCall[] }
        : (values[0] as ChatMessage),
    answers: (results) => results as ChatToolMessage[],
    result: ({ key }, encoded) => toolMessage(key, encoded),
    withId: ({ kind, value }, id) =>
      kind === "call"
        ? { ...(value as ChatToolCall), id }
        : { ...(value as ChatToolMessage), tool_call_id: id },
  };
}

function pieces(message: ChatMessage): Piece[] {
  if (message.role === "tool") {
    return [{ kind: "result", side: "user", key: message.tool_call_id, value: message }];
  }
  if (message.role !== "assistant") return [{ kind: "other", side: "user", key: "", value: message }];
  return [
    { kind: "other", side: "model", key: "", value: message },
    ...(message.tool_calls ?? []).map(callPiece),
  ];
}

function callPiece(call: ChatToolCall): Piece {
  const { id: key } = call;
  return call.type === "custom"
    ? { kind: "call", side: "model", key, name: call.custom.name, value: call }
    : {
        kind: "call",
        side: "model",
        key,
        name: call.function.name,
        cutOff: wereInvalid(call.function.arguments),
        value: call,
      };
}
