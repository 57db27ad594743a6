/** A part of a trace that is looked at by itself: one run, or all that is in it. */
import type { Trace, TracedCall, TracedRun, TracedTurn } from "./trace.ts";

/** What figures and paths are of. */
export interface TraceScope {
  readonly fromMs: number;
  readonly toMs: number;
  readonly runs: readonly TracedRun[];
  /** In the order of their start. */
  readonly turns: readonly TracedTurn[];
  /** All of its calls, those inside others too. */
  readonly calls: readonly TracedCall[];
  /** Of each turn, by its key: the calls that no other call holds. */
  readonly callsOf: ReadonlyMap<string, readonly TracedCall[]>;
  /** Of each call, by its key: those that it holds. */
  readonly inside: ReadonlyMap<string, readonly TracedCall[]>;
}

/** All of a trace, or one run of it: of a trace that holds just one run, that. */
export function scopeOf(trace: Trace, run?: string): TraceScope {
  const turns = run === undefined ? trace.turns : trace.turns.filter((turn) => turn.run === run);
  const keys = new Set(turns.map(({ key }) => key));
  const calls =
    run === undefined ? trace.calls : trace.calls.filter(({ turn }) => turn !== undefined && keys.has(turn));
  const [only] = trace.runs;
  const whole =
    trace.runs.length === 1 && trace.turns.every((turn) => turn.run === only?.name) ? only : undefined;
  const traced = run === undefined ? whole : trace.runs.find(({ name }) => name === run);
  const fromMs = traced?.fromMs ?? Math.min(trace.endMs, ...firsts(turns, calls));
  const callsOf = new Map<string, TracedCall[]>();
  const inside = new Map<string, TracedCall[]>();
  for (const call of calls) {
    if (call.parent !== undefined) addTo(inside, call.parent, call);
    else if (call.turn !== undefined) addTo(callsOf, call.turn, call);
  }
  return {
    fromMs,
    toMs: traced?.toMs ?? lastMoment(turns, calls, trace.endMs),
    runs: run === undefined ? trace.runs : trace.runs.filter(({ name }) => name === run),
    turns,
    calls,
    callsOf,
    inside,
  };
}

/** The part of a trace that is each run's, by its name: of very many runs each is looked at much faster by itself. */
export function tracesOfRuns(trace: Trace): ReadonlyMap<string, Trace> {
  const turnsOf = Map.groupBy(trace.turns, ({ run }) => run);
  const runOf = new Map(trace.turns.map(({ key, run }) => [key, run]));
  const callsOf = Map.groupBy(trace.calls, ({ turn }) => runOf.get(turn ?? ""));
  return new Map(
    trace.runs.map((run) => {
      const { name } = run;
      return [
        name,
        { ...trace, runs: [run], turns: turnsOf.get(name) ?? [], calls: callsOf.get(name) ?? [] },
      ];
    }),
  );
}

function firsts(turns: readonly TracedTurn[], calls: readonly TracedCall[]): number[] {
  return [turns[0]?.fromMs, calls[0]?.queuedMs].filter((ms) => ms !== undefined);
}

/** The end of what has ended; of what goes on, the end of the trace. */
function lastMoment(turns: readonly TracedTurn[], calls: readonly TracedCall[], endMs: number): number {
  let last = 0;
  for (const { toMs } of turns) last = Math.max(last, toMs ?? endMs);
  for (const { settledMs } of calls) last = Math.max(last, settledMs ?? endMs);
  return turns.length + calls.length === 0 ? endMs : last;
}

/** Adds an item to the list of a key. */
export function addTo<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
