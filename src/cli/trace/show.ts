/** A trace as a waterfall that is over, or as far as it goes: its runs, what is on the critical path, the limits in use. Pure. */
import { criticalPath, type PathStep } from "../../trace/critical-path.ts";
import { figuresOf } from "../../trace/figures.ts";
import { scopeOf } from "../../trace/scope.ts";
import type { Trace, TracedRun } from "../../trace/trace.ts";
import type { Colours } from "../colours.ts";
import { formatCount, formatMs, formatPlural } from "../../trace/format.ts";
import { clip, oneLine, wrap } from "../format.ts";
import { renderSegments } from "../waterfall/bar.ts";
import { INDENT, layOut, type Layout } from "../waterfall/layout.ts";
import { PATH_SIGN, renderAxisLine, renderRow } from "../waterfall/render.ts";
import { rowsOf, type Row } from "../waterfall/rows.ts";
import type { Segment } from "../waterfall/segments.ts";
import { legendOf } from "./legend.ts";
import { chooseRows } from "./row-choice.ts";
import { renderSlots } from "./slots.ts";

/** What is shown, and where. */
export interface ShowOptions {
  /** One run of the trace. @default all of it */
  readonly run?: string | undefined;
  /** Calls that are shown at most. @default all */
  readonly limit?: number | undefined;
  /** Columns of the terminal. Minimum: 60. */
  readonly width: number;
  readonly colours: Colours;
}

/** The lines of a trace. */
export function renderTrace(trace: Trace, options: ShowOptions): string[] {
  const { run, limit = Infinity, width, colours } = options;
  const { fromMs, toMs } = scopeOf(trace, run);
  const path = criticalPath(trace, run);
  const onPath = keysOf(path);
  const all = rowsOf(trace, run);
  const { rows, left } = chooseRows(all, limit, onPath);
  const layout = layOut(rows, { width, fromMs, spanMs: toMs - fromMs, nowMs: toMs, isRoomy: true });
  const drawRow = (row: Row) => renderRow(row, { layout, colours, isOnPath: onPath.has(keyOf(row)) });
  return [
    ...legendOf(all, width, colours).map((line) => INDENT + line),
    "",
    renderAxisLine({ layout, colours }),
    ...byRun(trace, rows, run).flatMap(({ title, rows: some }, i) => [
      ...(title === undefined ? [] : [...(i === 0 ? [] : [""]), INDENT + colours.underline(title)]),
      ...some.map(drawRow),
    ]),
    "",
    ...(path.some(({ kind }) => kind !== "outside") ? [renderPath(path, layout, colours)] : []),
    ...renderSlots(trace, layout, colours),
    ...tellLeft(left, all, width),
  ];
}

/** What a trace is, in a line. */
export function tellTrace(trace: Trace, run: string | undefined): string {
  const { turns, calls, wallMs, oneByOneMs, savedMs } = figuresOf(trace, run);
  const runs = trace.runs.length;
  const [only] = trace.runs;
  const traced =
    run === undefined ? (runs === 1 ? only : undefined) : trace.runs.find(({ name }) => name === run);
  return [
    traced === undefined ? (runs > 1 ? formatPlural(runs, "run") : "") : tellRun(traced),
    formatPlural(turns, "turn"),
    formatPlural(calls, "call"),
    formatMs(wallMs) + (savedMs < 1 ? "" : ` (one by one ${formatMs(oneByOneMs)})`),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function tellRun({ name, status }: TracedRun): string {
  return `run ${oneLine(name)} ${status === "going" ? "goes on" : status}`;
}

interface Group {
  readonly title: string | undefined;
  readonly rows: readonly Row[];
}

/** Of a trace of several runs, each by itself: conversations that go on at the same time are hard to tell apart otherwise. */
function byRun({ runs, turns, calls }: Trace, rows: readonly Row[], run: string | undefined): Group[] {
  if (run !== undefined || runs.length + (turns.some((turn) => turn.run === undefined) ? 1 : 0) < 2)
    return [{ title: undefined, rows }];
  const runOf = new Map(turns.map((turn) => [turn.key, turn.run]));
  const turnOf = new Map(calls.map((call) => [call.key, call.turn]));
  const groups = new Map<string | undefined, Row[]>(runs.map(({ name }) => [name, []]));
  for (const row of rows) {
    const key = row.kind === "turn" ? row.turn.key : turnOf.get(row.call.key);
    const name = key === undefined ? undefined : runOf.get(key);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].map(([name, some]) => {
    const traced = runs.find((candidate) => candidate.name === name);
    return { title: traced === undefined ? "in no run" : tellRun(traced), rows: some };
  });
}

function keyOf(row: Row): string {
  return row.kind === "turn" ? row.turn.key : row.call.key;
}

function keysOf(path: readonly PathStep[]): ReadonlySet<string> {
  return new Set(
    path.flatMap((step) => (step.kind === "outside" ? [] : [step.kind === "model" ? step.turn : step.call])),
  );
}

/** The critical path as a bar of its own: what the time went into, from moment to moment. */
function renderPath(path: readonly PathStep[], layout: Layout, colours: Colours): string {
  const segments = path.flatMap((step): Segment[] => {
    if (step.kind === "outside") return [];
    return [{ kind: step.kind === "wait" ? step.wait.for : step.kind, fromMs: step.fromMs, toMs: step.toMs }];
  });
  const { text } = renderSegments(segments, "ok", { ...layout, colours });
  const label = clip("critical path", layout.labelWidth).padEnd(layout.labelWidth);
  return `${colours.yellow(PATH_SIGN)} ${label} ${text}`.trimEnd();
}

function tellLeft(left: number, all: readonly Row[], width: number): string[] {
  if (left === 0) return [];
  const calls = all.filter(({ kind }) => kind === "call").length;
  const text = `${formatCount(left)} of ${formatPlural(calls, "call")} left out: the shortest of those that did not fail and are not on the critical path. --limit ${calls} shows all.`;
  return ["", ...wrap(text, width - 2 * INDENT.length).map((line) => INDENT + line)];
}
