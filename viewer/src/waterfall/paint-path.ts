/**
 * Draws the critical path through the rows: along what a step was spent in, solid where something worked and dashed where it
 * waited, and down or up to where it went on.
 */
import type { PathStep } from "../../../src/trace/critical-path.ts";
import { AXIS_HEIGHT, BAR, ROW_HEIGHT } from "./geometry.ts";
import type { PicturedPath, Picture } from "./picture.ts";

/** Draws the path. */
export function paintPath(picture: Picture, { steps, placeOf }: PicturedPath): void {
  const { context, palette, range, x, height, width, scrollTop } = picture;
  const solid = new Path2D();
  const dashed = new Path2D();
  let before: number | undefined;
  for (let i = Math.max(0, firstEndingAfter(steps, range.fromMs) - 1); i < steps.length; i++) {
    const step = steps[i] as PathStep;
    if (step.fromMs > range.toMs) break;
    const place = placeOf(step);
    // Nothing is drawn of what is filtered out; time outside of all rows is drawn where the path has come to.
    if (place === undefined && step.kind !== "outside") before = undefined;
    const y =
      place === undefined ? before : AXIS_HEIGHT + place * ROW_HEIGHT - scrollTop + BAR.top + BAR.height + 2;
    if (y === undefined) continue;
    const from = Math.max(-2, x(step.fromMs));
    const to = Math.min(width + 2, x(step.toMs));
    const isInSight = y > 0 && y < height;
    if (before !== undefined && before !== y && Math.max(before, y) > 0 && Math.min(before, y) < height) {
      solid.moveTo(from, Math.max(-2, Math.min(height + 2, before)));
      solid.lineTo(from, Math.max(-2, Math.min(height + 2, y)));
    }
    if (isInSight) {
      const path = step.kind === "wait" || step.kind === "outside" ? dashed : solid;
      path.moveTo(from, y);
      path.lineTo(to, y);
    }
    before = y;
  }
  context.strokeStyle = palette.path;
  context.lineWidth = 2;
  context.stroke(solid);
  context.setLineDash([3, 3]);
  context.stroke(dashed);
  context.setLineDash([]);
}

/** By halves: the steps follow one another. */
function firstEndingAfter(steps: readonly PathStep[], ms: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as PathStep).toMs < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
