/** The time axis of a waterfall. Pure. */

/** Distances between two moments that are round, in milliseconds. */
const STEPS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000,
].concat([1, 2, 5, 10, 20, 60, 120, 360, 1_440].map((minutes) => minutes * 60_000));

/** Columns that a moment and the space behind it take at least. */
const ROOM = 9;

/** Round moments, as many as have room. */
export function renderAxis(spanMs: number, width: number): string {
  const step = STEPS.find((ms) => (ms / spanMs) * width >= ROOM) ?? spanMs;
  let axis = "";
  for (let ms = 0; ms <= spanMs; ms += step) {
    axis = axis.padEnd(Math.round((ms / spanMs) * width)) + (ms === 0 ? "0" : nameOf(ms, step));
  }
  return axis;
}

function nameOf(ms: number, step: number): string {
  if (step < 100) return `${ms} ms`;
  return step < 60_000 ? `${ms / 1000} s` : `${Math.round(ms / 60_000)} min`;
}
