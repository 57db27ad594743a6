/**
 * Whether a call of another tool asks for just what every call of a chain asked for: the profile and the orders of one customer. Somebody
 * who reads the one may come to want the other, so that people must have asked for both.
 */
import type { AskedCall, CallValue } from "./asked-call.ts";
import { ANYWHERE } from "./entry.ts";
import { notKnown, type Provenance, type ProvenanceContext } from "./provenance.ts";
import { isCommon, isNumber, squash } from "./terms.ts";
import { commandOf } from "./tool-kind.ts";
import { isAskedByPeople, isUnderAnyCondition } from "./trace-known.ts";

/** What asks whether there is something, how much, or whether it is done: what comes next depends on that. */
const PROBE =
  /(^|_)(status|check|exists?|validate|verify|is|has|can|ping|health|progress|availability|available|count|describe|schema|columns|help)(_|$)/;

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

/** Traces all values of a call of a tool that the chain has not called. */
export function traceAnotherTool(asked: AskedCall, context: ProvenanceContext): readonly Provenance[] {
  const { chain, memory } = context;
  const words = newWordsOf(asked, chain.asked);
  if (!isPlainFields(asked) || !chain.asked.every((one) => isSameAs(one, asked)))
    return [notKnown("another tool is asked for something else than all calls before it")];
  if (chain.asked.some(isProbe)) return [notKnown("the call before it asked whether there is any")];
  if (!memory.requestAt(chain.head).asksFor(words))
    return [notKnown("people have not asked for what the tool gives")];
  return asked.values.map((value) => traceAsked(value, context));
}

/** Whether all that a call says is in plain fields: a command, a statement and what lies in one another say more than their values. */
function isPlainFields({ call, values }: AskedCall): boolean {
  return commandOf(call) === undefined && values.every(({ path, key }) => path === `.${key}`);
}

/** Whether a call asks whether there is anything to ask for. */
function isProbe({ call }: AskedCall): boolean {
  const name = call.name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll("-", "_");
  return commandOf(call) !== undefined || PROBE.test(name.toLowerCase());
}

function isSameAs(earlier: AskedCall, { values }: AskedCall): boolean {
  return (
    earlier.values.length === values.length &&
    values.every(({ key, value }) => {
      const named = earlier.values.find((one) => one.key === key);
      return named === undefined ? earlier.values.some((one) => one.value === value) : named.value === value;
    })
  );
}

function traceAsked(value: CallValue, context: ProvenanceContext): Provenance {
  const { between, asked, head } = context.chain;
  const { folded, key } = value;
  const name = squash(folded);
  const isNamed = between.hasName(name);
  const isOtherKey = asked.some(({ values }) => !values.some((one) => one.key === key));
  if (isShort(value) && (isOtherKey || isNamed))
    return notKnown(`"${folded}" is too short to tell where it is from`);
  // An echo under the same key is no news; under another, two things may have one number.
  if (isNamed && (isOtherKey || between.isRepeated(name)))
    return notKnown(`a result in between names "${folded}"`);
  if (isUnderAnyCondition(folded, context)) return notKnown("it is under a condition");
  if (!isAskedByPeople(folded, context)) return notKnown("people have not asked for it");
  const origin = context.memory.entryBefore(folded, head, ANYWHERE)?.origin;
  return { kind: "known", origin: origin ?? { from: "input", turn: head }, isCertain: false, isWhole: true };
}

function isShort({ folded, value }: CallValue): boolean {
  return (
    folded.length < 3 ||
    isCommon(folded) ||
    typeof value === "boolean" ||
    (isNumber(folded) && folded.replace(/\D/g, "").length < 4)
  );
}

/** The words that tell what a tool gives, and the earlier tools do not. */
function newWordsOf({ call }: AskedCall, asked: readonly AskedCall[]): readonly string[] {
  const known = new Set(asked.flatMap((one) => wordsOfName(one.call.name)));
  return wordsOfName(call.name).filter((word) => !known.has(word) && !VERBS.has(word));
}

function wordsOfName(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
