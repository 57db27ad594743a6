/** Calls of the provider's own tools that have no result yet: behind them a user's message is refused. */
import type { AnthropicBlock, AnthropicMessage } from "./protocol.ts";
import { isServerCall } from "./turn.ts";

/**
 * The history without server calls that are pending. "`web_search` tool use with id … was found without a corresponding
 * `web_search_tool_result` block": only results may follow one, so the model is better left to ask for it again.
 */
export function withoutPending(messages: readonly AnthropicMessage[]): AnthropicMessage[] {
  const answered = new Set(messages.flatMap(blocksOf).map(answeredId));
  const isPending = (block: AnthropicBlock) => isServerCall(block) && !answered.has(block.id);
  return messages.flatMap((message) => {
    const blocks = blocksOf(message);
    if (message.role !== "assistant" || !blocks.some(isPending)) return [message];
    const content = blocks.filter((block) => !isPending(block));
    return content.some(isSaid) ? [{ ...message, content: content as never }] : [];
  });
}

function blocksOf({ content }: AnthropicMessage): readonly AnthropicBlock[] {
  return typeof content === "string" ? [] : content;
}

/** The server call that a block answers. */
function answeredId(block: AnthropicBlock): unknown {
  return block.type.endsWith("_tool_result") ? (block as { tool_use_id?: unknown }).tool_use_id : undefined;
}

/** A message of nothing but thinking says nothing. */
function isSaid({ type }: AnthropicBlock): boolean {
  return type !== "thinking" && type !== "redacted_thinking";
}
