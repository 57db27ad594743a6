/** The keys of the tree of rows, by the custom of tree grids. */
import type { OpenedTrace } from "../state/opened-trace.ts";
import { openRow, toggleCollapsed, type View } from "../state/view.ts";

/** What is steered. */
export interface Steered {
  readonly view: View;
  readonly opened: OpenedTrace;
  /** How many rows a page has. */
  readonly pageRows: number;
}

/** Does what a key means in the tree, and lets all other keys pass. */
export function steer(event: KeyboardEvent, { view, opened, pageRows }: Steered): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const rows = opened.rows.value;
  const { active } = view;
  const place = active.value?.trace === opened.index ? opened.places.value.get(active.value.row) : undefined;
  const row = place === undefined ? undefined : rows[place];
  const go = (to: number) => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (target === undefined) return;
    const choice = { trace: opened.index, row: target.id };
    // An open panel goes with the keyboard.
    if (view.opened.value === undefined) active.value = choice;
    else openRow(view, choice);
  };
  switch (event.key) {
    case "ArrowDown":
      go(place === undefined ? 0 : place + 1);
      break;
    case "ArrowUp":
      go(place === undefined ? 0 : place - 1);
      break;
    case "PageDown":
      go((place ?? 0) + pageRows);
      break;
    case "PageUp":
      go((place ?? 0) - pageRows);
      break;
    case "Home":
      go(0);
      break;
    case "End":
      go(rows.length - 1);
      break;
    case "Enter":
      if (row !== undefined) openRow(view, { trace: opened.index, row: row.id });
      break;
    case "ArrowRight":
      if (row === undefined || place === undefined) break;
      if (row.isCollapsed) toggleCollapsed(view, { trace: opened.index, row: row.id });
      else if (row.hasCalls) go(place + 1);
      break;
    case "ArrowLeft":
      if (row === undefined || place === undefined) break;
      if (row.hasCalls && !row.isCollapsed) toggleCollapsed(view, { trace: opened.index, row: row.id });
      else go(rows.findLastIndex(({ level }, i) => i < place && level < row.level));
      break;
    default:
      return;
  }
  event.preventDefault();
  event.stopPropagation();
}
