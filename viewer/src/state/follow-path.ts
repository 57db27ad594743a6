/** Along the critical path, from row to row. */
import { rowOfStep } from "./path-rows.ts";
import type { OpenedTrace } from "./opened-trace.ts";
import { openRow, type View } from "./view.ts";

/** Goes to the next row of the path, or to the one before, from where the keyboard is; what is open goes with it. */
export function followPath(view: View, opened: OpenedTrace, by: 1 | -1): void {
  const stops = stopsOf(opened, view);
  const { active } = view;
  const at =
    active.value?.trace === opened.index ? stops.indexOf(active.value.row, followed(view, stops, by)) : -1;
  const row = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by];
  if (row === undefined) return;
  view.pathStop.value = at < 0 ? 0 : at + by;
  const choice = { trace: opened.index, row };
  if (view.opened.value === undefined) active.value = choice;
  else openRow(view, choice);
}

/** A row that the path comes back to is there several times: which of these was come to last. */
function followed({ pathStop, active }: View, stops: readonly string[], by: 1 | -1): number {
  const last = pathStop.value;
  if (stops[last] === active.value?.row) return last;
  return by > 0 ? 0 : Math.max(0, stops.lastIndexOf(active.value?.row ?? ""));
}

/** The rows of the path that are shown, one after the other. The table has no turns. */
function stopsOf({ path, places }: OpenedTrace, { shows }: View): string[] {
  const stops: string[] = [];
  for (const step of path.value) {
    const row = shows.value === "table" && step.kind === "model" ? undefined : rowOfStep(step);
    if (row !== undefined && row !== stops.at(-1) && places.value.has(row)) stops.push(row);
  }
  return stops;
}
