/**
 * A waterfall as lines of text, at a moment. Pure. It reads without colour, and in a terminal of 60 columns.
 */
import type { Colours } from "../colours.ts";
import { clip } from "../format.ts";
import { renderAxis } from "./axis.ts";
import { renderBar, sampleOf, type Drawing } from "./bar.ts";
import type { Row } from "./rows.ts";
import { segmentsOf } from "./segments.ts";

/** What rendering needs to know beside the rows. */
export interface RenderOptions {
  /** Columns of the terminal. Minimum: 60. */
  readonly width: number;
  /** The time axis; it grows if the rows end later. */
  readonly spanMs: number;
  /** The moment, from the start of the trace. */
  readonly nowMs: number;
  readonly colours: Colours;
}

/** Room behind a bar that ends last, for `✓ 1.40 s`. A longer note is cut there. */
const NOTE_WIDTH = 10;
const MIN_LABEL_WIDTH = 18;
const MAX_LABEL_WIDTH = 27;
const INDENT = "  ";

/** The lines of a waterfall: a time axis, then a line per row. */
export function renderWaterfall(rows: readonly Row[], options: RenderOptions): string[] {
  const { width, colours, nowMs } = options;
  const labels = rows.map((row) => indented(row));
  const longest = Math.max(MIN_LABEL_WIDTH, ...labels.map((label) => label.length));
  const labelWidth = Math.min(MAX_LABEL_WIDTH, longest);
  const barWidth = width - INDENT.length - labelWidth - 1 - NOTE_WIDTH;
  const spanMs = rows.reduce((ms, row) => Math.max(ms, endOf(row)), Math.max(1, options.spanMs, nowMs));
  const drawing: Drawing = {
    nowMs,
    column: (ms) => Math.round((ms / spanMs) * barWidth),
    room: barWidth + NOTE_WIDTH,
    colours,
  };
  const axis = INDENT + " ".repeat(labelWidth + 1) + renderAxis(spanMs, barWidth);
  return [
    colours.dim(axis),
    ...rows.map((row, i) => {
      const label = clip(labels[i] ?? "", labelWidth).padEnd(labelWidth);
      const bar = renderBar(row, drawing);
      return `${INDENT}${row.kind === "turn" ? colours.bold(label) : label} ${bar}`.trimEnd();
    }),
  ];
}

/** What the characters mean. */
export function renderLegend(colours: Colours): string {
  return [
    `${sampleOf("model", "going", colours)} model`,
    `${sampleOf("close", "going", colours)} call waits for the model`,
    `${sampleOf("lock", "going", colours)} for another call`,
    `${sampleOf("running", "ok", colours)} runs`,
    `${colours.red("✗")} failed`,
  ].join("  ");
}

function endOf(row: Row): number {
  return segmentsOf(row).at(-1)?.toMs ?? 0;
}

function indented(row: Row): string {
  return row.kind === "turn" ? row.label : INDENT.repeat(row.call.depth + 1) + row.label;
}
