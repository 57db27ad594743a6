/** What a picture of the waterfall is made of: one moment of the view, for the painters; and where in it a time lies. */
import type { PathStep } from "../../../src/trace/critical-path.ts";
import type { Row } from "../rows/row.ts";
import type { TimeRange } from "../state/view.ts";
import type { RowWindow, TimeScale } from "./geometry.ts";
import type { Palette } from "./palette.ts";
import type { Patterns } from "./patterns.ts";

/** One picture. */
export interface Picture {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly patterns: Patterns;
  /** Widths of texts, measured before. */
  readonly widths: Map<string, number>;
  readonly width: number;
  readonly height: number;
  readonly range: TimeRange;
  /** Where the axis has its zero. */
  readonly originMs: number;
  readonly nowMs: number;
  readonly x: TimeScale;
  readonly rows: readonly Row[];
  readonly window: RowWindow;
  readonly scrollTop: number;
  readonly active: string | undefined;
  readonly hovered: string | undefined;
  /** Undefined where it is not shown. */
  readonly path: PicturedPath | undefined;
}

/** The critical path, and how to find its rows. */
export interface PicturedPath {
  readonly steps: readonly PathStep[];
  /** The place of the row of a turn or call, or of what it is hidden in. */
  readonly placeOf: (step: PathStep) => number | undefined;
}

/** From here to there, in pixels. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A span of time in pixels, no thinner than can be seen; undefined where it is out of sight. */
export function spanOf({ x, width }: Picture, fromMs: number, toMs: number): Span | undefined {
  const from = x(fromMs);
  const to = Math.max(x(toMs), from + 1);
  return to < 0 || from > width ? undefined : { from: Math.max(from, -20), to: Math.min(to, width + 20) };
}
