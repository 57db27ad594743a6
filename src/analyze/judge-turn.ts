/**
 * Whether a turn's calls could have been made in an earlier turn, one of a chain: all of the turn's or none, as only a whole
 * turn saves a round trip. The rules, which docs/analyze.md tells people:
 *
 * 1. Only reads, after nothing but reads that succeeded and found something.
 * 2. A call is an earlier one with one other value, which was known before the results; or it is one of another tool for just the
 *    same, that people had asked for.
 * 3. Certain is what people listed and no result names. All else that is left is likely.
 * 4. A model that reasons from a result reacts to it; one that cites a result is at most likely.
 */
import { traceAnotherTool } from "./another-tool.ts";
import { askedCall } from "./asked-call.ts";
import type { Origin } from "./entry.ts";
import type { Memory } from "./memory.ts";
import type { OpenChain } from "./open-chain.ts";
import { commentOf, reasonsFromResults } from "./reactions.ts";
import type { Session, SessionCall, SessionTurn } from "./session.ts";
import { foldValue, squash } from "./terms.ts";
import { traceValue } from "./trace-value.ts";
import type { Provenance } from "./provenance.ts";

/** So many earlier values are looked for beside a value, the last ones. */
const MAX_LIKES = 8;

/** How sure it is that calls could have been made together. */
export type Certainty = "certain" | "likely";

/** Why a call could have been made earlier. */
export interface Evidence {
  /** The place of the call in its turn. */
  readonly call: number;
  /** The key that the value stands under. */
  readonly key: string;
  readonly value: string;
  /** Where it was known from. */
  readonly origin: Origin;
  /** Whether only a part of it was known: the rest is that of an earlier call, or the model's own. */
  readonly isPieced: boolean;
  /** The turn that has the same call with another value; undefined where another tool was called with the same ones. */
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

/** The chain that a turn is judged against. */
export interface ChainJudge {
  readonly chain: OpenChain;
  readonly judge: Judge;
}

/** Whether a chain may begin with a turn: it only reads, and what it asked is known. */
export function opensChain({ calls }: SessionTurn, { kindOf }: Judge): boolean {
  return calls.length > 0 && calls.every((call) => call.input !== undefined && kindOf(call) === "read");
}

/** Judges a turn against the chain of turns right before it. */
export function judgeTurn(turn: SessionTurn, at: number, { chain, judge }: ChainJudge): Verdict {
  if (turn.said.length > 0) return not("somebody spoke in between");
  if (!opensChain(turn, judge)) return not("it may write");
  if (chain.end !== undefined) return not(chain.end);
  if (reasonsFromResults(turn)) return not("the model reasons from a result");
  const found: Extract<Verdict, { kind: "missed" }>[] = [];
  for (const [place, call] of turn.calls.entries()) {
    const verdict = judgeCall({ call, place, at }, chain, judge);
    if (verdict.kind === "not") return verdict;
    found.push(verdict);
  }
  const isCertain = found.every(({ certainty }) => certainty === "certain");
  const isCited = citesResults(commentOf(turn), chain, judge);
  if (isCited && !isCertain) return not("the model speaks of a result");
  const certainty = isCertain && !isCited ? "certain" : "likely";
  return { kind: "missed", certainty, evidence: found.flatMap(({ evidence }) => evidence) };
}

function judgeCall(
  { call, place, at }: { readonly call: SessionCall; readonly place: number; readonly at: number },
  chain: OpenChain,
  { memory }: Judge,
): Verdict {
  const asked = askedCall(call, at);
  const changes = chain.changesTo(asked);
  const [change] = changes;
  const context = { memory, chain, likes: changes.slice(-MAX_LIKES).map(({ from }) => from) };
  if (change === undefined && chain.asked.some((one) => one.call.name === call.name))
    return not("it asks in another way");
  const values = change === undefined ? asked.values : [change.to];
  if (values.length === 0) return not("nothing in it can be traced");
  const traces = change === undefined ? traceAnotherTool(asked, context) : [traceValue(change.to, context)];
  const found: Exclude<Provenance, { kind: "not" }>[] = [];
  for (const trace of traces) {
    if (trace.kind === "not") return trace;
    found.push(trace);
  }
  if (change !== undefined && memory.requestAt(chain.head).listsBesideAnother(asked, change.to.path))
    return not("people list two things, and one of each was chosen");
  const isCertain = found.every((trace) => trace.kind === "known" && trace.isCertain);
  const evidence = found.map((trace, i): Evidence => ({
    call: place,
    key: values[i]?.key ?? "",
    value: String(values[i]?.value),
    origin: trace.origin,
    isPieced: trace.kind === "own" || !trace.isWhole,
    likeTurn: change?.earlier.turn,
  }));
  return { kind: "missed", certainty: isCertain ? "certain" : "likely", evidence };
}

/** Whether a comment speaks of something that it has from a result: an identifier, a path, a number. */
function citesResults(comment: string, { head, between }: OpenChain, { memory }: Judge): boolean {
  const telling = (comment.match(/[\p{L}\p{N}_./$-]*[\p{L}\p{N}]/gu) ?? []).filter(
    (word) => word.length > 2 && /[\d_/$.]|\p{Ll}\p{Lu}/u.test(word),
  );
  return telling
    .map(foldValue)
    .some((word) => between.hasName(squash(word)) && !memory.isKnownBefore(word, head));
}

function not(why: string): Extract<Verdict, { kind: "not" }> {
  return { kind: "not", why };
}
