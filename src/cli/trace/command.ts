/** `tutti trace`: what is in a trace file, for people, and with `--json` for programs. */
import { basename } from "node:path";
import { compareTraces, type Comparison } from "../../trace/compare.ts";
import { criticalPath } from "../../trace/critical-path.ts";
import { pathTotals } from "../../trace/path-totals.ts";
import { scopeOf } from "../../trace/scope.ts";
import { slotUse } from "../../trace/slot-use.ts";
import { clip, oneLine, widthOf, wrap } from "../format.ts";
import { createScreen, type Screen } from "../screen.ts";
import { renderComparison } from "./comparison.ts";
import { renderPathSteps } from "./path-steps.ts";
import { readTraceFile, type TraceInFile } from "./read-file.ts";
import { renderTrace, tellTrace } from "./show.ts";
import { renderSummary, summaryOf } from "./summary.ts";

/** What the command line says. */
export interface TraceFlags {
  readonly run?: string;
  readonly json?: true;
}

/** What it says of `show`. */
export interface ShowFlags extends TraceFlags {
  readonly limit?: number;
}

/** The version of what `--json` prints. A reader of it bears fields that it does not know. */
const JSON_VERSION = 1;

/** Calls that are shown where a person reads: more than that are no picture any more. */
const LIMIT_IN_TERMINAL = 60;

/** `tutti trace show`: the waterfall. */
export function show(path: string, { run, json, limit }: ShowFlags): void {
  const file = readTraceFile(path, run);
  const { trace, notes } = file;
  if (json === true) {
    const { turns, calls } = scopeOf(trace, run);
    const runs = trace.runs.filter(({ name }) => name === (run ?? name));
    return printJson({ trace: { ...trace, runs, turns, calls }, slots: slotUse(trace), notes });
  }
  const screen = createScreen(process.stdout);
  const { width, colours, isLive } = screen;
  const most = limit ?? (isLive ? LIMIT_IN_TERMINAL : undefined);
  print(screen, file, renderTrace(trace, { run, limit: most, width, colours }));
}

/** `tutti trace summary`: the figures. */
export function summary(path: string, { run, json }: TraceFlags): void {
  const file = readTraceFile(path, run);
  const { trace, notes } = file;
  if (json === true) return printJson({ ...summaryOf(trace, run), notes });
  const screen = createScreen(process.stdout);
  print(screen, file, renderSummary(trace, { run, width: screen.width, colours: screen.colours }));
}

/** `tutti trace critical-path`: what the time went into. */
export function showCriticalPath(path: string, { run, json }: TraceFlags): void {
  const file = readTraceFile(path, run);
  const { trace, notes } = file;
  const steps = criticalPath(trace, run);
  if (json === true) return printJson({ steps, totals: pathTotals(steps, trace), notes });
  const screen = createScreen(process.stdout);
  print(screen, file, renderPathSteps(trace, steps, { width: screen.width, colours: screen.colours }));
}

/** `tutti trace diff`: two traces, side by side. */
export function diff(pathA: string, pathB: string, { run, json }: TraceFlags): void {
  const a = readTraceFile(pathA, run);
  const b = readTraceFile(pathB, run);
  const comparison = compareTraces(a.trace, b.trace, run);
  if (json === true) return printJson({ ...comparison, notes: { a: a.notes, b: b.notes } });
  const screen = createScreen(process.stdout);
  const { width, colours } = screen;
  const lines = renderComparison(comparison, { a: a.trace, b: b.trace, width, colours });
  const notes = [
    ...a.notes.map((note) => `a: ${note}`),
    ...b.notes.map((note) => `b: ${note}`),
    ...tellRemoved(comparison),
  ];
  const heads = [a, b].flatMap((file, i) => {
    const told = tellTrace(file.trace, run);
    return renderHead(file.path, told, { width, colours, sign: i === 0 ? "a" : "b" });
  });
  screen.print("", ...heads, "", ...lines, ...renderNotes(screen, notes), "");
}

function print(screen: Screen, { path, trace, notes, run }: TraceInFile, lines: readonly string[]): void {
  const { colours, width } = screen;
  screen.print("", ...renderHead(path, tellTrace(trace, run), { width, colours }), "");
  screen.print(...lines, ...renderNotes(screen, notes), "");
}

/** That calls were not told apart by what they were given. */
function tellRemoved({ calls }: Comparison): string[] {
  if (calls.every(({ isSameInput }) => isSameInput !== undefined)) return [];
  return ["what calls were given was removed: they are matched by their tool and their place"];
}

/** A file's name, and behind or below it what is in it. */
function renderHead(
  path: string,
  told: string,
  { width, colours, sign }: Pick<Screen, "width" | "colours"> & { readonly sign?: string },
): string[] {
  const name = clip(oneLine(basename(path)), width - 10);
  const before = sign === undefined ? "  " : `  ${colours.bold(sign)}  `;
  const indent = sign === undefined ? 2 : 5;
  if (indent + widthOf(name) + 3 + widthOf(told) <= width - 2)
    return [`${before}${colours.bold(name)} · ${told}`];
  return [
    before + colours.bold(name),
    ...wrap(told, width - indent - 2).map((line) => " ".repeat(indent) + line),
  ];
}

function renderNotes({ width, colours }: Screen, notes: readonly string[]): string[] {
  if (notes.length === 0) return [];
  return ["", ...notes.flatMap((note) => wrap(note, width - 4).map((line) => `  ${colours.yellow(line)}`))];
}

function printJson(value: object): void {
  const text = JSON.stringify({ version: JSON_VERSION, ...value }, undefined, 2);
  // What else a terminal obeys, JSON does not escape by itself.
  console.log(
    text.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  );
}
