/** A trace as rows: its turns, below each its calls, below each of these the calls inside it. */
import type { Trace, TracedCall, TracedTurn } from "../../../src/trace/trace.ts";

/** A row of the waterfall. */
export type Row = TurnRow | CallRow;

interface RowFacts {
  /** Unique in its trace: `turn:r1/2`, `call:b1.2`. */
  readonly id: string;
  /** From 1. */
  readonly level: number;
  readonly hasCalls: boolean;
  readonly isCollapsed: boolean;
}

/** A turn, or a batch of no turn. */
export interface TurnRow extends RowFacts {
  readonly kind: "turn";
  readonly turn: TracedTurn;
  /** The calls that the model made in it. */
  readonly calls: readonly TracedCall[];
}

/** A call. */
export interface CallRow extends RowFacts {
  readonly kind: "call";
  readonly call: TracedCall;
}

/** What is left out of the rows. */
export interface RowChoices {
  /** Whether a call is wanted; undefined if all are. What holds it is shown with it. */
  readonly wants: ((call: TracedCall) => boolean) | undefined;
  readonly isCollapsed: (id: string) => boolean;
  /** A row that is shown in any case: the one that is open beside them. */
  readonly kept: string | undefined;
}

/** The rows of a trace, in the order in which they are shown. */
export function rowsOf(trace: Pick<Trace, "turns" | "calls">, choices: RowChoices): Row[] {
  const tree = treeOf(trace.calls);
  const { kept } = choices;
  const wants =
    choices.wants && ((call: TracedCall) => choices.wants?.(call) === true || `call:${call.key}` === kept);
  const wanted = wantedOf(trace.calls, wants);
  const rows: Row[] = [];
  const addCalls = (calls: readonly TracedCall[], level: number) => {
    for (const call of calls) {
      if (wanted?.has(call.key) === false) continue;
      const id = `call:${call.key}`;
      const inside = tree.inside.get(call.key) ?? [];
      const isCollapsed = inside.length > 0 && choices.isCollapsed(id);
      rows.push({ kind: "call", id, call, level, hasCalls: inside.length > 0, isCollapsed });
      if (!isCollapsed) addCalls(inside, level + 1);
    }
  };
  for (const turn of trace.turns) {
    const calls = tree.ofTurn.get(turn.key) ?? [];
    const id = `turn:${turn.key}`;
    if (wanted !== undefined && id !== kept && !calls.some(({ key }) => wanted.has(key))) continue;
    const isCollapsed = calls.length > 0 && choices.isCollapsed(id);
    rows.push({ kind: "turn", id, turn, calls, level: 1, hasCalls: calls.length > 0, isCollapsed });
    if (!isCollapsed) addCalls(calls, 2);
  }
  // Of a trace whose beginning is missing.
  addCalls(tree.ofTurn.get(undefined) ?? [], 1);
  return rows;
}

interface CallTree {
  readonly ofTurn: ReadonlyMap<string | undefined, readonly TracedCall[]>;
  readonly inside: ReadonlyMap<string, readonly TracedCall[]>;
}

function treeOf(calls: readonly TracedCall[]): CallTree {
  const ofTurn = new Map<string | undefined, TracedCall[]>();
  const inside = new Map<string, TracedCall[]>();
  for (const call of calls) {
    if (call.parent === undefined) add(ofTurn, call.turn, call);
    else add(inside, call.parent, call);
  }
  return { ofTurn, inside };
}

function wantedOf(calls: readonly TracedCall[], wants: RowChoices["wants"]): Set<string> | undefined {
  if (wants === undefined) return undefined;
  const byKey = new Map(calls.map((call) => [call.key, call]));
  const wanted = new Set<string>();
  for (const call of calls) {
    if (!wants(call)) continue;
    for (let each: TracedCall | undefined = call; each !== undefined; each = byKey.get(each.parent ?? ""))
      wanted.add(each.key);
  }
  return wanted;
}

function add<Key>(lists: Map<Key, TracedCall[]>, key: Key, call: TracedCall): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [call]);
  else list.push(call);
}
