/**
 * Thinking goes back as it came (A11). A signature is derived from the text alone, so that the simulator knows its own
 * without remembering any conversation; another maker's cannot be checked and passes with a warning.
 */
import { first } from "../first.ts";
import { createToken } from "../seed.ts";
import { mergeMessages, type Exchange } from "./conversation.ts";
import type { ContentBlock, MessagesRequest, Rule } from "./request.ts";

const MARK = "EtuttiSimulated";

/** The signature of a thinking text. */
export function sign(text: string): string {
  return `${MARK}${createToken(`thinking/${text}`, 32)}${createToken(`signature/${text}`, 32)}==`;
}

/** Whether only its maker can tell if the signature is right. */
export function isForeign(signature: unknown): boolean {
  return typeof signature === "string" && signature !== "" && !signature.startsWith(MARK);
}

/**
 * Whether the next message of the assistant opens a turn, rather than going on after results: then it begins with
 * thinking, if the client has turned that on.
 */
export function opensTurn(request: MessagesRequest): boolean {
  const exchanges = mergeMessages(request);
  return lastQuestion(exchanges) === exchanges.length - 1;
}

/** Thinking is unaltered, and not missing from the turn that the results belong to. */
export const checkThinking: Rule = (request) => {
  const exchanges = mergeMessages(request);
  const altered = first(exchanges, ({ blocks }, index) =>
    first(blocks, (block, i) =>
      block.type === "thinking" && !isIntact(block)
        ? `messages.${index}.content.${i}: Invalid \`signature\` in \`thinking\` block`
        : undefined,
    ),
  );
  // With "adaptive" a model may think or not, so nothing can be missing.
  if (altered !== undefined || request.thinking?.type !== "enabled") return altered;
  const index = lastQuestion(exchanges) + 1;
  const type = exchanges[index]?.blocks[0]?.type;
  if (type === undefined || type === "thinking" || type === "redacted_thinking") return undefined;
  return `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking`;
};

function isIntact({ thinking, signature }: ContentBlock): boolean {
  return isForeign(signature) || signature === sign(String(thinking));
}

/** Where the user last said something, rather than answering calls. */
function lastQuestion(exchanges: readonly Exchange[]): number {
  return exchanges.findLastIndex(
    ({ role, blocks }) => role === "user" && !blocks.some((block) => block.type === "tool_result"),
  );
}
