/** The report of an analysis as text. Pure. */
import type { Analysis, MissedChain } from "../../analyze/analysis.ts";
import { describeCall } from "../call-words.ts";
import type { Colours } from "../colours.ts";
import { formatCount, formatMs, formatPlural } from "../../trace/format.ts";
import { oneLine, wrap } from "../format.ts";
import { evidenceLines } from "./evidence-words.ts";
import { HOW_IT_IS_JUDGED, tellReachable, tellSavings, tellShare } from "./sentences.ts";
import { alignRows, clip } from "./table.ts";

/** What a report is made of. */
export interface Reported {
  readonly analysis: Analysis;
  /** What reading the files had to leave out. */
  readonly notes: readonly string[];
}

/** Where a report goes. */
export interface ReportPlace {
  readonly width: number;
  readonly colours: Colours;
}

const MAX_WIDTH = 100;
const BAR = 30;
/** Chains and rows that are shown; the page and the JSON have them all. */
const MAX_SHOWN = 12;

/** The report, line by line. */
export function renderReport({ analysis, notes }: Reported, { width, colours }: ReportPlace): string[] {
  const place = { width: Math.min(width, MAX_WIDTH), colours };
  const sections = [
    head(analysis, place),
    missed(analysis, place),
    duplicates(analysis, place),
    biggest(analysis, place),
    tools(analysis, place),
    sessions(analysis, place),
    closing(analysis, notes, place),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ["", ...lines]));
}

function head(analysis: Analysis, { width, colours }: ReportPlace): string[] {
  const { callsPerTurn, toolTurns, widths } = analysis;
  const facts = [
    formatPlural(analysis.sessions.length, "session"),
    formatPlural(analysis.turns, "turn"),
    formatPlural(analysis.calls, "call"),
  ];
  if (toolTurns === 0)
    return [colours.bold(facts.join(" · ")), "", "No turn makes a call: there is nothing to tell."];
  const most = Math.max(...widths.map(({ turns }) => turns));
  const bars = alignRows([
    [" ", "", " "],
    ...widths.map(({ width: calls, turns }) => [
      formatPlural(calls, "call"),
      "█".repeat(Math.max(1, Math.round((turns / most) * BAR))),
      `${formatPlural(turns, "turn")} ${tellShare(turns / toolTurns)}`,
    ]),
  ]).slice(1);
  return [
    colours.bold(facts.join(" · ")),
    "",
    `${colours.bold(`${callsPerTurn.toFixed(2)} calls per turn`)} that makes calls`,
    ...bars.map((line) => `  ${line}`),
    "",
    ...wrap(tellReachable(analysis), width),
  ];
}

function missed({ missed: chains, saved }: Analysis, { width, colours }: ReportPlace): string[] {
  if (chains.length === 0) return [];
  const shown = chains.toSorted((a, b) => b.saved.roundTrips - a.saved.roundTrips).slice(0, MAX_SHOWN);
  const rest = chains.length - shown.length;
  return [
    colours.bold("Could have been asked together"),
    ...wrap(tellSavings(saved.all), width - 2).map((line) => `  ${line}`),
    ...shown.flatMap((chain) => ["", ...chainLines(chain, { width, colours })]),
    ...(rest === 0 ? [] : ["", colours.dim(`  and ${rest} more, which --json and --html show`)]),
  ];
}

function chainLines(
  { session, certainty, turns, saved }: MissedChain,
  { width, colours }: ReportPlace,
): string[] {
  const [first, last] = [turns[0]?.turn ?? 0, turns.at(-1)?.turn ?? 0];
  const mark = certainty === "certain" ? colours.green(certainty) : colours.yellow(certainty);
  const place = clip(`${oneLine(session)}, turns ${first} to ${last}`, width - 30);
  const facts = [
    formatPlural(saved.roundTrips, "round trip"),
    ...(saved.ms === undefined ? [] : [formatMs(saved.ms)]),
  ];
  return [
    `  ${colours.bold(place)}  ${mark}  ${colours.dim(facts.join(", "))}`,
    ...turns.flatMap((turn) => [
      ...turn.calls.map((call, i) => {
        const number = i === 0 ? String(turn.turn) : "";
        return clip(`  ${number.padStart(5)}  ${describeCall(call)}`, width);
      }),
      ...evidenceLines(turn).flatMap((line) =>
        wrap(line, width - 11).map((part, i) => colours.dim(`         ${i === 0 ? "" : "  "}${part}`)),
      ),
    ]),
  ];
}

function duplicates({ duplicates: all }: Analysis, { width, colours }: ReportPlace): string[] {
  if (all.length === 0) return [];
  const shown = all.toSorted((a, b) => b.turns.length - a.turns.length).slice(0, MAX_SHOWN);
  const again = all.reduce((sum, { turns }) => sum + turns.length - 1, 0);
  const same = all.reduce((sum, { sameResults }) => sum + sameResults, 0);
  return [
    colours.bold("Asked again, with nothing written in between"),
    `  ${formatPlural(again, "call")}, ${formatCount(same)} with the same result`,
    ...shown.map(({ call, turns, sameResults }) => {
      const facts = `turns ${turns.slice(0, 8).join(", ")}${turns.length > 8 ? ", …" : ""}${sameResults === turns.length - 1 ? "" : ", other results"}`;
      return `  ${clip(describeCall(call), width - facts.length - 4)}  ${colours.dim(facts)}`;
    }),
  ];
}

function biggest({ biggest: all }: Analysis, { width, colours }: ReportPlace): string[] {
  if (all.length === 0) return [];
  const [title = "", ...rows] = alignRows([
    [" tokens", " turn", ""],
    ...all
      .slice(0, 5)
      .map(({ tokens, turn, call }) => [formatCount(tokens), String(turn), describeCall(call)]),
  ]);
  return [
    `${colours.bold("Biggest results")}, estimated`,
    colours.dim(`  ${title}`),
    ...rows.map((row) => clip(`  ${row}`, width)),
  ];
}

function tools({ tools: all }: Analysis, { width, colours }: ReportPlace): string[] {
  if (all.length === 0) return [];
  const [title = "", ...rows] = alignRows(
    [
      ["tool", " calls", "taken for", " errors", " tokens", " average"],
      ...all
        .slice(0, MAX_SHOWN)
        .map(({ name, calls, reads, errors, resultTokens, averageMs }) => [
          clip(oneLine(name), 40),
          formatCount(calls),
          reads === calls ? "read" : reads === 0 ? "may write" : `${reads} read`,
          formatCount(errors),
          formatCount(resultTokens),
          averageMs === undefined ? "" : formatMs(averageMs),
        ]),
    ],
    width - 2,
  );
  return [colours.dim(clip(`  ${title}`, width)), ...rows.map((row) => clip(`  ${row}`, width))];
}

function sessions({ sessions: all }: Analysis, { width, colours }: ReportPlace): string[] {
  if (all.length < 2) return [];
  const shown = all.toSorted((a, b) => b.roundTrips - a.roundTrips || b.calls - a.calls).slice(0, MAX_SHOWN);
  const [title = "", ...rows] = alignRows(
    [
      ["session", "format", " turns", " calls", " per turn", " could be", " tokens in"],
      ...shown.map((one) => [
        clip(oneLine(one.name), 40, "end"),
        one.source,
        formatCount(one.turns),
        formatCount(one.calls),
        one.callsPerTurn.toFixed(2),
        one.reachable.toFixed(2),
        one.inputTokens === undefined ? "" : formatCount(one.inputTokens),
      ]),
    ],
    width - 2,
  );
  const rest = all.length - shown.length;
  return [
    colours.dim(clip(`  ${title}`, width)),
    ...rows.map((row) => clip(`  ${row}`, width)),
    ...(rest === 0 ? [] : [colours.dim(`  and ${rest} more`)]),
  ];
}

function closing(
  { unknownCalls, toolTurns }: Analysis,
  notes: readonly string[],
  { width, colours }: ReportPlace,
): string[] {
  const unknown =
    unknownCalls === 0
      ? []
      : wrap(
          `Of ${formatPlural(unknownCalls, "call")} the input or the result was not recorded: nothing is said of these.`,
          width,
        );
  const how = toolTurns === 0 ? [] : wrap(HOW_IT_IS_JUDGED, width).map((line) => colours.dim(line));
  return [...notes.flatMap((note) => wrap(`Note: ${oneLine(note)}.`, width)), ...unknown, ...how];
}
