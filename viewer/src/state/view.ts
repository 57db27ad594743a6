/** What the user looks at, and how: everything that a link to the page can say, and what it cannot. */
import { signal, type Signal } from "@preact/signals";
import type { CallStatus } from "../../../src/trace/trace.ts";

/** A part of the axis of time, in milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A row of one of the traces. */
export interface RowChoice {
  /** The place of the trace: 0, or 1 for the second of two. */
  readonly trace: number;
  /** `turn:r1/2` or `call:b1.2`. */
  readonly row: string;
}

/** The state of the page. */
export interface View {
  readonly shows: Signal<"waterfall" | "table">;
  /** Undefined while all of it is shown. */
  readonly range: Signal<TimeRange | undefined>;
  /** One run of a trace that holds several; undefined for all. */
  readonly run: Signal<string | undefined>;
  readonly search: Signal<string>;
  /** Undefined for all. */
  readonly tools: Signal<ReadonlySet<string> | undefined>;
  /** Undefined for all. */
  readonly statuses: Signal<ReadonlySet<CallStatus> | undefined>;
  readonly showsPath: Signal<boolean>;
  /** What the keyboard is at. */
  readonly active: Signal<RowChoice | undefined>;
  /** What the side panel shows. */
  readonly opened: Signal<RowChoice | undefined>;
  /** What the pointer is over. */
  readonly hovered: Signal<RowChoice | undefined>;
  /** Rows whose calls are hidden, as `0/call:b1.2`. */
  readonly collapsed: Signal<ReadonlySet<string>>;
  readonly showsHelp: Signal<boolean>;
  /** Which stop of the critical path was come to last. */
  readonly pathStop: Signal<number>;
}

/** A view of everything. */
export function createView(): View {
  return {
    shows: signal("waterfall"),
    range: signal(undefined),
    run: signal(undefined),
    search: signal(""),
    tools: signal(undefined),
    statuses: signal(undefined),
    showsPath: signal(true),
    active: signal(undefined),
    opened: signal(undefined),
    hovered: signal(undefined),
    collapsed: signal(new Set<string>()),
    showsHelp: signal(false),
    pathStop: signal(0),
  };
}

/** Shows or hides the calls inside a row. */
export function toggleCollapsed({ collapsed }: View, { trace, row }: RowChoice): void {
  const id = `${trace}/${row}`;
  const next = new Set(collapsed.value);
  if (!next.delete(id)) next.add(id);
  collapsed.value = next;
}

/** What a row is in. */
export interface RowPlace {
  readonly run: string | undefined;
  /** The rows that it is below of. */
  readonly around: readonly string[];
}

/** Opens a row in the side panel, and shows what it is in. */
export function revealRow(view: View, choice: RowChoice, { run, around }: RowPlace): void {
  if (view.run.value !== run) view.run.value = undefined;
  const folded = new Set(view.collapsed.value);
  for (const row of around) folded.delete(`${choice.trace}/${row}`);
  if (folded.size < view.collapsed.value.size) view.collapsed.value = folded;
  openRow(view, choice);
}

/** Opens a row in the side panel, and has the keyboard be at it. */
export function openRow(view: View, choice: RowChoice): void {
  view.active.value = choice;
  view.opened.value = choice;
}
