/**
 * Judges a request as OpenAI's Responses API does, without its model: what the provider refuses is refused in the provider's
 * own words, as recorded or as quoted in public threads, and what it takes passes. Pure and stateless: nothing is stored, so
 * the whole history has to come.
 */
import { refuseFault } from "../openai/refusal.ts";
import type { Refusal, Route, Warning } from "../protocol.ts";
import { checkAdjacentResults, checkItemIds, checkPairing } from "./pairing-rules.ts";
import { checkReasoning, isForeign } from "./reasoning-rules.ts";
import { isCall, isOutput, itemsOf, type ResponsesRequest, type Rule } from "./request.ts";
import { checkShape } from "./shape-rules.ts";
import { checkSwitch, checkToolChoice, checkTools } from "./tool-rules.ts";

/** In the order in which they are asked; the first that does not hold is the refusal. */
const OPENAI: readonly Rule[] = [
  checkTools,
  checkToolChoice,
  checkSwitch,
  checkItemIds,
  checkPairing,
  checkReasoning,
];
/** The same, as DeepSeek asks them. */
const DEEPSEEK: readonly Rule[] = [checkTools, checkToolChoice, checkAdjacentResults, checkPairing];

/** The provider's refusal of a request's body, or undefined for one that it takes. */
export function judge(body: unknown, { quirks }: Partial<Route> = {}): Refusal | undefined {
  const malformed = checkShape(body);
  if (malformed !== undefined) return refuseFault(malformed);
  for (const rule of quirks?.has("adjacent-results") === true ? DEEPSEEK : OPENAI) {
    const fault = rule(body as ResponsesRequest);
    if (fault !== undefined) return refuseFault(fault);
  }
  return undefined;
}

/** What the provider takes, but should not be sent. */
export function warn(request: ResponsesRequest): Warning[] {
  const items = itemsOf(request);
  const idsOf = (wanted: typeof isCall) => items.filter(wanted).map((item) => item["call_id"]);
  const warnings: Warning[] = [];
  if (idsOf(isOutput).join() !== idsOf(isCall).join()) {
    const message =
      "input: the outputs stand in another order than their calls, so the same outcomes may give other bytes";
    warnings.push({ code: "results-out-of-order", message });
  }
  if (items.some((item) => isForeign(item["encrypted_content"]))) {
    const message = "input: reasoning was encrypted elsewhere; whether it is unaltered cannot be told here";
    warnings.push({ code: "signature-unchecked", message });
  }
  return warnings;
}
