/** Figures by tool, by session and by width. */
import type { Chain } from "./chains.ts";
import { resultTokens } from "./savings.ts";
import type { Session, SessionCall } from "./session.ts";

/** How many turns made so many calls. */
export interface WidthCount {
  readonly width: number;
  readonly turns: number;
}

/** A tool's calls. */
export interface ToolFigures {
  readonly name: string;
  readonly calls: number;
  /** What its calls were taken for. */
  readonly reads: number;
  readonly errors: number;
  /** Tokens of all of its results: estimated. */
  readonly resultTokens: number;
  /** How long a call took on average, where that is known. */
  readonly averageMs: number | undefined;
}

/** A session's turns. */
export interface SessionFigures {
  readonly name: string;
  readonly source: string;
  readonly turns: number;
  readonly toolTurns: number;
  readonly calls: number;
  /** Calls per turn that makes calls; 0 if none does. */
  readonly callsPerTurn: number;
  /** The same if what could have been together had been. */
  readonly reachable: number;
  readonly roundTrips: number;
  /** Undefined where it was not recorded. */
  readonly inputTokens: number | undefined;
}

/** A result and the call that it answers. */
export interface BigResult {
  readonly session: string;
  /** The turn, from 1. */
  readonly turn: number;
  readonly call: Pick<SessionCall, "name" | "input">;
  /** Estimated. */
  readonly tokens: number;
}

/** How wide turns with calls were. */
export function widthsOf(sessions: readonly Session[]): WidthCount[] {
  const counts = new Map<number, number>();
  for (const { calls } of sessions.flatMap(({ turns }) => turns)) {
    if (calls.length > 0) counts.set(calls.length, (counts.get(calls.length) ?? 0) + 1);
  }
  return [...counts].map(([width, turns]) => ({ width, turns })).toSorted((a, b) => a.width - b.width);
}

/** The tools, those with most calls first. */
export function toolFigures(
  sessions: readonly Session[],
  kindOf: (call: SessionCall) => "read" | "write",
): ToolFigures[] {
  const calls = sessions.flatMap(({ turns }) => turns.flatMap((turn) => turn.calls));
  return [...Map.groupBy(calls, ({ name }) => name)]
    .map(([name, own]): ToolFigures => {
      const times = own.flatMap(({ startedAt, endedAt }) =>
        startedAt === undefined || endedAt === undefined ? [] : [Math.max(0, endedAt - startedAt)],
      );
      return {
        name,
        calls: own.length,
        reads: own.filter((call) => kindOf(call) === "read").length,
        errors: own.filter(({ isError }) => isError).length,
        resultTokens: own.reduce((sum, call) => sum + resultTokens(call), 0),
        averageMs: times.length === 0 ? undefined : times.reduce((sum, ms) => sum + ms, 0) / times.length,
      };
    })
    .toSorted((a, b) => b.calls - a.calls || a.name.localeCompare(b.name));
}

/** A session's figures. */
export function sessionFigures({ name, source, turns }: Session, chains: readonly Chain[]): SessionFigures {
  const toolTurns = turns.filter(({ calls }) => calls.length > 0).length;
  const calls = turns.reduce((sum, turn) => sum + turn.calls.length, 0);
  const roundTrips = chains.reduce((sum, { links }) => sum + links.length, 0);
  const tokens = turns.flatMap(({ inputTokens }) => inputTokens ?? []);
  return {
    name,
    source,
    turns: turns.length,
    toolTurns,
    calls,
    callsPerTurn: perTurn(calls, toolTurns),
    reachable: perTurn(calls, toolTurns - roundTrips),
    roundTrips,
    inputTokens: tokens.length === 0 ? undefined : tokens.reduce((sum, one) => sum + one, 0),
  };
}

/** The biggest results, of 100 tokens and more. */
export function biggestResults(sessions: readonly Session[], count: number): BigResult[] {
  return sessions
    .flatMap(({ name, turns }) =>
      turns.flatMap(({ calls }, turn) =>
        calls.map((call): BigResult => {
          const asked = { name: call.name, input: call.input };
          return { session: name, turn: turn + 1, call: asked, tokens: resultTokens(call) };
        }),
      ),
    )
    .filter(({ tokens }) => tokens >= 100)
    .toSorted((a, b) => b.tokens - a.tokens)
    .slice(0, count);
}

/** Calls by turns: 0 where there are none. */
export function perTurn(calls: number, turns: number): number {
  return turns === 0 ? 0 : calls / turns;
}
