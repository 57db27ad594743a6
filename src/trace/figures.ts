/**
 * What a trace comes to in numbers. Every place that shows one, in a terminal, a browser, JSON or a span, takes it from here.
 *
 * A call in a list or a plan counts as the model's own, and what holds it does not. Calls that a tool makes inside itself are
 * part of that tool's time.
 */
import type { WaitFor } from "../core/event.ts";
import { conversationsOf } from "./conversations.ts";
import { lowerBoundMs } from "./lower-bound.ts";
import { addTo, scopeOf, type TraceScope } from "./scope.ts";
import { coveredMs, type Span } from "./spans.ts";
import type { CallStatus, Stretch, Trace, TracedCall, TracedTurn, TracedWait } from "./trace.ts";

/** The numbers of a trace, or of one run of it. Times are in milliseconds. */
export interface Figures {
  /** From the start to the end, or to the last event. */
  readonly wallMs: number;
  /** Time in which the model wrote. */
  readonly modelMs: number;
  /** What all calls ran, added up. */
  readonly runningMs: number;
  /**
   * What it would have taken with each turn's calls one after the other once the model had stopped; of runs that overlap,
   * until the last of them would have ended. Never below `wallMs`.
   */
  readonly oneByOneMs: number;
  /** `oneByOneMs` less `wallMs`. */
  readonly savedMs: number;
  /**
   * What it would have taken had no limit been in the way: no slot, no rate, no pause before a retry; only the model, the
   * user's approvals, and calls that had to come after others. Never above `wallMs`.
   */
  readonly lowerBoundMs: number;
  /**
   * Input tokens that were not sent: with one call per turn, each further call of a turn would have been a request of its own,
   * with at least that turn's input. Undefined where no turn says what it took.
   */
  readonly savedInputTokens: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly turns: number;
  readonly calls: number;
  /** Calls per turn, over those that have ended and made any; 0 if none did. */
  readonly callsPerTurn: number;
  /** How many turns made so many calls. */
  readonly widths: Readonly<Record<number, number>>;
  /** The most calls that ran at the same time. */
  readonly maxOverlap: number;
  /** How calls ended. */
  readonly statuses: Readonly<Partial<Record<CallStatus, number>>>;
  /** Calls that did not end `ok`. */
  readonly errors: number;
  readonly retries: number;
  readonly hedges: number;
  /** What all calls waited, added up. */
  readonly waitedMs: number;
  /** The same by what for, and, for limits, locks and calls, by which. What is longest comes first. */
  readonly waits: readonly WaitTotal[];
}

/** What calls waited for one thing. */
export interface WaitTotal {
  readonly for: WaitFor["for"] | "unknown";
  /** The pool, the resource, or the call waited for. */
  readonly what: string | undefined;
  readonly ms: number;
  readonly calls: number;
}

/** The numbers of a trace, or of one run of it. */
export function figuresOf(trace: Trace, run?: string): Figures {
  const scope = scopeOf(trace, run);
  const own = modelsOwn(scope);
  const wallMs = scope.toMs - scope.fromMs;
  const byTurn = new Map<string, TracedCall[]>();
  for (const call of own) if (call.turn !== undefined) addTo(byTurn, call.turn, call);
  const perTurn = scope.turns.map((turn) => ({ turn, calls: byTurn.get(turn.key) ?? [] }));
  const savedMs = savedIn(scope, new Map(perTurn.map(({ turn, calls }) => [turn, savedOf(turn, calls)])));
  // What a response made that broke off is void.
  const whole = perTurn.filter(({ turn }) => turn.status === "ended");
  const widths = widthsOf(whole.map(({ calls }) => calls.length));
  const statuses: Partial<Record<CallStatus, number>> = {};
  for (const { status } of own) statuses[status] = (statuses[status] ?? 0) + 1;
  const attempts = scope.calls.flatMap((call) => call.attempts);
  const waits = waitsOf(own);
  return {
    wallMs,
    modelMs: coveredMs(scope.turns.flatMap((turn) => modelSpan(turn, scope.toMs))),
    runningMs: own.reduce((sum, call) => sum + workedMs(call, scope.toMs), 0),
    oneByOneMs: wallMs + savedMs,
    savedMs,
    lowerBoundMs: lowerBoundMs(scope),
    savedInputTokens: savedTokens(whole),
    inputTokens: scope.turns.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0), 0),
    outputTokens: scope.turns.reduce((sum, { usage }) => sum + (usage?.outputTokens ?? 0), 0),
    turns: scope.turns.length,
    calls: own.length,
    callsPerTurn: average(widths),
    widths,
    maxOverlap: maxOverlap(own, scope.toMs),
    statuses,
    errors: own.filter(({ status }) => status !== "ok" && status !== "going").length,
    retries: attempts.filter(({ as }) => as === "retry").length,
    hedges: attempts.filter(({ as }) => as === "hedge").length,
    waitedMs: waits.reduce((sum, { ms }) => sum + ms, 0),
    waits,
  };
}

/** The calls that the model asked for, in lists and plans too. */
export function modelsOwn({ calls }: Pick<TraceScope, "calls">): TracedCall[] {
  const byKey = new Map(calls.map((call) => [call.key, call]));
  const isOwn = ({ parent }: TracedCall): boolean => {
    const around = parent === undefined ? undefined : byKey.get(parent);
    return around === undefined || (around.isWrapper && isOwn(around));
  };
  return calls.filter((call) => !call.isWrapper && isOwn(call));
}

/** For how long a call worked, in vain or not. */
export function workedMs({ stretches }: Pick<TracedCall, "stretches">, endMs: number): number {
  return sum(stretches.filter(isWork), endMs);
}

function isWork({ kind }: Stretch): boolean {
  return kind !== "wait";
}

function sum(stretches: readonly Stretch[], endMs: number): number {
  return stretches.reduce((ms, { fromMs, toMs }) => ms + (toMs ?? endMs) - fromMs, 0);
}

function modelSpan({ turn, fromMs, modelToMs }: TracedTurn, endMs: number): Span[] {
  return turn === undefined ? [] : [[fromMs, modelToMs ?? endMs]];
}

/** What each turn saved would have moved the end of its conversation, and the last of them the end of all. */
function savedIn(scope: TraceScope, saved: ReadonlyMap<TracedTurn, number>): number {
  return conversationsOf(scope).reduce((most, { turns, toMs }) => {
    const savedMs = turns.reduce((ms, turn) => ms + (saved.get(turn) ?? 0), 0);
    return Math.max(most, savedMs - (scope.toMs - toMs));
  }, 0);
}

/** What a turn's calls would have taken one by one behind the model's last word, less what they did take. */
function savedOf(turn: TracedTurn, calls: readonly TracedCall[]): number {
  const begins = turn.turn === undefined ? turn.fromMs : turn.modelToMs;
  // A turn that is broken was discarded; of one that goes on nothing is known yet.
  if (turn.status !== "ended" || turn.toMs === undefined || begins === undefined) return 0;
  const oneByOneMs = calls.reduce((ms, call) => ms + (call.startedMs === undefined ? 0 : ranMs(call)), 0);
  return Math.max(0, oneByOneMs - (turn.toMs - begins));
}

/** From the first attempt to the end, as the outcome says. */
function ranMs({ startedMs = 0, settledMs = startedMs }: TracedCall): number {
  return settledMs - startedMs;
}

function savedTokens(
  perTurn: readonly { readonly turn: TracedTurn; readonly calls: readonly TracedCall[] }[],
) {
  const known = perTurn.filter(({ turn }) => turn.usage !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce(
    (tokens, { turn, calls }) => tokens + Math.max(0, calls.length - 1) * (turn.usage?.inputTokens ?? 0),
    0,
  );
}

function widthsOf(counts: readonly number[]): Record<number, number> {
  const widths: Record<number, number> = {};
  for (const count of counts) if (count > 0) widths[count] = (widths[count] ?? 0) + 1;
  return widths;
}

function average(widths: Readonly<Record<number, number>>): number {
  let calls = 0;
  let turns = 0;
  for (const [width, count] of Object.entries(widths)) {
    calls += Number(width) * count;
    turns += count;
  }
  return turns === 0 ? 0 : calls / turns;
}

function maxOverlap(calls: readonly TracedCall[], endMs: number): number {
  const changes = calls
    .flatMap(({ stretches }) => stretches.filter(isWork))
    .flatMap(({ fromMs, toMs = endMs }) => [
      { at: fromMs, by: 1, order: 1 },
      // What ends at a moment ends before what starts then, unless it took no time.
      { at: toMs, by: -1, order: toMs === fromMs ? 2 : 0 },
    ])
    .sort((a, b) => a.at - b.at || a.order - b.order);
  let running = 0;
  let most = 0;
  for (const { by } of changes) most = Math.max(most, (running += by));
  return most;
}

function waitsOf(calls: readonly TracedCall[]): WaitTotal[] {
  const totals = new Map<string, { -readonly [Field in keyof WaitTotal]: WaitTotal[Field] }>();
  for (const { stretches } of calls) {
    const counted = new Set<string>();
    for (const stretch of stretches) {
      // What has not ended is not known.
      if (stretch.kind !== "wait" || stretch.toMs === undefined) continue;
      const { for: kind } = stretch.wait;
      const what = whatOf(stretch.wait);
      const id = JSON.stringify([kind, what]);
      const total = totals.get(id) ?? { for: kind, what, ms: 0, calls: 0 };
      total.ms += stretch.toMs - stretch.fromMs;
      if (!counted.has(id)) total.calls++;
      counted.add(id);
      totals.set(id, total);
    }
  }
  return [...totals.values()].sort((a, b) => b.ms - a.ms);
}

/** What a wait is for: the pool, the resource, or the key of the call. */
export function whatOf(wait: TracedWait): string | undefined {
  switch (wait.for) {
    case "lock":
      return wait.resource;
    case "call":
      return wait.call;
    case "slot":
    case "rate":
      return wait.pool;
    case "validation":
    case "close":
    case "approval":
    case "retry":
    case "unknown":
      return undefined;
  }
}
