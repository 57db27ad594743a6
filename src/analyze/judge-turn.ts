/**
 * Whether a turn's calls could have been made in an earlier turn, one of a chain: all of the turn's or none, as only a whole
 * turn saves a round trip. The rules, which docs/analyze.md tells people:
 *
 * 1. Only reads, after nothing but reads that succeeded and found something.
 * 2. Every value was known before the results, as a whole, and no result in between names it or a part of it.
 * 3. Another tool only with just what every call of the chain has asked for.
 * 4. Certain: the same kind of call, with values that people listed beside those of the chain. Likely: all else that is left.
 * 5. A model that reasons from a result reacts to it; one that cites a result is at most likely.
 */
import { isObject } from "../core/is-object.ts";
import { askedCall, type AskedCall, type CallValue } from "./call-values.ts";
import type { Origin } from "./entry.ts";
import type { Memory } from "./memory.ts";
import type { OpenChain } from "./open-chain.ts";
import { commentOf, reasonsFromResults } from "./reactions.ts";
import type { Session, SessionCall, SessionTurn } from "./session.ts";
import { foldValue, squash } from "./terms.ts";
import { commandOf } from "./tool-kind.ts";
import { traceValue } from "./trace-value.ts";
import type { Provenance } from "./provenance.ts";

/** A call with more values is not judged. */
const MAX_VALUES = 40;

/** How sure it is that calls could have been made together. */
export type Certainty = "certain" | "likely";

/** Why a call could have been made earlier. */
export interface Evidence {
  /** The place of the call in its turn. */
  readonly call: number;
  /** The key of the value; empty where a call has no values to trace. */
  readonly key: string;
  readonly value: string;
  /** Where it was known from: undefined where there is no value. */
  readonly origin: Origin | undefined;
  /** Whether only a part of it was known: the rest is that of an earlier call, or the model's own. */
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
  const request = judge.memory.requestAt(chain.head);
  if (!request.isUnderstood) return not("people's words are understood in English alone");
  if (request.isStepByStep) return not("people asked for one step after the other");
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
  if (chain.hasAsked(call)) return not("it asks the same again");
  const asked = askedCall(call, at);
  const alike = chain.alike(asked);
  if (asksForMore(asked, chain)) return not("it asks for more or less of the same");
  if (asked.values.length > MAX_VALUES) return not("it has more values than are looked at");
  const traces: { readonly value: CallValue; readonly trace: Exclude<Provenance, { kind: "not" }> }[] = [];
  for (const value of asked.values) {
    const trace = traceValue(value, { memory, chain, alike });
    if (trace.kind === "not") return trace;
    traces.push({ value, trace });
  }
  const isSet = ({ key, folded }: CallValue) =>
    alike.every(({ settings }) => settings.some((one) => one.key === key && one.folded === folded));
  if (!asked.settings.every(isSet)) return not("how much, or how, may be from a result");
  if (traces.length === 0) return not("nothing in it can be traced");
  if (alike.length > 0 && traces.every(({ trace }) => trace.kind === "asked")) {
    return not("it puts together what several calls had asked for");
  }
  if (alike.length === 0) {
    if (isToolNamed(call, chain)) return not("a result speaks of what the tool gives");
    if (!asksForTheSame(asked, chain))
      return not("another tool is asked for something else than all calls before it");
    if (!memory.requestAt(chain.head).asksFor(newWordsOf(call, chain)))
      return not("people have not asked for what the tool gives");
  }
  const isCertain =
    alike.length > 0 &&
    traces.every(({ trace }) => trace.kind === "asked" || (trace.kind === "known" && trace.isCertain));
  const likeTurn = alike[0]?.turn;
  const evidence = traces.map(({ value: { key, value }, trace }): Evidence => ({
    call: place,
    key,
    value: String(value),
    origin: trace.origin,
    isPieced: trace.kind === "own" || (trace.kind === "known" && !trace.isWhole),
    likeTurn,
  }));
  return { kind: "missed", certainty: isCertain ? "certain" : "likely", evidence };
}

/** Whether a call of the same kind had asked for all of it, or for nothing else: it is a wider look, or a narrower one. */
function asksForMore({ call, shape, values }: AskedCall, chain: OpenChain): boolean {
  const isCommand = commandOf(call) !== undefined;
  return chain.asked.some((one) => {
    if (isCommand ? one.shape !== shape : one.call.name !== call.name) return false;
    return isWithin(values, one.values) || isWithin(one.values, values);
  });
}

function isWithin(inner: readonly CallValue[], outer: readonly CallValue[]): boolean {
  const telling = inner.filter(({ value }) => typeof value !== "boolean");
  return (
    telling.length > 0 &&
    telling.every(({ key, folded }) => outer.some((one) => one.key === key && one.folded === folded))
  );
}

/**
 * Whether a call of another tool asks, in plain fields, for just what every call of the chain asked for, neither less nor otherwise.
 * A command, a statement and what lies in one another say more than their values.
 */
function asksForTheSame({ call, values, settings }: AskedCall, chain: OpenChain): boolean {
  const foldedOf = (one: readonly CallValue[]) =>
    one
      .map(({ folded }) => folded)
      .toSorted()
      .join("\n");
  const fields: readonly unknown[] = isObject(call.input) ? Object.values(call.input) : [];
  return (
    settings.length === 0 &&
    commandOf(call) === undefined &&
    fields.length === values.length &&
    values.every(({ value }) => fields.includes(value)) &&
    chain.asked.every((one) => one.call.name !== call.name && foldedOf(one.values) === foldedOf(values))
  );
}

/** Words of tools' names that say nothing of what they give. */
const VERBS = new Set([
  "get",
  "list",
  "read",
  "show",
  "fetch",
  "find",
  "search",
  "query",
  "lookup",
  "view",
  "check",
]);
/** So much of a word tells what it is about. */
const BEGINNING = 4;

/** Whether a result in between has a word of a tool's name that the earlier tools' names have not. */
function isToolNamed(call: SessionCall, chain: OpenChain): boolean {
  return newWordsOf(call, chain).some((word) => chain.between.hasBeginning(word.slice(0, BEGINNING)));
}

/** The words that tell what a tool gives, and the earlier tools do not. */
function newWordsOf({ name }: SessionCall, { asked }: OpenChain): readonly string[] {
  const known = new Set(asked.flatMap(({ call }) => wordsOfName(call.name)));
  return wordsOfName(name).filter((word) => !known.has(word) && !VERBS.has(word));
}

function wordsOfName(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.filter((word) => word.length >= BEGINNING || VERBS.has(word));
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
