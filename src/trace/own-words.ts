/** Which messages of errors Tutti wrote, so that they name nothing but calls, tools, pools and times. */
import type { CallError } from "../core/outcome.ts";

/** Which names are no content. */
export interface KnownNames {
  /** Whether a pool's name is the executor's, and not of an input. */
  isPool(name: string): boolean;
  /** Whether there is a tool of that name, or a call for one. */
  isTool(name: string): boolean;
}

/** Whether a call's error is in Tutti's own words. */
export function isOwnError({ code, message }: CallError, known: KnownNames): boolean {
  switch (code) {
    case "unknown-tool":
    case "dependency-failed":
    case "truncated":
      return true;
    case "blocked":
    case "timeout":
    case "cancelled":
      return isOwnEnd(message, known);
    case "over-limit":
    case "unavailable": {
      const pool = POOL_REFUSES.exec(message)?.groups?.["pool"];
      return pool === undefined ? TOO_MANY.test(message) : known.isPool(pool);
    }
    case "tool-error":
    case "invalid-json":
    case "invalid-input":
    case "invalid-effects":
    case "invalid-reference":
    case "invalid-output":
    case "denied":
    case "rate-limited":
      return false;
  }
}

/** Why something was stopped, what for it waited then, and what is known of it. */
const END = /^(?<reason>[^;]*?)(?: while it waited for (?<wait>[^;]*))?; it (?:was|had) [^;]*$/s;

function isOwnEnd(message: string, known: KnownNames): boolean {
  const { reason, wait } = END.exec(message)?.groups ?? {};
  if (reason === undefined || !isOwnReason(reason, known)) return false;
  const pool = /^(?:room in|the rate of) (?<pool>.*)$/s.exec(wait ?? "")?.groups?.["pool"];
  return pool === undefined ? wait === undefined || OWN_WAITS.test(wait) : known.isPool(pool);
}

/** A lock has a path, which is content. */
const OWN_WAITS =
  /^(?:its input to be checked|the end of the turn|approval|its next attempt|call b[\d.]+, which comes first)$/;

/** Whether Tutti wrote why something was stopped: whoever aborts with a `Cancellation` of their own says what they like. */
export function isOwnReason(message: string, known: Pick<KnownNames, "isTool">): boolean {
  return OWN_REASONS.some((reason) => {
    const match = reason.exec(message);
    const tool = match?.groups?.["tool"];
    return match !== null && (tool === undefined || known.isTool(tool));
  });
}

const OWN_REASONS: readonly RegExp[] = [
  /^cancelled by the user$/,
  /^cancelled because the executor shut down$/,
  /^cancelled because (?:call \d+|"[^"]*") \((?<tool>[^()]*)\) failed$/,
  /^the turn (?:was discarded|is over)$/,
  /^the call (?:has ended|around it has ended)$/,
  /^another attempt of this call was faster$/,
  /^the batch took more than [\d.e+-]+ ms$/,
  /^(?<tool>[\w-]+) took more than [\d.e+-]+ ms$/,
  /^(?<tool>[\w-]+) was not done within its deadline of [\d.e+-]+ ms$/,
  /^the check of the input of (?<tool>[\w-]+) took too long$/,
  /^all calls of (?<tool>[\w-]+) were allowed$/,
];

const TOO_MANY = /^not executed: at most \d+ calls are accepted in one turn/;

const POOL_REFUSES =
  /: (?:there is no room in |1 call waits for |\d+ calls wait for )?(?<pool>.+)(?:, and no call may wait for it| already, and no more may| has been failing and is left alone)/s;
