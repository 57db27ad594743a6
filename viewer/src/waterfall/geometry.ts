/** Where things are: rows, bars, and time. In CSS pixels. */
import { scaleLinear } from "d3-scale";
import type { TimeRange } from "../state/view.ts";

/** The height of a row; the style sheet has it too. */
export const ROW_HEIGHT = 24;

/** The height of the axis above the rows; the style sheet has it too. */
export const AXIS_HEIGHT = 26;

/** The upper edge and the height of a call's bar within its row. */
export const BAR = { top: 6, height: 12 } as const;

/** Rows from the first to before the last. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** The rows that can be seen, some more above and below them. */
export function windowOf(scrollTop: number, height: number, count: number): RowWindow {
  // In steps, so that the list is not made anew for each pixel.
  const from = Math.floor(scrollTop / ROW_HEIGHT / 8) * 8 - 8;
  const to = Math.ceil((scrollTop + height) / ROW_HEIGHT / 8) * 8 + 8;
  return { from: Math.max(0, from), to: Math.min(count, to) };
}

/** Time as pixels. */
export type TimeScale = (ms: number) => number;

/** A part of the axis laid over a width. */
export function timeScale({ fromMs, toMs }: TimeRange, width: number): TimeScale {
  const perMs = width / (toMs - fromMs);
  return (ms) => (ms - fromMs) * perMs;
}

/** The marks of an axis. */
export interface AxisMarks {
  readonly stepMs: number;
  readonly moments: readonly number[];
}

const PIXELS_PER_MARK = 110;

/** Round moments, counted from `originMs`. */
export function marksOf({ fromMs, toMs }: TimeRange, width: number, originMs: number): AxisMarks {
  const scale = scaleLinear().domain([fromMs - originMs, toMs - originMs]);
  const moments = scale.ticks(Math.max(2, width / PIXELS_PER_MARK));
  const [first = 0, second = first + 1] = moments;
  return { stepMs: second - first, moments };
}
