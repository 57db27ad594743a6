/** Draws the lanes of limits. However many steps there are, there is one bar per pixel: the most that was in use in it. */
import type { TimeRange } from "../state/view.ts";
import type { TimeScale } from "../waterfall/geometry.ts";
import type { Palette } from "../waterfall/palette.ts";
import type { Lane } from "./lanes.ts";

/** The height of a lane; the style sheet has it too. */
export const LANE_HEIGHT = 30;

const PADDING = 5;

/** What lanes are drawn on. */
export interface LanePicture {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
  readonly width: number;
  readonly height: number;
  readonly range: TimeRange;
  readonly x: TimeScale;
  /** Where the trace has come to. */
  readonly endMs: number;
}

/** Draws all lanes, one below the other. */
export function paintLanes(picture: LanePicture, lanes: readonly Lane[]): void {
  const { context, palette, width, height } = picture;
  context.fillStyle = palette.surface;
  context.fillRect(0, 0, width, height);
  for (const [i, lane] of lanes.entries()) {
    const bottom = (i + 1) * LANE_HEIGHT;
    paintLane(picture, lane, bottom - 1);
    context.fillStyle = palette.faint;
    context.fillRect(0, bottom - 1, width, 1);
  }
}

function paintLane(picture: LanePicture, lane: Lane, bottom: number): void {
  const { context, palette, width } = picture;
  const top = Math.max(1, lane.most, lane.limit ?? 0);
  const scale = (LANE_HEIGHT - PADDING) / top;
  context.fillStyle = lane.kind === "rate" ? palette.wait : palette.running;
  let at = Math.max(0, lastBefore(lane.steps, picture.range.fromMs));
  // A second after its start counts to the rate, and may end behind the trace.
  const end = Math.min(width, picture.x(picture.endMs));
  while (at < lane.steps.length) {
    const from = Math.floor(picture.x(lane.steps[at]?.atMs ?? 0));
    let most = 0;
    let to = from;
    // All steps that begin within one pixel are one bar.
    do {
      most = Math.max(most, lane.steps[at]?.inUse ?? 0);
      at++;
      to = at < lane.steps.length ? Math.floor(picture.x(lane.steps[at]?.atMs ?? 0)) : end;
    } while (to <= from && at < lane.steps.length);
    if (from > end) break;
    const left = Math.max(0, from);
    if (most > 0 && to >= left)
      context.fillRect(left, bottom - most * scale, Math.max(1, Math.min(end, to) - left), most * scale);
  }
  if (lane.limit === undefined) return;
  context.fillStyle = palette.muted;
  for (let left = 0; left < width; left += 8)
    context.fillRect(left, Math.round(bottom - lane.limit * scale), 4, 1);
}

/** By halves: the last step that began before a moment. */
function lastBefore(steps: Lane["steps"], ms: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.atMs ?? Infinity) < ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
