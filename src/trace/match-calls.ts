/** Which call of one trace is which of another; the rules are told in `compare.ts`. */
import { isObject } from "../core/is-object.ts";
import { REMOVED } from "./content.ts";
import type { TraceScope } from "./scope.ts";
import type { TracedCall, TracedTurn } from "./trace.ts";

type Matches = Map<TracedCall, TracedCall>;

/** A call in what it is matched by. */
interface Candidate {
  readonly call: TracedCall;
  /** The same in both traces for turns that are matched. */
  readonly turn: string;
  /** Undefined where it was removed. */
  readonly input: string | undefined;
}

/** Matches the calls of two traces, each to at most one other. */
export function matchCalls(
  scopes: { readonly a: TraceScope; readonly b: TraceScope },
  turns: ReadonlyMap<TracedTurn, TracedTurn>,
): ReadonlyMap<TracedCall, TracedCall> {
  const names = new Map([...turns].map(([a, b]) => [b.key, a.key]));
  const a = groupsOf(scopes.a, (turn) => `a ${turn}`);
  const b = groupsOf(scopes.b, (turn) => (names.has(turn) ? `a ${names.get(turn)}` : `b ${turn}`));
  const matches: Matches = new Map();
  matchGroup(matches, a.get(undefined) ?? [], b.get(undefined) ?? []);
  // Those inside of calls that are matched are matched to each other; a map is read on while it grows.
  for (const [of, to] of matches) matchGroup(matches, a.get(of.key) ?? [], b.get(to.key) ?? []);
  return matches;
}

/** A call's name and input, as text that is the same whatever the order of fields; undefined if the input is not known. */
export function inputOf({ call }: TracedCall): string | undefined {
  return call.input === REMOVED ? undefined : JSON.stringify([call.name, inOrder(call.input)]);
}

function matchGroup(matches: Matches, a: readonly Candidate[], b: readonly Candidate[]): void {
  const taken = new Set<TracedCall>();
  for (const keyOf of [sameInTurn, sameAnywhere, sameInPlace]) {
    const others = new Map<string, TracedCall[]>();
    for (const candidate of b) {
      if (taken.has(candidate.call)) continue;
      const key = keyOf(candidate);
      if (key === undefined) continue;
      others.set(key, [...(others.get(key) ?? []), candidate.call]);
    }
    for (const candidate of a) {
      if (matches.has(candidate.call)) continue;
      const other = others.get(keyOf(candidate) ?? "")?.shift();
      if (other === undefined) continue;
      matches.set(candidate.call, other);
      taken.add(other);
    }
  }
}

function sameInTurn({ turn, input }: Candidate): string | undefined {
  return input === undefined ? undefined : `${turn} ${input}`;
}

function sameAnywhere({ input }: Candidate): string | undefined {
  return input;
}

function sameInPlace({ turn, call }: Candidate): string {
  return JSON.stringify([turn, call.call.name, call.call.index, call.depth]);
}

/** The calls by the key of the call that makes them; a list or a plan makes none, it only holds them. */
function groupsOf(
  { calls }: TraceScope,
  nameOf: (turn: string) => string,
): ReadonlyMap<string | undefined, Candidate[]> {
  const byKey = new Map(calls.map((call) => [call.key, call]));
  const makerOf = ({ parent }: TracedCall): string | undefined => {
    const around = parent === undefined ? undefined : byKey.get(parent);
    return around?.isWrapper ? makerOf(around) : around?.key;
  };
  const groups = new Map<string | undefined, Candidate[]>();
  for (const call of calls) {
    const maker = makerOf(call);
    const candidate = { call, turn: nameOf(call.turn ?? ""), input: inputOf(call) };
    const group = groups.get(maker);
    if (group === undefined) groups.set(maker, [candidate]);
    else group.push(candidate);
  }
  return groups;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, inOrder(field)] as const);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
