/** Where two traces are compared: which row of the one is which of the other, and what each took in both. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { compareTraces, type Both, type Comparison } from "../../../src/trace/compare.ts";
import type { OpenedTrace } from "./opened-trace.ts";
import { openRow, type RowChoice, type View } from "./view.ts";

/** A row of the other trace. */
export interface Counterpart {
  readonly choice: RowChoice;
  /** Whether a call has the same input there. */
  readonly isSameInput: boolean;
  /** What it took here and there. */
  readonly times: readonly { readonly what: string; readonly hereMs: number; readonly thereMs: number }[];
}

/** By rows, `0/call:b1.2`; empty where there is one trace only. */
export type Counterparts = ReadonlyMap<string, Counterpart>;

/** Finds the rows of both traces that are the same. */
export function createCounterparts(traces: readonly OpenedTrace[]): ReadonlySignal<Counterparts> {
  return computed(() => {
    const [one, two] = traces;
    if (one === undefined || two === undefined) return new Map();
    return counterpartsOf(compareTraces(one.settled.value, two.settled.value));
  });
}

/** The row of the other trace that is this one. */
export function counterpartOf(
  counterparts: Counterparts,
  choice: RowChoice | undefined,
): Counterpart | undefined {
  return choice === undefined ? undefined : counterparts.get(keyOf(choice));
}

/** Goes from the row that is opened, or that the keyboard is at, to the same one of the other trace. */
export function goToCounterpart(view: View, counterparts: Counterparts): void {
  const other = counterpartOf(counterparts, view.opened.value ?? view.active.value);
  if (other === undefined) return;
  if (view.opened.value === undefined) view.active.value = other.choice;
  else openRow(view, other.choice);
}

function counterpartsOf({ turns, calls }: Comparison): Counterparts {
  const found = new Map<string, Counterpart>();
  const add = (
    rows: Both<string>,
    isSameInput: boolean,
    times: readonly (readonly [what: string, ms: Both<number>])[],
  ) => {
    for (const [trace, here, there] of [[0, "a", "b"] as const, [1, "b", "a"] as const]) {
      found.set(keyOf({ trace, row: rows[here] }), {
        choice: { trace: 1 - trace, row: rows[there] },
        isSameInput,
        times: times.map(([what, ms]) => ({ what, hereMs: ms[here], thereMs: ms[there] })),
      });
    }
  };
  for (const { a, b, modelMs, wallMs } of turns) {
    const times = [["model", modelMs] as const, ["until the last result", wallMs] as const];
    add({ a: `turn:${a}`, b: `turn:${b}` }, true, times);
  }
  for (const { a, b, isSameInput, runningMs, waitedMs } of calls) {
    const times = [["waited", waitedMs] as const, ["ran", runningMs] as const];
    add({ a: `call:${a}`, b: `call:${b}` }, isSameInput !== false, times);
  }
  return found;
}

function keyOf({ trace, row }: RowChoice): string {
  return `${trace}/${row}`;
}
