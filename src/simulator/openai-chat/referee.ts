/**
 * Judges a request as OpenAI's Chat Completions API does, without its model: what the provider refuses is refused in the
 * provider's own words, as recorded or as quoted in public threads, and what it takes passes. Pure and stateless.
 *
 * With the quirk of nine-character ids it is Mistral that judges.
 */
import type { Refusal, Route, Warning } from "../protocol.ts";
import { checkMistralPairing, checkPairing } from "./pairing-rules.ts";
import { refuseFault } from "../openai/refusal.ts";
import { refuseFlat } from "./refusal.ts";
import { callsOf, type ChatRequest, type Rule } from "./request.ts";
import { checkShape } from "./shape-rules.ts";
import { checkNames, checkSwitch, checkTokenLimit, checkToolChoice, checkTools } from "./tool-rules.ts";

/** In the order in which they are asked; the first that does not hold is the refusal. */
const OPENAI: readonly Rule[] = [
  checkTools,
  checkNames,
  checkToolChoice,
  checkSwitch,
  checkTokenLimit,
  checkPairing,
];
const MISTRAL: readonly Rule[] = [checkTools, checkNames, checkMistralPairing];

/** The provider's refusal of a request's body, or undefined for one that it takes. */
export function judge(body: unknown, { quirks }: Partial<Route> = {}): Refusal | undefined {
  const isMistral = quirks?.has("nine-character-ids") === true;
  const refuse = isMistral ? refuseFlat : refuseFault;
  const malformed = checkShape(body);
  if (malformed !== undefined) return refuse(malformed);
  for (const rule of isMistral ? MISTRAL : OPENAI) {
    const fault = rule(body as ChatRequest);
    if (fault !== undefined) return refuse(fault);
  }
  return undefined;
}

/** What the provider takes, but should not be sent. */
export function warn({ messages }: ChatRequest): Warning[] {
  return messages.flatMap((message, index): Warning[] => {
    const calls = callsOf(message).map(({ id }) => id);
    const results = messages.slice(index + 1, index + 1 + calls.length).map(({ tool_call_id: id }) => id);
    if (calls.length < 2 || results.join() === calls.join()) return [];
    const text = `messages[${index}]: the results stand in another order than their calls, so the same outcomes may give other bytes`;
    return [{ code: "results-out-of-order", message: text }];
  });
}
