/** A trace as the rows of a waterfall: a turn, then its calls, each with those that it holds behind it. */
import { scopeOf, type TraceScope } from "../../trace/scope.ts";
import type { Trace, TracedCall, TracedTurn } from "../../trace/trace.ts";
import { oneLine } from "../format.ts";
import { labelOf } from "../call-words.ts";

/** A turn, or a call. */
export type Row = TurnRow | CallRow;

/** A turn. */
export interface TurnRow {
  readonly kind: "turn";
  readonly label: string;
  readonly turn: TracedTurn;
}

/** A call. */
export interface CallRow {
  readonly kind: "call";
  readonly label: string;
  readonly call: TracedCall;
}

/** The rows of a trace, or of one run of it. */
export function rowsOf(trace: Trace, run?: string): Row[] {
  const scope = scopeOf(trace, run);
  const rows: Row[] = [];
  for (const turn of scope.turns) {
    rows.push({ kind: "turn", label: labelOfTurn(turn), turn });
    for (const call of scope.callsOf.get(turn.key) ?? []) addCall(rows, call, scope);
  }
  // Of a trace whose beginning is missing.
  for (const call of scope.calls)
    if (call.turn === undefined && call.parent === undefined) addCall(rows, call, scope);
  return rows;
}

function addCall(rows: Row[], call: TracedCall, scope: TraceScope): void {
  rows.push({ kind: "call", label: labelOf(call.call), call });
  for (const inner of scope.inside.get(call.key) ?? []) addCall(rows, inner, scope);
}

/** A turn that is asked for again has the number of its try behind that of its run and its own. */
function labelOfTurn({ key, run, turn }: TracedTurn): string {
  if (turn === undefined) return oneLine(`batch ${key}`);
  const again = key.slice(run === undefined ? `t${turn}`.length : `${run}/${turn}`.length);
  return oneLine(`model, turn ${turn}${again === "" ? "" : `, try ${again.slice(1)}`}`);
}
