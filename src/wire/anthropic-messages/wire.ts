/**
 * Anthropic's Messages API: `POST /v1/messages`.
 *
 * The results of a turn go into one user message, one `tool_result` per call, in call order and nothing after them: the
 * API refuses a call whose result is missing, is not in the next message, or stands behind a text.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls
 */
import { TuttiError } from "../../core/errors.ts";
import type { EncodedResult, ResultPart } from "../../core/result.ts";
import type { Tool } from "../../core/tool.ts";
import type {
  AnthropicEvent,
  AnthropicImage,
  AnthropicMessage,
  AnthropicResponse,
  AnthropicText,
  AnthropicTool,
  AnthropicToolResult,
  AnthropicToolUse,
} from "./protocol.ts";
import { withoutPending } from "./pending.ts";
import { AnthropicAssembler } from "./assembler.ts";
import { isToolUse, isWhole, toTurn } from "./turn.ts";
import type { Turn, Wire } from "../wire.ts";

/** "image exceeds 5 MB maximum: 5316852 bytes > 5242880 bytes", counted in base64. */
const MAX_IMAGE_LENGTH = 5 * 1024 * 1024;

/** The wire of Anthropic's Messages API, and of servers that speak it. */
export const anthropicMessages: Wire<AnthropicMessage, AnthropicResponse, AnthropicEvent, AnthropicTool> =
  Object.freeze({
    name: "anthropic-messages",
    tools: (tools: readonly Tool[]) => tools.map(definition),
    // The API joins consecutive user messages, so a user's text after results needs no merging.
    user: (text: string): AnthropicMessage => ({ role: "user", content: text }),
    read,
    assemble: () => new AnthropicAssembler(),
    results,
    readyForUser: withoutPending,
  });

function definition({ name, description, inputSchema }: Tool): AnthropicTool {
  return { name, description, input_schema: { ...inputSchema, type: "object" } };
}

function read({ content, stop_reason: stop, usage }: AnthropicResponse): Turn<AnthropicMessage> {
  const pieces = content.map((block) => ({ block, inputText: "" }));
  return toTurn({ pieces, stop, usage }, isWhole(stop) ? pieces.length : pieces.length - 1);
}

function results(turn: Turn<AnthropicMessage>, encoded: readonly EncodedResult[]): AnthropicMessage[] {
  const calls = turn.messages.flatMap(({ content }) =>
    typeof content === "string" ? [] : content.filter(isToolUse),
  );
  if (calls.length !== encoded.length) {
    throw new TuttiError(
      "invalid-message",
      `the turn made ${calls.length} calls, but there are ${encoded.length} results`,
    );
  }
  if (calls.length === 0) return [];
  return [
    { role: "user", content: encoded.map((result, i) => toolResult(calls[i] as AnthropicToolUse, result)) },
  ];
}

function toolResult(call: AnthropicToolUse, { isError, parts }: EncodedResult): AnthropicToolResult {
  const blocks = parts.map((part) => toBlock(part, isError));
  const [first] = blocks;
  return {
    type: "tool_result",
    tool_use_id: call.id,
    content: blocks.length === 1 && first?.type === "text" ? first.text : blocks,
    ...(isError && { is_error: true }),
    ...(typeof call.toolset_name === "string" && { toolset_name: call.toolset_name }),
  };
}

function toBlock(part: ResultPart, isError: boolean): AnthropicText | AnthropicImage {
  if (part.type === "text") return text(part.text.trim() === "" ? "(blank)" : part.text);
  // "all content must be type `text` if `is_error` is true"
  if (isError) return text("(an image, left out of an error)");
  if (part.data.length > MAX_IMAGE_LENGTH) {
    return text(`(an image, left out: ${part.data.length} bytes in base64, of at most ${MAX_IMAGE_LENGTH})`);
  }
  return { type: "image", source: { type: "base64", media_type: part.mediaType, data: part.data } };
}

function text(content: string): AnthropicText {
  return { type: "text", text: content };
}
