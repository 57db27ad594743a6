/**
 * Judges a request as Anthropic's Messages API does, without its model: what the provider refuses is refused in the
 * provider's own words, as recorded or as quoted in public threads, and what it takes passes. Pure and stateless.
 */
import { isObject } from "../../core/is-object.ts";
import type { Refusal, Warning } from "../protocol.ts";
import { checkContent, checkRoles } from "./content-rules.ts";
import { answeredIds, callIds, mergeMessages } from "./conversation.ts";
import { checkPairing, checkServerCalls } from "./pairing-rules.ts";
import { refuse } from "./refusal.ts";
import { blocksOf, type MessagesRequest, type Rule } from "./request.ts";
import { checkShape } from "./shape-rules.ts";
import { checkThinking, isForeign } from "./thinking-rules.ts";
import { checkToolChoice, checkTools, checkToolsPresent } from "./tool-rules.ts";

/** In the order in which they are asked; the first that does not hold is the refusal. */
const RULES: readonly Rule[] = [
  checkToolChoice,
  checkContent,
  checkToolsPresent,
  checkPairing,
  checkServerCalls,
  checkThinking,
  // Last: a conversation that begins with the assistant was recorded as refused for its pairing, not for its beginning.
  checkRoles,
];

/** The provider's refusal of a request's body, or undefined for one that it takes. */
export function judge(body: unknown): Refusal | undefined {
  const malformed = checkShape(body) ?? checkTools(isObject(body) ? body["tools"] : undefined);
  if (malformed !== undefined) return refuse(malformed);
  for (const rule of RULES) {
    const wrong = rule(body as MessagesRequest);
    if (wrong !== undefined) return refuse(wrong);
  }
  return undefined;
}

/**
 * What the provider takes, but should not be sent. Results spread over several messages are the one that matters: the
 * provider merges the messages, but the model learns from them to call one tool at a time (A2).
 */
export function warn(request: MessagesRequest): Warning[] {
  const warnings: Warning[] = [];
  const exchanges = mergeMessages(request);
  for (const [index, { role, blocks, sources }] of exchanges.entries()) {
    const path = `messages.${index}`;
    const spread = sources.filter((source) => source.some((block) => block.type === "tool_result")).length;
    if (role === "user" && spread > 1) {
      const message = `${path}: the results of one turn came in ${spread} user messages; in one message they teach the model to call in parallel`;
      warnings.push({ code: "results-split", message });
    }
    const calls = callIds(exchanges[index - 1]?.blocks ?? []);
    const answers = answeredIds(blocks);
    if (answers.length > 1 && answers.join() !== calls.join()) {
      const message = `${path}: the results stand in another order than their calls, so the same outcomes may give other bytes`;
      warnings.push({ code: "results-out-of-order", message });
    }
  }
  if (request.messages.some((message) => blocksOf(message).some((block) => isForeign(block["signature"])))) {
    const message =
      "messages: a thinking block was signed elsewhere; whether it is unaltered cannot be told here";
    warnings.push({ code: "signature-unchecked", message });
  }
  return warnings;
}
