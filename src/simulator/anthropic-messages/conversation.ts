/** The conversation as Anthropic counts it, which is not always as it was sent. */
import { blocksOf, type ContentBlock, type MessagesRequest } from "./request.ts";

/** What one side said before the other did. */
export interface Exchange {
  readonly role: "user" | "assistant" | "system";
  readonly blocks: readonly ContentBlock[];
  /** The messages of the request that it was merged from. */
  readonly sources: readonly (readonly ContentBlock[])[];
}

/**
 * The conversation with neighbours of one role merged: an orphan result in the second of two user messages was recorded
 * as refused at `messages.0.content.1`. One that begins with the assistant is counted as though the user had spoken before:
 * its unanswered call was recorded as refused at `messages.1`.
 */
export function mergeMessages({ messages }: MessagesRequest): readonly Exchange[] {
  const merged: Exchange[] = [];
  if (messages[0]?.role === "assistant") merged.push({ role: "user", blocks: [], sources: [] });
  for (const message of messages) {
    const blocks = blocksOf(message);
    const last = merged.at(-1);
    if (last?.role !== message.role) {
      merged.push({ role: message.role, blocks, sources: [blocks] });
    } else {
      merged[merged.length - 1] = {
        role: last.role,
        blocks: [...last.blocks, ...blocks],
        sources: [...last.sources, blocks],
      };
    }
  }
  return merged;
}

/** The ids of the calls for the client among blocks, in order. */
export function callIds(blocks: readonly ContentBlock[]): string[] {
  return blocks.filter((block) => block.type === "tool_use").map((block) => String(block["id"]));
}

/** The calls that blocks answer, in order. */
export function answeredIds(blocks: readonly ContentBlock[]): string[] {
  return blocks.filter((block) => block.type === "tool_result").map((block) => String(block["tool_use_id"]));
}

/** The results at the beginning of a message: the only ones that answer the calls before it (A3). */
export function leadingResults(blocks: readonly ContentBlock[]): readonly ContentBlock[] {
  const end = blocks.findIndex((block) => block.type !== "tool_result");
  return end === -1 ? blocks : blocks.slice(0, end);
}
