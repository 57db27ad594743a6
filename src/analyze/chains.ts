/** Chains of turns whose calls could have been made in the first of them. */
import { judgeTurn, opensChain, type Certainty, type Evidence, type Judge } from "./judge-turn.ts";
import { OpenChain } from "./open-chain.ts";
import type { SessionTurn } from "./session.ts";

/** Nobody asks for so much at once. */
const MAX_LINKS = 99;

/** A turn that could have been saved. */
export interface Link {
  /** Its place in the session, from 0. */
  readonly turn: number;
  readonly certainty: Certainty;
  readonly evidence: readonly Evidence[];
}

/** Turns of a session, right behind one another, that could have been one. */
export interface Chain {
  /** The turn in which all the calls could have been made, from 0. */
  readonly head: number;
  /** The turns that would not have been needed: at least one. */
  readonly links: readonly Link[];
}

/** Finds the chains of a session. Each turn is in one at most. */
export function findChains(judge: Judge): Chain[] {
  const { turns } = judge.session;
  const chains: Chain[] = [];
  let head = 0;
  while (head < turns.length) {
    const links = linksOf(head, judge);
    if (links.length > 0) chains.push({ head, links });
    head += links.length + 1;
  }
  return chains;
}

function linksOf(head: number, judge: Judge): Link[] {
  const { turns } = judge.session;
  const first = turns[head];
  const links: Link[] = [];
  if (first === undefined || !opensChain(first, judge)) return links;
  const chain = new OpenChain(head, judge.memory);
  chain.add(first, head);
  for (let turn = head + 1; turn < turns.length && links.length < MAX_LINKS; turn++) {
    const next = turns[turn] as SessionTurn;
    const verdict = judgeTurn(next, turn, { chain, judge });
    if (verdict.kind === "not") break;
    chain.add(next, turn);
    links.push({ turn, certainty: verdict.certainty, evidence: verdict.evidence });
  }
  return links;
}
