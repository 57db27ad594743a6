/**
 * Signatures come back on the part that they came on (G6, G7). A signature is derived from the call alone, so that the
 * simulator knows its own without remembering any conversation; another maker's cannot be checked and passes.
 */
import { isObject } from "../../core/is-object.ts";
import { createToken } from "../seed.ts";
import { responsesOf, type GeminiRequest, type RequestCall, type Rule } from "./request.ts";

const MARK = "EtuttiSimulated";
/** What Google tells clients to send for calls that its models have not made. https://ai.google.dev/gemini-api/docs/thought-signatures */
const DUMMIES = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"];

/** The signature of a call. Arguments that come back in another order were recorded as accepted. */
export function signCall({ name, args }: Pick<RequestCall, "name" | "args">): string {
  return signText(`${name}(${JSON.stringify(args ?? {}, sorted)})`);
}

function sorted(_: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The signature of a text. */
export function signText(text: string): string {
  return `${MARK}${createToken(`signature/${text}`, 32)}${createToken(`thought/${text}`, 32)}==`;
}

/** Whether only its maker can tell if a signature is right. */
export function isForeign(signature: unknown): boolean {
  return typeof signature === "string" && !signature.startsWith(MARK) && !DUMMIES.includes(signature);
}

/**
 * The first call of each step since the user's last word is signed, and no signature stands on another call than its own.
 * What came before is not looked at. Gemini 2.5 signs as well, but does not insist.
 */
export const checkSignatures: Rule = (request, { isNew }) => {
  const { contents } = request;
  for (let i = lastWord(request) + 1; i < contents.length; i++) {
    const parts = contents[i]?.parts ?? [];
    for (const [place, { functionCall: call, thoughtSignature: signature }] of parts.entries()) {
      if (call === undefined) continue;
      if (signature?.startsWith(MARK) === true && signature !== signCall(call)) {
        // https://github.com/google-gemini/gemini-cli/issues/13467
        return "Corrupted thought signature.";
      }
      const isFirst = parts.findIndex((part) => part.functionCall !== undefined) === place;
      if (!isFirst || !isNew || (signature ?? "") !== "") continue;
      return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${call.name}\` , position ${i + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`;
    }
  }
  return undefined;
};

/** Where the user last said something, rather than answering calls. */
function lastWord({ contents }: GeminiRequest): number {
  return contents.findLastIndex(
    (content) => content.role !== "model" && responsesOf(content).length < content.parts.length,
  );
}
