/** Whether what follows a result reacts to it, by what the result is and by what the model says. */
import { scalarsIn } from "./scalars.ts";
import type { SessionCall, SessionTurn } from "./session.ts";

/** Keys whose texts are about the call, and no part of what it asks. */
const COMMENT =
  /^(description|explanation|reason|reasoning|rationale|justification|thought|thoughts|purpose|why)$/i;

const FAILED =
  /^\s*(\[?\{?"?error\b|error:|exception\b|traceback\b|failed\b|failure\b|cannot\b|could not\b|unable to\b|unknown\b|invalid\b|access denied|permission denied|<tool_use_error>)|\b(no such file|command not found|does ?n[o']t exist|not found|timed out|permission denied|[\w-]+ failed:|exited with code [1-9]|exit(ed with)? (code|status):? [1-9])/i;

const NOTHING =
  /^\s*("")?\s*$|^\s*(\[\s*\]|\{\s*\}|null|none|undefined)\s*$|^\W*(no|0|zero) (\w+ ){0,2}(match|result|file|output|entr|record|row|hit|item|document|page|order|data)\w*|\bno (matches|results|files|matching \w+)( were)? found\b|^\(no (output|content)\)$/i;

const REASONS =
  /\b(since|because|based on|according to|therefore|thus|hence|shows?|showed|found|finds?|turns out|looks like|it seems|appears|i see|i can see|as (expected|suspected|i thought)|contains?|reveals?|indicates?|suggests?|points? (to|at)|mentions?|refers? to|references?|instead|only returned|did ?n[o']t|does ?n[o']t|there is no|there are no|no such|empty|missing|imports?|defined in|interesting|so (the|it|we|i|this|that|now)|which means|that means|given (that|this|the))\b/i;

/** Whether somebody who reads a result will do something else than was planned: it failed, or there was nothing. */
export function isReason({ isError, result = "" }: SessionCall): boolean {
  if (isError || NOTHING.test(afterHeader(result))) return true;
  // Words such as "not found" in the middle of a long text are the text's.
  return FAILED.test(result.length > 600 ? result.slice(0, 200) : result);
}

/** What the model says along with its calls. */
export function commentOf({ text, calls }: SessionTurn): string {
  const comments = calls.flatMap(({ input }) => scalarsIn(input).filter(({ key }) => isComment(key)));
  return [text, ...comments.map(({ value }) => String(value))].join("\n").trim();
}

/** Whether a key's value is about the call. */
export function isComment(key: string): boolean {
  return COMMENT.test(key);
}

/** Whether a comment reasons from what was read. */
export function reasonsFromResults(comment: string): boolean {
  return REASONS.test(comment);
}

/** What a tool of Codex's prints, without the lines about its run. */
function afterHeader(result: string): string {
  const at = /^Output:[ \t]*\r?\n?/m.exec(result);
  return at !== null && /^(Chunk ID|Wall time|Exit code|Process )/m.test(result.slice(0, at.index))
    ? result.slice(at.index + at[0].length)
    : result;
}
