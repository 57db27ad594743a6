/**
 * A waterfall as lines of text, at a moment. Pure. It reads without colour, and in a terminal of 60 columns.
 */
import type { Colours } from "../colours.ts";
import { clip, padEnd } from "../format.ts";
import { renderAxis } from "./axis.ts";
import { renderBar, sampleOf } from "./bar.ts";
import { INDENT, indented, layOut, type Layout, type LayoutOptions } from "./layout.ts";
import type { Row } from "./rows.ts";

/** Stands before what is on the critical path. */
export const PATH_SIGN = "▸";

/** What rendering needs to know beside the rows. */
export interface RenderOptions extends LayoutOptions {
  readonly colours: Colours;
}

/** What a line is drawn with. */
export interface LineOptions {
  readonly layout: Layout;
  readonly colours: Colours;
  /** Whether the sign of the critical path stands before the label. @default false */
  readonly isOnPath?: boolean;
}

/** The lines of a waterfall: a time axis, then a line per row. */
export function renderWaterfall(rows: readonly Row[], options: RenderOptions): string[] {
  const { colours } = options;
  const layout = layOut(rows, options);
  return [renderAxisLine({ layout, colours }), ...rows.map((row) => renderRow(row, { layout, colours }))];
}

/** The time axis. */
export function renderAxisLine({ layout, colours }: LineOptions): string {
  const { labelWidth, spanMs, barWidth } = layout;
  return colours.dim(INDENT + " ".repeat(labelWidth + 1) + renderAxis(spanMs, barWidth));
}

/** The line of a row. */
export function renderRow(row: Row, options: LineOptions): string {
  const { layout, colours, isOnPath = false } = options;
  const label = padEnd(clip(indented(row), layout.labelWidth), layout.labelWidth);
  const bar = renderBar(row, { ...layout, colours });
  const sign = isOnPath ? `${colours.yellow(PATH_SIGN)} ` : INDENT;
  return `${sign}${row.kind === "turn" ? colours.bold(label) : label} ${bar}`.trimEnd();
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
