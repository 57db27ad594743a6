/**
 * Anthropic's Messages API: `POST /v1/messages`.
 *
 * The results of a turn go into one user message, one `tool_result` per call, in call order and nothing after them: the
 * API refuses a call whose result is missing, is not in the next message, or stands behind a text.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls
 */
import type { EncodedResult } from "../../core/result.ts";
import type { Tool } from "../../core/tool.ts";
import { mustAnswerAll } from "../must-answer-all.ts";
import { repairHistory, type RepairOptions } from "../repair.ts";
import type { ReadOptions, Turn, Wire } from "../wire.ts";
import { AnthropicAssembler } from "./assembler.ts";
import { AnswerCalls } from "./calls.ts";
import { anthropicHistory } from "./history.ts";
import type {
  AnthropicEvent,
  AnthropicMessage,
  AnthropicResponse,
  AnthropicTool,
  AnthropicToolUse,
} from "./protocol.ts";
import { fromPlain, toPlain } from "./plain.ts";
import { toolResult } from "./tool-result.ts";
import { isToolUse, isWhole, toTurn, type Piece } from "./turn.ts";

/** The wire of Anthropic's Messages API, and of servers that speak it. */
export const anthropicMessages: Wire<AnthropicMessage, AnthropicResponse, AnthropicEvent, AnthropicTool> =
  Object.freeze({
    name: "anthropic-messages",
    tools: (tools: readonly Tool[]) => tools.map(definition),
    // The API joins consecutive user messages, so a user's text after results needs no merging.
    user: (text: string): AnthropicMessage => ({ role: "user", content: text }),
    read,
    assemble: (options: ReadOptions<AnthropicMessage> = {}) => new AnthropicAssembler(options.history),
    results,
    repair: (messages: readonly AnthropicMessage[], options?: RepairOptions) =>
      repairHistory(anthropicHistory, messages, options),
    toPlain,
    fromPlain,
  });

function definition({ name, description, inputSchema }: Tool): AnthropicTool {
  return { name, description, input_schema: { ...inputSchema, type: "object" } };
}

function read(
  { content, stop_reason: stop, usage, model }: AnthropicResponse,
  { history }: ReadOptions<AnthropicMessage> = {},
): Turn<AnthropicMessage> {
  const calls = new AnswerCalls(content.some(isToolUse) ? history : []);
  const pieces = content.map((block): Piece => {
    if (!isToolUse(block)) return { block, inputText: "" };
    const piece = { ...calls.begin(block), inputText: "" };
    return { ...piece, isEcho: calls.isEcho(piece) };
  });
  return toTurn({ pieces, stop, usage, model }, isWhole(stop) ? pieces.length : pieces.length - 1);
}

function results(turn: Turn<AnthropicMessage>, encoded: readonly EncodedResult[]): AnthropicMessage[] {
  const calls = turn.messages.flatMap(({ content }) =>
    typeof content === "string" ? [] : content.filter(isToolUse),
  );
  mustAnswerAll(calls, encoded);
  if (calls.length === 0) return [];
  return [
    { role: "user", content: encoded.map((result, i) => toolResult(calls[i] as AnthropicToolUse, result)) },
  ];
}
