/**
 * Judges a request as Gemini's generateContent does, without its model: what the provider refuses is refused in the provider's
 * own words, as recorded or as quoted in public threads, and what it takes passes. Pure and stateless.
 */
import type { Refusal, Route, Warning } from "../protocol.ts";
import { checkPairing } from "./pairing-rules.ts";
import { fail, refuse } from "./refusal.ts";
import { callsOf, isNewModel, readPath, responsesOf, type GeminiRequest, type Rule } from "./request.ts";
import { checkShape } from "./shape-rules.ts";
import { checkSignatures, isForeign } from "./signature-rules.ts";
import { checkImages, checkToolConfig, checkTools } from "./tool-rules.ts";

/** In the order in which they are asked; the first that does not hold is the refusal. */
const RULES: readonly Rule[] = [checkTools, checkToolConfig, checkPairing, checkImages, checkSignatures];

const METHODS: ReadonlySet<string> = new Set(["generateContent", "streamGenerateContent"]);

/** The provider's refusal of a request's body, or undefined for one that it takes. The path says which model is asked. */
export function judge(body: unknown, { path = "", quirks }: Partial<Route> = {}): Refusal | undefined {
  const { version, model, method } = readPath(path);
  if (method !== "" && !METHODS.has(method)) {
    return fail(
      404,
      `models/${model} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
    );
  }
  const malformed = checkShape(body, { idsAllowed: quirks?.has("refuses-ids") !== true });
  if (malformed !== undefined) return refuse(malformed);
  const circumstances = { isNew: isNewModel(model), isVertex: path.includes("/publishers/") };
  for (const rule of RULES) {
    const wrong = rule(body as GeminiRequest, circumstances);
    if (wrong !== undefined) return refuse(wrong);
  }
  return undefined;
}

/** What the provider takes, but should not be sent. */
export function warn({ contents }: GeminiRequest): Warning[] {
  const warnings: Warning[] = contents.flatMap((content, i) => {
    const key = ({ id, name }: { readonly id?: string; readonly name: string }) => id ?? name;
    const before = contents[i - 1];
    const results = responsesOf(content).map(key);
    if (before === undefined || results.length < 2 || results.join() === callsOf(before).map(key).join())
      return [];
    const message = `contents[${i}]: the results stand in another order than their calls, so the same outcomes may give other bytes`;
    return [{ code: "results-out-of-order", message }];
  });
  if (contents.some(({ parts }) => parts.some((part) => isForeign(part.thoughtSignature)))) {
    const message = "contents: a part was signed elsewhere; whether it is unaltered cannot be told here";
    warnings.push({ code: "signature-unchecked", message });
  }
  return warnings;
}
