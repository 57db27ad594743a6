/** What became of a conversation in which a call went wrong, and the words for it. */
import type { Answers } from "./answers.ts";
import { toMs } from "./findings.ts";

export interface Fate {
  /** How the first thing that was said ended. */
  readonly kind: "done" | "rejects" | "hangs";
  /** The name of the error with which it was rejected. */
  readonly error: string | undefined;
  /** From the abort to the end, if there was one. */
  readonly abortedMs: number | undefined;
  /** Whether it made the request after the calls by itself. */
  readonly wentOn: boolean;
  /** What the provider says to the request after the calls. Undefined: there was none. */
  readonly next: "accepted" | "refused" | undefined;
  readonly answers: Answers | undefined;
  /** Whether a tool was run with an input that the model did not write. */
  readonly guessed: boolean;
  /** What nobody caught. */
  readonly stray?: readonly string[];
}

/** What still counts as at once. */
const AT_ONCE_MS = 50;
/** The calls of a turn, and those that did not go wrong. */
const CALLS = 3;
const SIBLINGS = 2;

/** In a few words, for a table. */
export function describe(fate: Fate): string {
  const { guessed, stray = [] } = fate;
  const guess = guessed ? ", but the tool is run with an input that is guessed" : "";
  const uncaught = stray.length > 0 ? ", with errors that nobody catches" : "";
  return `${endingOf(fate)}${guess}${uncaught}`;
}

function endingOf({ kind, error, abortedMs, wentOn, next, answers }: Fate): string {
  if (kind === "hangs") return "hangs";
  const history = historyOf(next, answers);
  if (abortedMs !== undefined) return `ends ${soon(abortedMs)}, ${history}`;
  return wentOn ? `goes on, ${history}` : `ends with ${error}, ${history}`;
}

function soon(ms: number): string {
  return ms < AT_ONCE_MS ? "at once" : `after ${toMs(Math.round(ms / 10) * 10)}`;
}

function historyOf(next: Fate["next"], answers: Answers | undefined): string {
  if (next === undefined || answers === undefined) return "no further request";
  if (next === "refused") return "the next request is refused";
  if (answers.calls === 0) return "the calls are forgotten";
  if (answers.answered < answers.calls) return `${answers.answered} of ${answers.calls} answered`;
  if (answers.calls < CALLS) return `${CALLS - answers.calls} of ${CALLS} calls forgotten`;
  return answers.found < SIBLINGS ? `${answers.found} of ${SIBLINGS} siblings' results kept` : "all answered";
}

/** Whether one fared better: with more of the results kept, or as well and sooner. */
export function isBetter(one: Fate | undefined, other: Fate | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const [mark, otherMark] = [markOf(one), markOf(other)];
  return mark > otherMark || (mark === otherMark && msOf(one) < msOf(other) - AT_ONCE_MS);
}

/** The best of several. */
export function betterOf(fates: readonly Fate[]): Fate {
  return fates.reduce((best, fate) => (isBetter(fate, best) ? fate : best));
}

function msOf({ kind, abortedMs = 0 }: Fate): number {
  return kind === "hangs" ? Infinity : abortedMs;
}

function markOf({ kind, next, answers, guessed, stray = [] }: Fate): number {
  if (kind === "hangs" || next !== "accepted" || answers === undefined || stray.length > 0) return 0;
  return answers.answered + Math.min(answers.found, SIBLINGS) - (guessed ? 1 : 0);
}
