/** Whether what follows a result reacts to it, by what the result is and by what the model says. */
import { isHollow, isPlaceholder } from "./hollow-result.ts";
import { scalarsIn } from "./scalars.ts";
import type { SessionCall, SessionTurn } from "./session.ts";

/** Keys whose texts are about the call, and no part of what it asks. */
const COMMENT = /^(description|explanation|thought|thoughts)$/i;

const REASONS =
  /\b(since|because|based on|according to|therefore|thus|hence|shows?|showed|found|finds?|turns out|looks like|it seems|appears|i see|i can see|as (expected|suspected|i thought)|contains?|reveals?|indicates?|suggests?|points? (to|at)|mentions?|refers? to|references?|instead|only returned|did ?n[o']t|does ?n[o']t|there is no|there are no|no such|empty|missing|imports?|defined in|interesting|so (the|it|we|i|this|that|now)|which means|that means|given (that|this|the)|only|but|however|hmm|wait|still need|not (enough|there|what)|weil|deshalb|daher|laut|zeigt|anscheinend|porque|según|parce que|donc|puisque|selon|perché|quindi)\b/i;

/** What a description of a call says only if it reasons: "Show the status" is what the call does. */
const REASONS_OF_A_CALL =
  /\b(since|because|based on|according to|therefore|thus|hence|showed|found|turns out|looks like|it seems|as (expected|suspected)|instead|did ?n[o']t|does ?n[o']t|which means|given (that|this)|mentioned|referenced|returned)\b/i;

/** Whether somebody who reads a result will do something else than was planned. */
export function isReason({ isError, images, result = "" }: SessionCall): boolean {
  // What a picture shows is not looked at.
  if (isError || images > 0) return true;
  const text = afterHeader(result);
  return isPlaceholder(text) || isHollow(text);
}

/** What the model says and thinks along with its calls. */
export function commentOf({ text, thinking = "", calls }: SessionTurn): string {
  return [text, thinking, ...commentsIn(calls)].join("\n").trim();
}

/** Whether a key's value is about the call. */
export function isComment(key: string): boolean {
  return COMMENT.test(key);
}

/** Whether a model that makes calls reasons from what it read. */
export function reasonsFromResults({ text, thinking = "", calls }: SessionTurn): boolean {
  return REASONS.test(`${text}\n${thinking}`) || commentsIn(calls).some((one) => REASONS_OF_A_CALL.test(one));
}

function commentsIn(calls: readonly SessionCall[]): string[] {
  return calls.flatMap(({ input }) =>
    scalarsIn(input)
      .filter(({ key }) => isComment(key))
      .map(({ value }) => String(value)),
  );
}

/** What a tool of Codex's prints, without the lines about its run. */
function afterHeader(result: string): string {
  const at = /^Output:[ \t]*\r?\n?/m.exec(result);
  return at !== null && /^(Chunk ID|Wall time|Exit code|Process )/m.test(result.slice(0, at.index))
    ? result.slice(at.index + at[0].length)
    : result;
}
