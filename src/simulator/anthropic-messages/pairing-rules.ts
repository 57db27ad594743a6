/**
 * Every call has its one result, at the beginning of the very next message, and every result its call (A1, A3, A12).
 * This is where most conversations break.
 */
import { first } from "../first.ts";
import { answeredIds, callIds, leadingResults, mergeMessages, type Exchange } from "./conversation.ts";
import type { ContentBlock, Rule } from "./request.ts";

/** Calls and results for the client. */
export const checkPairing: Rule = (request) => {
  const seen = new Set<string>();
  const exchanges = mergeMessages(request);
  return first(exchanges, (exchange, index) => {
    const place = { index, before: exchanges[index - 1], after: exchanges[index + 1] };
    return exchange.role === "assistant"
      ? (checkOwnBlocks(exchange, index, seen) ?? checkAnswered(exchange, place))
      : checkResults(exchange, place);
  });
};

interface Place {
  readonly index: number;
  readonly before: Exchange | undefined;
  readonly after: Exchange | undefined;
}

function checkOwnBlocks({ blocks }: Exchange, index: number, seen: Set<string>): string | undefined {
  return first(blocks, ({ type, id }, i) => {
    if (type === "tool_result")
      return `messages.${index}: \`tool_result\` blocks can only be in \`user\` messages`;
    if (type !== "tool_use") return undefined;
    if (seen.has(String(id))) return `messages.${index}.content.${i}: \`tool_use\` ids must be unique`;
    seen.add(String(id));
    return undefined;
  });
}

/** Calls with text after them in their own message count as unanswered: the results do not follow immediately. */
function checkAnswered({ blocks }: Exchange, { index, after }: Place): string | undefined {
  const lastText = blocks.findLastIndex((block) => block.type === "text");
  const answered = new Set(after?.role === "user" ? answeredIds(leadingResults(after.blocks)) : []);
  const unanswered = [
    ...callIds(blocks.slice(0, lastText + 1)),
    ...callIds(blocks.slice(lastText + 1)).filter((id) => !answered.has(id)),
  ];
  if (unanswered.length === 0) return undefined;
  return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${unanswered.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}

function checkResults({ blocks }: Exchange, { index, before }: Place): string | undefined {
  const calls = new Set(before?.role === "assistant" ? callIds(before.blocks) : []);
  const answered = new Set<string>();
  return first(blocks, ({ type, tool_use_id }, i) => {
    if (type === "tool_use")
      return `messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`;
    if (type !== "tool_result") return undefined;
    const id = String(tool_use_id);
    if (!calls.has(id)) {
      return `messages.${index}.content.${i}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    if (answered.has(id)) {
      return `messages.${index}.content.${i}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`;
    }
    answered.add(id);
    return undefined;
  });
}

/**
 * Calls that the provider runs itself. One that has no result yet may stand in the last message, or before a message of
 * nothing but results (A4).
 */
export const checkServerCalls: Rule = (request) => {
  const exchanges = mergeMessages(request);
  const called = new Set<string>();
  return first(exchanges, ({ blocks }, index) => {
    const orphan = checkServerResults(blocks, index, called);
    const after = exchanges[index + 1];
    if (orphan !== undefined || after === undefined || isOnlyResults(after)) return orphan;
    return checkPending(blocks, index);
  });
};

function checkServerResults(
  blocks: readonly ContentBlock[],
  index: number,
  called: Set<string>,
): string | undefined {
  return first(blocks, (block, i) => {
    if (block.type === "server_tool_use") called.add(String(block["id"]));
    if (!isServerResult(block) || called.has(String(block["tool_use_id"]))) return undefined;
    return `messages.${index}.content.${i}: unexpected \`tool_use_id\` found in \`${block.type}\` blocks: ${String(block["tool_use_id"])}. Each \`${block.type}\` block must have a corresponding \`server_tool_use\` block before it.`;
  });
}

function checkPending(blocks: readonly ContentBlock[], index: number): string | undefined {
  const answered = new Set(blocks.filter(isServerResult).map((block) => block["tool_use_id"]));
  const pending = blocks.find((block) => block.type === "server_tool_use" && !answered.has(block["id"]));
  if (pending === undefined) return undefined;
  const name = String(pending["name"]);
  return `messages.${index}: \`${name}\` tool use with id \`${String(pending["id"])}\` was found without a corresponding \`${name}_tool_result\` block`;
}

function isServerResult({ type }: ContentBlock): boolean {
  return type.endsWith("_tool_result");
}

function isOnlyResults({ role, blocks }: Exchange): boolean {
  return role === "user" && blocks.every((block) => block.type === "tool_result");
}
