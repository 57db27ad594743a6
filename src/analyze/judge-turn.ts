/**
 * Whether a turn's calls could have been made in an earlier turn, one of a chain: all of the turn's or none, as only a whole
 * turn saves a round trip. The rules, which docs/analyze.md tells people:
 *
 * 1. Only reads, after nothing but reads that succeeded and found something.
 * 2. No value from a result in between, and no number from nowhere.
 * 3. Certain: the same tool, all values whole from before, and no result in between names them.
 * 4. Likely: another tool, or values that the user named and results name again, or the model's own words where the chain has
 *    a call of the same tool and shape.
 * 5. Where the model's text reasons from results, one grade less. What is then below likely is not missed.
 */
import type { Memory, Origin } from "./memory.ts";
import type { OpenChain } from "./open-chain.ts";
import { commentOf, isComment, reasonsFromResults } from "./reactions.ts";
import { scalarsIn } from "./scalars.ts";
import type { Session, SessionCall, SessionTurn } from "./session.ts";
import { termsOf } from "./terms.ts";
import { commandOf } from "./tool-kind.ts";
import { traceValue, type Trace } from "./trace-value.ts";

/** How sure it is that calls could have been made together. */
export type Certainty = "certain" | "likely";

/** Why a call could have been made earlier. */
export interface Evidence {
  /** The place of the call in its turn. */
  readonly call: number;
  /** The key of the value; empty where a call has no values to trace. */
  readonly key: string;
  readonly value: string;
  /** Where it was known from: undefined for words of the model's own. */
  readonly origin: Origin | undefined;
  /** Whether only its words were known, not the whole. */
  readonly isPieced: boolean;
  /** The turn that has a call of the same tool with the same keys. */
  readonly likeTurn: number | undefined;
}

/** What is said of a turn. */
export type Verdict =
  | { readonly kind: "missed"; readonly certainty: Certainty; readonly evidence: readonly Evidence[] }
  | { readonly kind: "not"; readonly why: string };

/** What turns are judged with. */
export interface Judge {
  readonly session: Session;
  readonly memory: Memory;
  readonly kindOf: (call: SessionCall) => "read" | "write";
}

/** Whether a chain may begin with a turn: it only reads, and what it asked is known. */
export function opensChain({ calls }: SessionTurn, { kindOf }: Judge): boolean {
  return calls.length > 0 && calls.every((call) => call.input !== undefined && kindOf(call) === "read");
}

/** Judges a turn against the chain of turns right before it. */
export function judgeTurn(turn: SessionTurn, chain: OpenChain, judge: Judge): Verdict {
  if (turn.said.length > 0) return not("somebody spoke in between");
  if (!opensChain(turn, judge)) return not("it may write");
  if (chain.end !== undefined) return not(chain.end);
  const comment = commentOf(turn);
  const judged = turn.calls.map((call, place) => judgeCall({ call, place }, chain, judge));
  const refused = judged.find((one) => one.kind === "not");
  if (refused !== undefined) return refused;
  const found = judged.flatMap((one) => (one.kind === "missed" ? [one] : []));
  const isCertain = found.every(({ certainty }) => certainty === "certain");
  const isReasoned = reasonsFromResults(comment) || citesResults(comment, chain, judge);
  if (isReasoned && !isCertain) return not("the model reasons from a result");
  const certainty = isCertain && !isReasoned ? "certain" : "likely";
  return { kind: "missed", certainty, evidence: found.flatMap(({ evidence }) => evidence) };
}

function judgeCall(
  { call, place }: { readonly call: SessionCall; readonly place: number },
  chain: OpenChain,
  { memory }: Judge,
): Verdict {
  if (chain.hasAsked(call)) return not("it asks the same again");
  const alike = chain.alike(call);
  const values = scalarsIn(call.input).filter(({ key }) => !isComment(key));
  const isCommand = commandOf(call) !== undefined;
  const traces = values.map((scalar) => ({
    scalar,
    trace: traceValue(scalar, { memory, chain, isCommand }),
  }));
  const refusal = traces
    .map(({ trace }) => refusalOf(trace, alike !== undefined))
    .find((one) => one !== undefined);
  if (refusal !== undefined) return not(refusal);
  const telling = traces.filter(({ trace }) => trace.kind !== "setting");
  if (telling.length === 0 && alike === undefined) return not("nothing in it can be traced");
  if (
    alike !== undefined &&
    telling.some(({ trace }) => trace.kind === "new") &&
    isRefined(call, alike.call)
  ) {
    return not("it asks more closely for the same");
  }
  const isCertain =
    alike !== undefined &&
    telling.length > 0 &&
    telling.every(({ trace }) => trace.kind === "known" && !trace.isNamedAgain);
  const likeTurn = alike?.turn;
  const evidence = telling.map(({ scalar: { key, value }, trace }): Evidence => ({
    call: place,
    key,
    value: String(value),
    origin: "origin" in trace ? trace.origin : undefined,
    isPieced: trace.kind === "pieced-together",
    likeTurn,
  }));
  const none: Evidence = { call: place, key: "", value: "", origin: undefined, isPieced: false, likeTurn };
  return {
    kind: "missed",
    certainty: isCertain ? "certain" : "likely",
    evidence: evidence.length === 0 ? [none] : evidence,
  };
}

function refusalOf(trace: Trace, isAlike: boolean): string | undefined {
  switch (trace.kind) {
    case "result":
      return `"${trace.term}" comes from a result in between`;
    case "new-number":
      return "a number may have been worked out";
    case "new":
      return isAlike ? undefined : "a value is the model's own";
    case "known":
      return trace.isNamedAgain && trace.origin.from !== "user"
        ? "a result in between points at it"
        : undefined;
    case "pieced-together":
    case "setting":
      return undefined;
  }
}

/** Whether a search is the one before it in other words: half of its words or more are. */
function isRefined(call: SessionCall, alike: SessionCall): boolean {
  const before = new Set(wordsIn(alike));
  const words = wordsIn(call);
  const isText = scalarsIn(call.input).some(({ value }) => /\S\s+\S/.test(String(value)));
  return (
    isText &&
    commandOf(call) === undefined &&
    words.filter((word) => before.has(word)).length * 2 >= words.length
  );
}

function wordsIn({ input }: SessionCall): string[] {
  return scalarsIn(input)
    .filter(({ key }) => !isComment(key))
    .flatMap(({ value }) => termsOf(String(value)).words);
}

/** Whether a comment speaks of something that it has from a result: an identifier, a path, a number. */
function citesResults(comment: string, { head, between }: OpenChain, { memory }: Judge): boolean {
  const telling = (comment.match(/[\p{L}\p{N}_./$-]*[\p{L}\p{N}]/gu) ?? []).filter(
    (word) => word.length > 2 && /[\d_/$.]|\p{Ll}\p{Lu}/u.test(word),
  );
  return telling
    .map((word) => termsOf(word).whole)
    .some((word) => memory.whereKnown(word, head, "parts") === undefined && between.names(word));
}

function not(why: string): Verdict {
  return { kind: "not", why };
}
