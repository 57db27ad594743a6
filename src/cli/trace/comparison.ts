/** Two traces side by side, as text. Pure. */
import type { ComparedCall, Comparison } from "../../trace/compare.ts";
import type { Figures } from "../../trace/figures.ts";
import type { Trace } from "../../trace/trace.ts";
import type { Colours } from "../colours.ts";
import { formatCount, formatMs, formatPercent, formatPlural } from "../../trace/format.ts";
import { clip, inColumns, oneLine, wrap } from "../format.ts";
import { CallNames } from "./call-names.ts";

/** What is compared, and where it is printed. */
export interface ComparisonOptions {
  readonly a: Trace;
  readonly b: Trace;
  readonly width: number;
  readonly colours: Colours;
}

type Field = { readonly [Name in keyof Figures]: Figures[Name] extends number ? Name : never }[keyof Figures];

/** Figures of which less is better are painted by it. */
const TIMES: readonly (readonly [Field, string])[] = [
  ["wallMs", "wall"],
  ["modelMs", "the model wrote"],
  ["runningMs", "tools ran"],
  ["waitedMs", "calls waited"],
  ["oneByOneMs", "one by one"],
  ["lowerBoundMs", "without limits"],
];

const COUNTS: readonly (readonly [Field, string])[] = [
  ["turns", "turns"],
  ["calls", "calls"],
  ["callsPerTurn", "calls per turn"],
  ["maxOverlap", "at once at most"],
  ["errors", "errors"],
  ["retries", "retries"],
  ["hedges", "hedges"],
  ["inputTokens", "tokens in"],
  ["outputTokens", "tokens out"],
];

const MAX_LINES = 10;

/** Less than that is noise. */
const LEAST_MS = 1;

/** The lines of a comparison. */
export function renderComparison(comparison: Comparison, options: ComparisonOptions): string[] {
  const { width, colours } = options;
  const sections: [title: string, lines: readonly string[]][] = [
    ["turns", turnsOf(comparison, options)],
    ["calls that took longer or shorter in b", callsOf(comparison, options)],
    ["calls that ended differently", endsOf(comparison, options)],
    ["only in a", onlyIn(comparison, "a", options)],
    ["only in b", onlyIn(comparison, "b", options)],
  ];
  return [
    ...figuresOf(comparison).map((line, i) => `  ${i === 0 ? colours.dim(line) : line}`),
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([title, lines]) => ["", `  ${colours.bold(title)}`, ...lines.map((line) => `    ${line}`)]),
    ...(comparison.calls.length === 0 && comparison.turns.length === 0
      ? [
          "",
          ...wrap("No turn and no call of the one is one of the other.", width - 4).map(
            (line) => `  ${line}`,
          ),
        ]
      : []),
  ];
}

function figuresOf({ figures: { a, b } }: Comparison): string[] {
  const times = TIMES.map(([field, name]) => [
    name,
    formatMs(a[field]),
    formatMs(b[field]),
    signed(b[field] - a[field], formatMs, LEAST_MS),
    Math.abs(b[field] - a[field]) < LEAST_MS ? "" : shareOf(a[field], b[field]),
  ]);
  const counts = COUNTS.filter(([field]) => a[field] !== 0 || b[field] !== 0).map(([field, name]) => {
    const format = field === "callsPerTurn" ? (count: number) => count.toFixed(1) : formatCount;
    return [name, format(a[field]), format(b[field]), signed(b[field] - a[field], format, 0.05), ""];
  });
  return inColumns([["", "a", "b", "b − a", ""], ...times, ...counts]);
}

function turnsOf({ turns }: Comparison, { width }: ComparisonOptions): string[] {
  const rows = turns
    .slice(0, MAX_LINES)
    .map(({ a, b, wallMs, differenceMs }) => [
      clip(oneLine(a === b ? a : `${a}, ${b}`), Math.floor(width / 3)),
      formatMs(wallMs.a),
      formatMs(wallMs.b),
      signed(differenceMs, formatMs, LEAST_MS),
    ]);
  return [...inColumns(rows), ...leftOut(turns.length)];
}

function callsOf({ calls, figures }: Comparison, { a, width }: ComparisonOptions): string[] {
  const names = new CallNames(a);
  const leastMs = Math.max(LEAST_MS, figures.a.wallMs / 1000);
  const changed = calls.filter(({ differenceMs }) => Math.abs(differenceMs) >= leastMs);
  const rows = changed
    .toSorted((one, other) => Math.abs(other.differenceMs) - Math.abs(one.differenceMs))
    .slice(0, MAX_LINES)
    .map((call) => [
      names.turn(call.a),
      clip(names.short(call.a) + (call.isSameInput === false ? " (other input)" : ""), Math.floor(width / 3)),
      signed(call.differenceMs, formatMs, LEAST_MS).padStart(9),
      whyOf(call, leastMs),
    ]);
  return [...inColumns(rows, 4).map((line) => clip(line, width - 6)), ...leftOut(changed.length)];
}

/** What changed, the greater part first: `waited 2 ms → 660 ms`. */
function whyOf({ runningMs, waitedMs }: ComparedCall, leastMs: number): string {
  const parts = [
    { word: "ran", ...runningMs },
    { word: "waited", ...waitedMs },
  ];
  return parts
    .filter(({ a, b }) => Math.abs(b - a) >= leastMs)
    .sort((one, other) => Math.abs(other.b - other.a) - Math.abs(one.b - one.a))
    .map(({ word, a, b }) => `${word} ${formatMs(a)} → ${formatMs(b)}`)
    .join(", ");
}

function endsOf({ calls }: Comparison, { a, width }: ComparisonOptions): string[] {
  const names = new CallNames(a);
  const changed = calls.filter(
    (call) => call.status.a !== call.status.b || call.attempts.a !== call.attempts.b,
  );
  const tell = (call: ComparedCall, side: "a" | "b") =>
    `${call.status[side]}${call.attempts[side] > 1 ? ` in ${call.attempts[side]} attempts` : ""}`;
  const lines = changed
    .slice(0, MAX_LINES)
    .map((call) =>
      clip(
        `${names.turn(call.a)}  ${names.long(call.a)}: ${tell(call, "a")} → ${tell(call, "b")}`,
        width - 6,
      ),
    );
  return [...lines, ...leftOut(changed.length)];
}

function onlyIn({ onlyIn }: Comparison, side: "a" | "b", options: ComparisonOptions): string[] {
  const names = new CallNames(options[side]);
  const { turns, calls } = onlyIn[side];
  const told = [
    ...(turns.length > 0
      ? [`${formatPlural(turns.length, "turn")}: ${oneLine(inWords(turns, (key) => key))}`]
      : []),
    ...(calls.length > 0
      ? [`${formatPlural(calls.length, "call")}: ${inWords(calls, (key) => names.long(key))}`]
      : []),
  ];
  return told.flatMap((line) => wrap(line, options.width - 6));
}

function signed(difference: number, format: (number: number) => string, least: number): string {
  if (Math.abs(difference) < least) return "=";
  return `${difference < 0 ? "−" : "+"}${format(Math.abs(difference))}`;
}

function shareOf(a: number, b: number): string {
  const share = a === 0 ? 0 : b / a - 1;
  // More than tenfold says nothing that the times do not.
  return Math.abs(share) > 9.99 ? "" : signed(share, formatPercent, 0.005).replace("=", "");
}

/** Names in a row, the first of very many. */
function inWords(keys: readonly string[], nameOf: (key: string) => string): string {
  return [...keys.slice(0, MAX_LINES).map(nameOf), ...leftOut(keys.length)].join(", ");
}

function leftOut(length: number): string[] {
  return length > MAX_LINES ? [`… and ${formatCount(length - MAX_LINES)} more`] : [];
}
