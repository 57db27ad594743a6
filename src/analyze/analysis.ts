/** The analysis of sessions: all that a report tells. */
import { findChains, type Chain } from "./chains.ts";
import { findDuplicates, type Duplicate } from "./duplicates.ts";
import type { Certainty, Evidence } from "./judge-turn.ts";
import { Memory } from "./memory.ts";
import { addSavings, NO_SAVINGS, savingsOf, TextTokens, type Savings } from "./savings.ts";
import type { Session, SessionCall } from "./session.ts";
import {
  biggestResults,
  perTurn,
  sessionFigures,
  toolFigures,
  widthsOf,
  type BigResult,
  type SessionFigures,
  type ToolFigures,
  type WidthCount,
} from "./tables.ts";
import { createKindOf, type ToolKinds } from "./tool-kind.ts";

/** What sessions are analysed with. */
export interface AnalyzeOptions extends ToolKinds {
  /** How many of the biggest results are listed. @default 10 */
  readonly biggest?: number | undefined;
}

/** A turn of a chain. */
export interface ChainTurn {
  /** Its number in the session, from 1. */
  readonly turn: number;
  readonly calls: readonly Pick<SessionCall, "name" | "input">[];
  /** How sure it is that it was not needed; of the first, which was, undefined. */
  readonly certainty: Certainty | undefined;
  /** Why, value by value. */
  readonly evidence: readonly Evidence[];
}

/** Turns that could have been one. */
export interface MissedChain {
  readonly session: string;
  /** Likely as soon as one of its turns is. */
  readonly certainty: Certainty;
  readonly turns: readonly ChainTurn[];
  readonly saved: Savings;
}

/** What an analysis finds. Plain JSON; `version` changes when a field changes its meaning or goes. */
export interface Analysis {
  readonly version: 1;
  readonly turns: number;
  readonly toolTurns: number;
  readonly calls: number;
  /** Calls whose input or result was not recorded: nothing is said of these. */
  readonly unknownCalls: number;
  /** Calls per turn that makes calls. */
  readonly callsPerTurn: number;
  /** The same if what could have been together had been. */
  readonly reachable: { readonly certain: number; readonly likely: number };
  readonly widths: readonly WidthCount[];
  readonly missed: readonly MissedChain[];
  /** What all missed chains cost; `certain` is the part of the turns that are. */
  readonly saved: { readonly certain: Savings; readonly all: Savings };
  readonly duplicates: readonly Duplicate[];
  readonly biggest: readonly BigResult[];
  readonly tools: readonly ToolFigures[];
  readonly sessions: readonly SessionFigures[];
}

/** Analyses sessions. Pure; what it says of missed parallelism is an estimate. */
export function analyzeSessions(sessions: readonly Session[], options: AnalyzeOptions = {}): Analysis {
  const kindOf = createKindOf(options);
  const found = sessions.map((session) => {
    const chains = findChains({ session, memory: new Memory(session), kindOf });
    return { session, chains, texts: new TextTokens(session) };
  });
  const figures = found.map(({ session, chains }) => sessionFigures(session, chains));
  const calls = sum(figures.map((one) => one.calls));
  const toolTurns = sum(figures.map((one) => one.toolTurns));
  const all = found.flatMap(({ session, chains, texts }) =>
    chains.map((chain) => savingsOf(chain, session, texts)),
  );
  const certain = found.flatMap(({ session, chains, texts }) =>
    chains.map((chain) => savingsOf(certainPart(chain), session, texts)),
  );
  const saved = { certain: certain.reduce(addSavings, NO_SAVINGS), all: all.reduce(addSavings, NO_SAVINGS) };
  return {
    version: 1,
    turns: sum(figures.map(({ turns }) => turns)),
    toolTurns,
    calls,
    unknownCalls: sessions
      .flatMap(callsOf)
      .filter(({ input, result }) => input === undefined || result === undefined).length,
    callsPerTurn: perTurn(calls, toolTurns),
    reachable: {
      certain: perTurn(calls, toolTurns - saved.certain.roundTrips),
      likely: perTurn(calls, toolTurns - saved.all.roundTrips),
    },
    widths: widthsOf(sessions),
    missed: found.flatMap(({ session, chains, texts }) =>
      chains.map((chain) => missedChain(chain, session, texts)),
    ),
    saved,
    duplicates: sessions.flatMap((session) => findDuplicates(session, kindOf)),
    biggest: biggestResults(sessions, options.biggest ?? 10),
    tools: toolFigures(sessions, kindOf),
    sessions: figures,
  };
}

function certainPart({ head, links }: Chain): Chain {
  return { head, links: links.filter(({ certainty }) => certainty === "certain") };
}

function missedChain(chain: Chain, session: Session, texts: TextTokens): MissedChain {
  const callsAt = (turn: number) =>
    (session.turns[turn]?.calls ?? []).map(({ name, input }) => ({ name, input }));
  const first: ChainTurn = {
    turn: chain.head + 1,
    calls: callsAt(chain.head),
    certainty: undefined,
    evidence: [],
  };
  const others = chain.links.map(({ turn, certainty, evidence }): ChainTurn => ({
    turn: turn + 1,
    calls: callsAt(turn),
    certainty,
    evidence: evidence.map(fromOne),
  }));
  return {
    session: session.name,
    certainty: chain.links.every(({ certainty }) => certainty === "certain") ? "certain" : "likely",
    turns: [first, ...others],
    saved: savingsOf(chain, session, texts),
  };
}

/** Evidence for people, who count from 1. */
function fromOne(evidence: Evidence): Evidence {
  const { origin, likeTurn } = evidence;
  return {
    ...evidence,
    origin: { ...origin, turn: origin.turn + 1 },
    likeTurn: likeTurn === undefined ? undefined : likeTurn + 1,
  };
}

function callsOf({ turns }: Session): readonly SessionCall[] {
  return turns.flatMap(({ calls }) => calls);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
