/** Labels beside bars, or inside them. */
import { ROW_HEIGHT } from "./geometry.ts";
import type { Picture } from "./picture.ts";

/** From here to there, in pixels. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A label. */
export interface Label {
  readonly text: string;
  /** What it belongs to. */
  readonly span: Span;
  /** The upper edge of its row. */
  readonly y: number;
  readonly inside: boolean;
  readonly colour: string;
  /** Painted behind it. */
  readonly ground?: string;
}

const GAP = 6;

/** To measure a text takes longer than to draw it. */
const MEASURED_AT_MOST = 2_000;

/** Draws a label: inside its span, or behind it, or, where there is no room, before it. */
export function paintLabel(picture: Picture, { text, span, y, inside, colour, ground }: Label): void {
  if (text === "") return;
  const { context, width } = picture;
  const length = widthOf(picture, text);
  const seen = { from: Math.max(0, span.from), to: Math.min(width, span.to) };
  let x = seen.to + GAP;
  if (inside) x = (seen.from + seen.to - length) / 2;
  else if (x + length > width) x = seen.from - GAP - length;
  if (!inside && x < 0) return;
  if (ground !== undefined) {
    context.fillStyle = ground;
    context.fillRect(x - 3, y + 5, length + 6, ROW_HEIGHT - 10);
  }
  context.fillStyle = colour;
  context.fillText(text, x, y + ROW_HEIGHT / 2 + 0.5);
}

/** Whether a text fits into the part of a span that is seen. */
export function fitsInside(picture: Picture, { from, to }: Span, text: string): boolean {
  const room = Math.min(picture.width, to) - Math.max(0, from);
  return room > widthOf(picture, text) + 2 * GAP;
}

function widthOf({ context, widths }: Picture, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > MEASURED_AT_MOST) widths.clear();
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}
