/** A result as a content block of Anthropic's. */
import type { EncodedResult, ResultPart } from "../../core/result.ts";
import type { AnthropicImage, AnthropicText, AnthropicToolResult, AnthropicToolUse } from "./protocol.ts";

/** "image exceeds 5 MB maximum: 5316852 bytes > 5242880 bytes", counted in base64. */
const MAX_IMAGE_LENGTH = 5 * 1024 * 1024;

/** The block that answers a call. */
export function toolResult(call: AnthropicToolUse, { isError, parts }: EncodedResult): AnthropicToolResult {
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
