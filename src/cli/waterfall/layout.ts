/** Where things are in a waterfall: how wide labels and bars are, and at which column a moment is. Pure. */
import { widthOf } from "../format.ts";
import { noteOf } from "./bar.ts";
import type { Row } from "./rows.ts";
import { segmentsOf } from "./segments.ts";

/** What a layout is made for. */
export interface LayoutOptions {
  /** Columns of the terminal. Minimum: 60. */
  readonly width: number;
  /** Where the time axis begins, from the start of the trace. @default 0 */
  readonly fromMs?: number;
  /** The length of the time axis; it grows if the rows end later. */
  readonly spanMs: number;
  /** The moment, from the start of the trace. */
  readonly nowMs: number;
  /** Whether labels and notes may take more room than a waterfall that is drawn while it grows gives them. @default false */
  readonly isRoomy?: boolean;
}

/** The columns of a waterfall. */
export interface Layout {
  readonly labelWidth: number;
  readonly barWidth: number;
  /** Columns that a bar and its note have together. */
  readonly room: number;
  readonly spanMs: number;
  readonly fromMs: number;
  readonly nowMs: number;
  /** The column of a moment, from the bar's first. */
  readonly column: (ms: number) => number;
}

/** What stands before each line. */
export const INDENT = "  ";

/** Room behind a bar that ends last, for `✓ 1.40 s`. A longer note is cut there. */
const NOTE_WIDTH = 10;
const MIN_LABEL_WIDTH = 18;
const MAX_LABEL_WIDTH = 27;

/** Lays rows out. */
export function layOut(rows: readonly Row[], options: LayoutOptions): Layout {
  const { width, nowMs, fromMs = 0, isRoomy = false } = options;
  const longest = most(
    rows.map((row) => widthOf(indented(row))),
    MIN_LABEL_WIDTH,
  );
  const labelWidth = Math.min(
    longest,
    isRoomy ? Math.max(MAX_LABEL_WIDTH, Math.floor(width / 3)) : MAX_LABEL_WIDTH,
  );
  const ends = rows.map((row) => endOf(row, nowMs) - fromMs);
  const spanMs = most([options.spanMs, nowMs - fromMs, ...ends], 1);
  const inner = width - INDENT.length - labelWidth - 1;
  const noteWidth = isRoomy ? noteWidthOf(rows, { nowMs, spanMs, fromMs, inner }) : NOTE_WIDTH;
  const barWidth = inner - noteWidth;
  return {
    labelWidth,
    barWidth,
    room: inner,
    spanMs,
    fromMs,
    nowMs,
    column: (ms) => Math.min(barWidth, Math.max(0, Math.round(((ms - fromMs) / spanMs) * barWidth))),
  };
}

/** The label of a row, as far to the right as it is inside of others. */
export function indented(row: Row): string {
  return row.kind === "turn" ? row.label : INDENT.repeat(row.call.depth + 1) + row.label;
}

/** As much as the notes need that stand behind bars, up to a third of the line. */
function noteWidthOf(
  rows: readonly Row[],
  { nowMs, spanMs, fromMs, inner }: { nowMs: number; spanMs: number; fromMs: number; inner: number },
): number {
  const needs = rows.map((row) => {
    const free = Math.floor((1 - (endOf(row, nowMs) - fromMs) / spanMs) * (inner - NOTE_WIDTH));
    return widthOf(noteOf(row, nowMs)) + 2 - free;
  });
  return Math.max(NOTE_WIDTH, Math.min(most(needs, 0), Math.floor(inner / 3)));
}

/** When a row ends; one that goes on, now. */
function endOf(row: Row, nowMs: number): number {
  const last = segmentsOf(row).at(-1);
  return last === undefined ? 0 : (last.toMs ?? nowMs);
}

function most(numbers: readonly number[], least: number): number {
  return numbers.reduce((max, number) => Math.max(max, number), least);
}
