/** Outcomes as the model reads them. Any value a tool can return is accepted; encoding never throws. */
import type { Executor } from "../core/executor.ts";
import type { CallError, Outcome } from "../core/outcome.ts";
import type { EncodedResult, ResultPart } from "../core/result.ts";
import { holdsImage, isMcpResult, itemPart, outputPart, textPart } from "./content.ts";
import { toText } from "./text.ts";

/**
 * Encodes an outcome: an output as parts, anything but `ok` as one short JSON object (contract §5). The same outcome gives
 * the same parts (G8).
 */
export function encodeOutcome(outcome: Outcome): EncodedResult {
  if (outcome.status === "ok") return encodeOutput(outcome.output);
  return { isError: true, parts: [errorPart(outcome.error, outcome.error.message.toWellFormed())] };
}

/**
 * Encodes the outcomes of a batch as an executor has it: within its budgets. For whoever runs calls and writes
 * messages without `runTurn`.
 */
export async function encodeOutcomes(
  { results }: Pick<Executor, "results">,
  outcomes: readonly Outcome[],
): Promise<EncodedResult[]> {
  return results.encode(outcomes);
}

/** The part that tells of an error, with this message. */
export function errorPart({ code, retryable, mayHaveTakenEffect }: CallError, message: string): ResultPart {
  return textPart(JSON.stringify({ error: { code, message, retryable, mayHaveTakenEffect } }));
}

function encodeOutput(output: unknown): EncodedResult {
  try {
    // An MCP server reports its tool's failure inside a result that arrived well.
    if (isMcpResult(output)) return { isError: output.isError === true, parts: itemParts(output.content) };
    return { isError: false, parts: holdsImage(output) ? itemParts(output) : [outputPart(output)] };
  } catch {
    // Telling what a hostile value is may throw (a revoked proxy, a getter); writing it never does.
    return { isError: false, parts: [textPart(toText(output))] };
  }
}

/** `Array.from`, as `map` would leave the holes of a sparse array. */
function itemParts(items: readonly unknown[]): ResultPart[] {
  return Array.from(items, (item) => itemPart(item));
}
