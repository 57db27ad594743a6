/** Whose turns follow one another: what makes one of them longer moves those behind it, and nobody else's. */
import type { TraceScope } from "./scope.ts";
import type { TracedTurn } from "./trace.ts";

/** Turns of which each waits for the one before it. */
export interface Conversation {
  readonly turns: readonly TracedTurn[];
  readonly toMs: number;
}

/** The turns of a scope, all of them as long as no two overlap; else by run, each of those of no run by itself: it may be anybody's. */
export function conversationsOf(scope: TraceScope): Conversation[] {
  const { turns, runs, toMs } = scope;
  if (!doOverlap(scope)) return [{ turns, toMs }];
  const ends = new Map(runs.map((run) => [run.name, run.toMs ?? toMs]));
  return [...Map.groupBy(turns, ({ run, key }) => run ?? key)].map(([name, own]) => ({
    turns: own,
    toMs: Math.max(ends.get(name) ?? 0, ...own.map((turn) => endOfTurn(turn, scope))),
  }));
}

/** Whether a turn starts before another is over. Turns are in the order of their start. */
function doOverlap(scope: TraceScope): boolean {
  let reachedMs = -Infinity;
  return scope.turns.some((turn) => {
    const isBefore = turn.fromMs < reachedMs;
    reachedMs = Math.max(reachedMs, endOfTurn(turn, scope));
    return isBefore;
  });
}

/** When a turn is over; one that goes on, with the scope. */
export function endOfTurn({ toMs }: TracedTurn, scope: Pick<TraceScope, "toMs">): number {
  return Math.min(scope.toMs, toMs ?? scope.toMs);
}
