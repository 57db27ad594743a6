/** Calls that asked what had been asked before in their session, with nothing written in between. */
import type { Session, SessionCall } from "./session.ts";

/** A call that was made more than once. */
export interface Duplicate {
  readonly session: string;
  readonly call: Pick<SessionCall, "name" | "input">;
  /** The turns of all of them, from 1; one that has it twice stands there twice. */
  readonly turns: readonly number[];
  /** How many of them read the same as the one before. */
  readonly sameResults: number;
}

/** Finds the reads of a session that were made again. */
export function findDuplicates(
  { name, turns }: Session,
  kindOf: (call: SessionCall) => "read" | "write",
): Duplicate[] {
  const found: (Duplicate & { turns: number[]; sameResults: number; last: SessionCall })[] = [];
  let open = new Map<string, (typeof found)[number]>();
  for (const [i, { calls }] of turns.entries()) {
    const turn = i + 1;
    for (const call of calls) {
      if (call.input === undefined) continue;
      if (kindOf(call) === "write") {
        open = new Map();
        continue;
      }
      const key = `${call.name} ${JSON.stringify(call.input)}`;
      const known = open.get(key);
      if (known === undefined) {
        const asked = { name: call.name, input: call.input };
        const first = { session: name, call: asked, turns: [turn], sameResults: 0, last: call };
        open.set(key, first);
        found.push(first);
      } else {
        known.turns.push(turn);
        if (call.result !== undefined && call.result === known.last.result) known.sameResults++;
        known.last = call;
      }
    }
  }
  return found
    .filter((one) => one.turns.length > 1)
    .map(({ session, call, turns: all, sameResults }) => ({ session, call, turns: all, sameResults }));
}
