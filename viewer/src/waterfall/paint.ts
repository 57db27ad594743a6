/** Draws the waterfall: rows that are in sight, the critical path through them, and the axis above. */
import { formatMoment } from "../format.ts";
import type { Row } from "../rows/row.ts";
import { AXIS_HEIGHT, marksOf, ROW_HEIGHT } from "./geometry.ts";
import { paintRow } from "./paint-bars.ts";
import { paintLabels } from "./paint-labels.ts";
import { paintPath } from "./paint-path.ts";
import type { Picture } from "./picture.ts";

/** Draws one picture. */
export function paint(picture: Picture): void {
  const { context, palette, width, height } = picture;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, height);
  context.font = palette.font;
  context.textBaseline = "middle";
  const inSight = rowsInSight(picture);
  for (const [row, y] of inSight) {
    context.fillStyle = groundOf(picture, row);
    context.fillRect(0, y, width, ROW_HEIGHT);
  }
  paintGrid(picture);
  for (const [row, y] of inSight) paintRow(picture, row, y);
  if (picture.path !== undefined) paintPath(picture, picture.path);
  context.lineWidth = 4;
  context.lineJoin = "round";
  for (const [row, y] of inSight) paintLabels(picture, row, { y, ground: groundOf(picture, row) });
  paintAxis(picture);
}

/** A row, and where its upper edge is. */
type Placed = readonly [row: Row, y: number];

function rowsInSight({ rows, window, scrollTop, height }: Picture): Placed[] {
  const inSight: Placed[] = [];
  for (let place = window.from; place < window.to; place++) {
    const row = rows[place];
    const y = AXIS_HEIGHT + place * ROW_HEIGHT - scrollTop;
    if (row !== undefined && y > 0 && y < height) inSight.push([row, y]);
  }
  return inSight;
}

function groundOf({ palette, active, hovered }: Picture, { id, kind }: Row): string {
  if (id === active) return palette.active;
  if (id === hovered) return palette.hover;
  return kind === "turn" ? palette.band : palette.surface;
}

function paintGrid(picture: Picture): void {
  const { context, palette, height, range, width, x, originMs } = picture;
  context.fillStyle = palette.faint;
  for (const moment of marksOf(range, width, originMs).moments)
    context.fillRect(Math.round(x(moment + originMs)), AXIS_HEIGHT, 1, height);
}

function paintAxis(picture: Picture): void {
  const { context, palette, width, range, x, originMs } = picture;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, AXIS_HEIGHT);
  context.fillStyle = palette.line;
  context.fillRect(0, AXIS_HEIGHT - 1, width, 1);
  const { moments, stepMs } = marksOf(range, width, originMs);
  for (const moment of moments) {
    const at = Math.round(x(moment + originMs));
    context.fillStyle = palette.line;
    context.fillRect(at, AXIS_HEIGHT - 7, 1, 6);
    context.fillStyle = palette.muted;
    context.fillText(formatMoment(moment, stepMs), at + 5, AXIS_HEIGHT / 2);
  }
}
