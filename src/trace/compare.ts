/**
 * Two traces of the same scene, side by side: which turn and call of the one is which of the other, and what each took in
 * both. Turns are matched by their run's place and their number. A call is matched to one with the same name and input: of its
 * turn if there is one, or else of any other; then to one of the same name in the same place of its turn, whose input has
 * changed, or which nobody knows.
 *
 * 1. Each call of either trace is in one pair, or in one of the lists of those that only one has.
 */
import { figuresOf, workedMs, type Figures } from "./figures.ts";
import { inputOf, matchCalls } from "./match-calls.ts";
import { scopeOf, type TraceScope } from "./scope.ts";
import type { CallStatus, Trace, TracedCall, TracedTurn } from "./trace.ts";

/** Of both traces. */
export interface Both<Value> {
  readonly a: Value;
  readonly b: Value;
}

/** Two traces, compared. Differences are what the second has more; times are in milliseconds. */
export interface Comparison {
  readonly figures: Both<Figures>;
  /** Turns that both have, in the order of the first. */
  readonly turns: readonly ComparedTurn[];
  /** Calls that both have, in the order of the first. */
  readonly calls: readonly ComparedCall[];
  /** The keys of turns and calls that only one has. */
  readonly onlyIn: Both<{ readonly turns: readonly string[]; readonly calls: readonly string[] }>;
}

/** A turn of both traces. */
export interface ComparedTurn {
  /** The keys. */
  readonly a: string;
  readonly b: string;
  readonly modelMs: Both<number>;
  /** From the turn's start to its last result. */
  readonly wallMs: Both<number>;
  readonly differenceMs: number;
}

/** A call of both traces. */
export interface ComparedCall {
  /** The keys. */
  readonly a: string;
  readonly b: string;
  readonly name: string;
  /** Undefined where content was removed, so that nobody knows. */
  readonly isSameInput: boolean | undefined;
  readonly status: Both<CallStatus>;
  readonly attempts: Both<number>;
  readonly runningMs: Both<number>;
  readonly waitedMs: Both<number>;
  /** Running and waiting together. */
  readonly differenceMs: number;
}

/** Compares two traces, or the run of the same name in both. */
export function compareTraces(a: Trace, b: Trace, run?: string): Comparison {
  const scopes = { a: scopeOf(a, run), b: scopeOf(b, run) };
  const turns = matchTurns(scopes.a.turns, scopes.b.turns);
  const calls = matchCalls(scopes, turns);
  const matchedTurns = { a: new Set(turns.keys()), b: new Set(turns.values()) };
  const matchedCalls = { a: new Set(calls.keys()), b: new Set(calls.values()) };
  const onlyIn = (side: "a" | "b") => ({
    turns: scopes[side].turns.filter((turn) => !matchedTurns[side].has(turn)).map(({ key }) => key),
    calls: scopes[side].calls.filter((call) => !matchedCalls[side].has(call)).map(({ key }) => key),
  });
  return {
    figures: { a: figuresOf(a, run), b: figuresOf(b, run) },
    turns: [...turns].map(([of, to]) => compareTurns({ a: of, b: to }, scopes)),
    calls: scopes.a.calls.flatMap((call) => {
      const other = calls.get(call);
      return other === undefined ? [] : [compareCalls({ a: call, b: other }, scopes)];
    }),
    onlyIn: { a: onlyIn("a"), b: onlyIn("b") },
  };
}

/** By the place of the run, the number of the turn, and how often it was asked for; batches of no turn by their place. */
function matchTurns(a: readonly TracedTurn[], b: readonly TracedTurn[]): Map<TracedTurn, TracedTurn> {
  const others = new Map(nameTurns(b).map(([name, turn]) => [name, turn]));
  const matches = new Map<TracedTurn, TracedTurn>();
  for (const [name, turn] of nameTurns(a)) {
    const other = others.get(name);
    if (other !== undefined) matches.set(turn, other);
  }
  return matches;
}

function nameTurns(turns: readonly TracedTurn[]): [name: string, turn: TracedTurn][] {
  const runs: (string | undefined)[] = [];
  const times = new Map<string, number>();
  return turns.map((turn) => {
    if (!runs.includes(turn.run)) runs.push(turn.run);
    const name = JSON.stringify([turn.run !== undefined && runs.indexOf(turn.run), turn.turn]);
    const time = times.get(name) ?? 0;
    times.set(name, time + 1);
    return [`${name} ${time}`, turn];
  });
}

function compareTurns(turns: Both<TracedTurn>, scopes: Both<TraceScope>): ComparedTurn {
  const model = ({ turn, fromMs, modelToMs }: TracedTurn, { toMs }: TraceScope) =>
    turn === undefined ? 0 : (modelToMs ?? toMs) - fromMs;
  const wall = (turn: TracedTurn, scope: TraceScope) =>
    (turn.toMs ?? turn.modelToMs ?? scope.toMs) - turn.fromMs;
  const wallMs = both((side) => wall(turns[side], scopes[side]));
  return {
    a: turns.a.key,
    b: turns.b.key,
    modelMs: both((side) => model(turns[side], scopes[side])),
    wallMs,
    differenceMs: wallMs.b - wallMs.a,
  };
}

function compareCalls(calls: Both<TracedCall>, scopes: Both<TraceScope>): ComparedCall {
  const runningMs = both((side) => workedMs(calls[side], scopes[side].toMs));
  const totalMs = both((side) => (calls[side].settledMs ?? scopes[side].toMs) - calls[side].queuedMs);
  return {
    a: calls.a.key,
    b: calls.b.key,
    name: calls.a.call.name,
    isSameInput: isSameInput(calls),
    status: both((side) => calls[side].status),
    attempts: both((side) => calls[side].attempts.length),
    runningMs,
    waitedMs: both((side) => totalMs[side] - runningMs[side]),
    differenceMs: totalMs.b - totalMs.a,
  };
}

function isSameInput({ a, b }: Both<TracedCall>): boolean | undefined {
  const inputs = [inputOf(a), inputOf(b)];
  return inputs.includes(undefined) ? undefined : inputs[0] === inputs[1];
}

function both<Value>(of: (side: "a" | "b") => Value): Both<Value> {
  return { a: of("a"), b: of("b") };
}
