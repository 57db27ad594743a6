/** Sessions for analyses, told in a few words. */
import { analyzeSessions, type AnalyzeOptions } from "../../src/analyze/analysis.ts";
import type { Session, SessionCall, SessionTurn } from "../../src/analyze/session.ts";

/** A call as a test tells it: its tool, its input, and what it read. */
export type ToldCall = readonly [name: string, input: unknown, result?: string, more?: Partial<SessionCall>];

/** A turn: its calls, or calls with a text, or what the user says next. */
export type ToldTurn =
  readonly ToldCall[] | { readonly text?: string; readonly calls: readonly ToldCall[] } | string;

/** A session that begins with a prompt. What is text among the turns is the user's. */
export function session(prompt: string, turns: readonly ToldTurn[], name = "told"): Session {
  const told: SessionTurn[] = [];
  let said = [{ by: "user" as const, text: prompt }];
  for (const turn of turns) {
    if (typeof turn === "string") {
      said = [...said, { by: "user", text: turn }];
      continue;
    }
    const { text = "", calls } = "calls" in turn ? turn : { calls: turn };
    told.push({ said, text, calls: calls.map(callOf) });
    said = [];
  }
  return { name, source: "told", turns: told };
}

/** The turns of each missed chain, counted from 1, with the chain's certainty. */
export function missed(told: Session, options: AnalyzeOptions = {}): string[] {
  return analyzeSessions([told], options).missed.map(
    ({ certainty, turns }) => `${turns.map(({ turn }) => turn).join("+")} ${certainty}`,
  );
}

function callOf(
  [name, input, result = "It says this and that.", more = {}]: ToldCall,
  i: number,
): SessionCall {
  return { id: `call-${i}`, name, input, result, images: 0, isError: false, ...more };
}
