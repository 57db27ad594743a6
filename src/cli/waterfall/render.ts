/**
 * A waterfall as lines of text, at a moment. Pure. Each way to spend time has a character of its own, so that it reads
 * without colour; colour comes from outside.
 */
import type { Colours } from "../colours.ts";
import { formatMs } from "../format.ts";
import type { Row, RowStatus, Segment, SegmentKind, Waterfall } from "./rows.ts";

/** What rendering needs to know beside the rows. */
export interface RenderOptions {
  /** Columns of the terminal. Minimum: 60. */
  readonly width: number;
  /** The time axis; it grows if the run takes longer. */
  readonly spanMs: number;
  /** The moment, in milliseconds from the run's start. */
  readonly nowMs: number;
  readonly colours: Colours;
}

/** Room behind a bar that ends last, for `✓ 1.40 s`. A longer note is cut there. */
const NOTE_WIDTH = 10;
const MIN_LABEL_WIDTH = 18;
const MAX_LABEL_WIDTH = 27;
const INDENT = "  ";

type Paint = (text: string) => string;

/** The lines of a waterfall: a time axis, then a line per row. */
export function renderWaterfall({ rows, wallMs }: Waterfall, options: RenderOptions): string[] {
  const { width, colours, nowMs } = options;
  const labels = rows.map((row) => indented(row));
  const longest = Math.max(MIN_LABEL_WIDTH, ...labels.map((label) => label.length));
  const labelWidth = Math.min(MAX_LABEL_WIDTH, longest);
  const barWidth = width - INDENT.length - labelWidth - 1 - NOTE_WIDTH;
  const spanMs = Math.max(options.spanMs, wallMs ?? nowMs);
  const scale: Scale = { column: (ms) => Math.round((ms / spanMs) * barWidth), room: barWidth + NOTE_WIDTH };
  const axis = INDENT + " ".repeat(labelWidth + 1) + renderAxis(spanMs, barWidth);
  return [
    colours.dim(axis),
    ...rows.map((row, i) => {
      const label = clip(labels[i] ?? "", labelWidth).padEnd(labelWidth);
      const bar = renderBar(row, nowMs, { scale, colours });
      return `${INDENT}${row.call === undefined ? colours.bold(label) : label} ${bar}`.trimEnd();
    }),
  ];
}

/** What the characters mean. */
export function renderLegend(colours: Colours): string {
  const sample = (kind: SegmentKind) => paintOf(kind, "going", colours)(CHARACTERS[kind].repeat(2));
  return [
    `${sample("model")} model`,
    `${sample("close")} call waits for the model`,
    `${sample("lock")} for another call`,
    `${paintOf("running", "ok", colours)("██")} runs`,
    `${colours.red("✗")} failed`,
  ].join("  ");
}

const CHARACTERS: Readonly<Record<SegmentKind, string>> = {
  model: "━",
  running: "▒",
  failed: "▓",
  waiting: "·",
  validation: "·",
  close: "·",
  call: "┄",
  lock: "┄",
  slot: "┄",
  rate: "┄",
  approval: "┄",
  retry: "┄",
};

/** Why a call waits, in a word that is written into the wait where it fits. */
const REASONS: Partial<Record<SegmentKind, string>> = {
  lock: "lock",
  slot: "slot",
  call: "in line",
  rate: "rate",
  approval: "approval",
  retry: "retry",
};

const MARKS: Readonly<Record<RowStatus, string>> = {
  going: "",
  ok: "✓",
  failed: "✗",
  "timed-out": "✗",
  broken: "✗",
  cancelled: "–",
  skipped: "–",
  denied: "–",
};

interface Scale {
  /** The column of a moment. */
  readonly column: (ms: number) => number;
  /** Columns that a bar and its note have together. */
  readonly room: number;
}

interface Drawing {
  readonly scale: Scale;
  readonly colours: Colours;
}

function renderBar(row: Row, nowMs: number, { scale, colours }: Drawing): string {
  let text = "";
  let column = 0;
  for (const segment of row.segments) {
    const from = Math.max(column, scale.column(segment.fromMs));
    const least = isWork(segment) ? 1 : 0;
    const to = Math.max(from + least, scale.column(segment.toMs ?? nowMs));
    const paint = from === to ? String : paintOf(segment.kind, row.status, colours);
    text += " ".repeat(from - column) + paint(fill(segment, row, to - from));
    column = to;
  }
  const note = noteOf(row, nowMs);
  const fits = clip(note, scale.room - column - 1);
  return `${text} ${noteColour(row, colours)(fits)}`;
}

function fill({ kind }: Segment, { status }: Row, width: number): string {
  if (kind === "running" && status !== "going") return (status === "ok" ? "█" : "▓").repeat(width);
  const reason = REASONS[kind] ?? "";
  const character = CHARACTERS[kind];
  if (reason === "" || width < reason.length + 2) return character.repeat(width);
  const before = Math.floor((width - reason.length) / 2);
  return character.repeat(before) + reason + character.repeat(width - reason.length - before);
}

function paintOf(kind: SegmentKind, status: RowStatus, colours: Colours): Paint {
  if (kind === "model") return status === "broken" ? colours.red : colours.cyan;
  if (kind === "failed") return colours.red;
  if (kind !== "running") return colours.dim;
  if (status === "going") return colours.yellow;
  return status === "ok" ? colours.green : colours.red;
}

/** What stands behind a bar: how it ended, and how long the model wrote or the tool ran. */
function noteOf({ call, status, segments }: Row, nowMs: number): string {
  const worked = segments.filter(isWork).map(({ fromMs, toMs }) => (toMs ?? nowMs) - fromMs);
  const time = worked.length > 0 ? formatMs(worked.reduce((sum, ms) => sum + ms)) : "";
  // That the model stopped is nothing to be praised for.
  const mark = call === undefined && status === "ok" ? "" : MARKS[status];
  const word = status === "ok" || status === "going" ? "" : status;
  return [mark, time, word].filter((part) => part !== "").join(" ");
}

/** A call that is to be tried again has worked, too. */
function isWork({ kind }: Segment): boolean {
  return kind === "model" || kind === "running" || kind === "failed";
}

function noteColour({ call, status }: Row, colours: Colours): Paint {
  if (call === undefined && status !== "broken") return colours.dim;
  if (status === "ok") return colours.green;
  if (status === "going") return colours.yellow;
  return status === "skipped" ? colours.dim : colours.red;
}

/** Round moments, as many as have room. */
function renderAxis(spanMs: number, width: number): string {
  const steps = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000];
  const step = steps.find((ms) => (ms / spanMs) * width >= 9) ?? spanMs;
  let axis = "";
  for (let ms = 0; ms <= spanMs; ms += step) {
    axis = axis.padEnd(Math.round((ms / spanMs) * width)) + (ms === 0 ? "0" : `${ms / 1000} s`);
  }
  return axis;
}

function indented({ call, label, depth }: Row): string {
  return call === undefined ? label : INDENT.repeat(depth + 1) + label;
}

function clip(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 1 ? "" : `${text.slice(0, width - 1)}…`;
}
