/** The figures of a trace, as text and as data. Pure. */
import { criticalPath } from "../../trace/critical-path.ts";
import { figuresOf, type Figures } from "../../trace/figures.ts";
import { pathParts, type PathParts } from "../../trace/path-totals.ts";
import { tracesOfRuns } from "../../trace/scope.ts";
import { failedCalls, toolFigures, type ToolFigures } from "../../trace/tool-figures.ts";
import type { Trace, TracedCall } from "../../trace/trace.ts";
import { describeCall } from "../call-words.ts";
import type { Colours } from "../colours.ts";
import { formatCount, formatMs, formatPercent, formatPlural } from "../../trace/format.ts";
import { clip, inColumns, oneLine, widthOf, wrap } from "../format.ts";
import { CallNames } from "./call-names.ts";
import { tellWaitTotal } from "./wait-words.ts";

/** What is summed up, and where. */
export interface SummaryOptions {
  /** One run of the trace. @default all of it */
  readonly run?: string | undefined;
  readonly width: number;
  readonly colours: Colours;
}

const MAX_LINES = 10;
const MAX_BAR = 24;

/** A narrow table of tools does without what their calls waited. */
const ROOM_FOR_WAITS = 72;

/** The lines of a summary. */
export function renderSummary(trace: Trace, options: SummaryOptions): string[] {
  const { run, width, colours } = options;
  const figures = figuresOf(trace, run);
  const parts = pathParts(criticalPath(trace, run));
  const names = new CallNames(trace);
  const sections: [title: string, lines: readonly string[]][] = [
    ["time", timesOf(figures)],
    ["critical path", pathOf(parts)],
    ["tokens", tokensOf(figures).flatMap((line) => wrap(line, width - 6))],
    ["calls", callsOf(figures).flatMap((line) => wrap(line, width - 6))],
    ["calls per turn", histogramOf(figures)],
    [
      "what calls waited for",
      inColumns([
        ...figures.waits
          .slice(0, MAX_LINES)
          .map((total) => [
            clip(oneLine(tellWaitTotal(total, names)), width - 27),
            formatMs(total.ms),
            formatPlural(total.calls, "call"),
          ]),
        ...leftOut(figures.waits.length),
      ]),
    ],
    ["tools", toolsOf(toolFigures(trace, run), names, width)],
    ["runs", run === undefined && trace.runs.length > 1 ? runsOf(trace) : []],
    ["errors", errorsOf(failedCalls(trace, run), width)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .flatMap(([title, lines], i) => [
      ...(i === 0 ? [] : [""]),
      `  ${colours.bold(title)}`,
      ...lines.map((line) => `    ${paint(line, colours)}`),
    ]);
}

/** Errors are red; a table's head, which begins with its first column empty, is dim. */
function paint(line: string, colours: Colours): string {
  if (/^[✗–] /.test(line)) return colours.red(line);
  return line.startsWith("  ") || line.startsWith("… ") ? colours.dim(line) : line;
}

/** The same as data. */
export function summaryOf(trace: Trace, run: string | undefined) {
  const traces = tracesOfRuns(trace);
  const runs = trace.runs.filter(({ name }) => name === (run ?? name));
  return {
    figures: figuresOf(trace, run),
    criticalPath: pathParts(criticalPath(trace, run)),
    runs: runs.map(({ name, status }) => ({
      name,
      status,
      figures: figuresOf(traces.get(name) ?? trace, name),
    })),
    tools: toolFigures(trace, run),
    errors: failedCalls(trace, run).map(({ key, call, status, error }) => ({
      call: key,
      name: call.name,
      status,
      code: error?.code,
      message: error?.message,
    })),
  };
}

function timesOf(figures: Figures): string[] {
  const { wallMs, oneByOneMs, savedMs, lowerBoundMs, modelMs, runningMs, waitedMs } = figures;
  const saved = savedMs < 1 ? "" : `${formatMs(savedMs)} saved, ${formatPercent(savedMs / oneByOneMs)}`;
  const above = wallMs - lowerBoundMs;
  const limits = above < 1 ? "limits cost nothing" : `limits cost ${formatMs(above)}`;
  return inColumns(
    [
      ["wall", formatMs(wallMs), ""],
      ["one by one", formatMs(oneByOneMs), saved],
      ["without limits", formatMs(lowerBoundMs), limits],
      ["the model wrote", formatMs(modelMs), ""],
      ["tools ran", formatMs(runningMs), "all calls added up"],
      ["calls waited", formatMs(waitedMs), "all calls added up"],
    ].map(([name = "", time = "", note = ""]) => [name, time.padStart(9), note]),
    3,
  );
}

/** What the time went into, where it went into anything. */
function pathOf({ modelMs, toolsMs, waitsMs, outsideMs }: PathParts): string[] {
  const wholeMs = modelMs + toolsMs + waitsMs + outsideMs;
  const parts: [name: string, ms: number][] = [
    ["the model", modelMs],
    ["tools", toolsMs],
    ["waits", waitsMs],
    ["outside of turns and calls", outsideMs],
  ];
  return inColumns(
    parts
      .filter(([, ms]) => ms > 0)
      .map(([name, ms]) => [name, formatMs(ms).padStart(9), formatPercent(ms / wholeMs)]),
  );
}

function tokensOf({ inputTokens, outputTokens, savedInputTokens = 0 }: Figures): string[] {
  if (inputTokens + outputTokens === 0) return [];
  const saved =
    savedInputTokens === 0
      ? ""
      : `; ${formatCount(savedInputTokens)} more in, had each call been a turn of its own`;
  return [`${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out${saved}`];
}

function callsOf({ calls, turns, callsPerTurn, maxOverlap, statuses, retries, hedges }: Figures): string[] {
  if (calls === 0) return [`none in ${formatPlural(turns, "turn")}`];
  const ends = Object.entries(statuses).map(([status, count]) => `${formatCount(count)} ${status}`);
  const again = [
    ...(retries > 0 ? [retries === 1 ? "1 retry" : `${formatCount(retries)} retries`] : []),
    ...(hedges > 0 ? [formatPlural(hedges, "hedge")] : []),
  ];
  // Where no turn has ended, nothing is known of that.
  const perTurn = callsPerTurn === 0 ? "" : `, ${callsPerTurn.toFixed(1)} per turn that made any`;
  return [
    `${formatCount(calls)} in ${formatPlural(turns, "turn")}${perTurn}, at most ${maxOverlap} at once`,
    [...ends, ...again].join(", "),
  ];
}

function histogramOf({ widths }: Figures): string[] {
  const entries = Object.entries(widths).map(([width, turns]) => ({ width, turns }));
  if (entries.length < 2) return [];
  const most = Math.max(...entries.map(({ turns }) => turns));
  const scale = Math.min(1, MAX_BAR / most);
  return entries.map(
    ({ width, turns }) =>
      `${width.padStart(2)}  ${"█".repeat(Math.max(1, Math.round(turns * scale)))} ${formatPlural(turns, "turn")}`,
  );
}

function toolsOf(tools: readonly ToolFigures[], names: CallNames, width: number): string[] {
  if (tools.length === 0) return [];
  const hasRoom = width >= ROOM_FOR_WAITS;
  const head = ["", "calls", "errors", "running", ...(hasRoom ? ["waited"] : []), "longest"];
  const some = tools.slice(0, MAX_LINES);
  const rows = some.map(({ tool, calls, errors, runningMs, waitedMs, longestMs }) => [
    clip(oneLine(tool), 21),
    formatCount(calls),
    errors === 0 ? "–" : formatCount(errors),
    formatMs(runningMs),
    ...(hasRoom ? [formatMs(waitedMs)] : []),
    formatMs(longestMs),
  ]);
  const which = some.map(({ calls, longest }) => (calls === 1 ? "" : names.short(longest)));
  const lines = inColumns([head, ...rows]).map((line, i) => {
    const name = which[i - 1] ?? "";
    // Which call ran longest, where there is room to say so.
    return name === "" || widthOf(line) + 2 + widthOf(name) > width - 6 ? line : `${line}  ${name}`;
  });
  return [...lines, ...leftOut(tools.length).flat()];
}

function runsOf(trace: Trace): string[] {
  const head = ["", "", "turns", "calls", "wall", "saved", "tokens in", "out"];
  const rows = trace.runs.slice(0, MAX_LINES).map(({ name, status }) => {
    const figures = figuresOf(trace, name);
    return [
      clip(oneLine(name), 21),
      status === "going" ? "goes on" : status,
      formatCount(figures.turns),
      formatCount(figures.calls),
      formatMs(figures.wallMs),
      formatMs(figures.savedMs),
      formatCount(figures.inputTokens),
      formatCount(figures.outputTokens),
    ];
  });
  return [...inColumns([head, ...rows], 2), ...leftOut(trace.runs.length).flat()];
}

function errorsOf(calls: readonly TracedCall[], width: number): string[] {
  const lines = calls.slice(0, MAX_LINES).map(({ call, status, error }) => {
    const mark = status === "failed" || status === "timed-out" ? "✗" : "–";
    const what = error === undefined || error.code === status ? status : error.code;
    return clip(oneLine(`${mark} ${describeCall(call)} ${what}: ${error?.message ?? ""}`), width - 6);
  });
  return [...lines, ...leftOut(calls.length).map(([text = ""]) => text)];
}

function leftOut(length: number): string[][] {
  return length > MAX_LINES ? [[`… and ${formatCount(length - MAX_LINES)} more`]] : [];
}
