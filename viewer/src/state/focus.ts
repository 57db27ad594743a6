/** Where the keyboard is: the list of rows of one of the traces, which says itself which row is active. */
import type { View } from "./view.ts";

/** Puts the keyboard at the rows of a trace. */
export function focusRows(trace: number): HTMLElement | undefined {
  const lists = document.querySelectorAll<HTMLElement>('[role="treegrid"], [role="grid"]');
  const list = lists[trace] ?? lists[0];
  list?.focus({ preventScroll: true });
  return list;
}

/** Closes the side panel; the keyboard goes back to the rows. */
export function closePanel(view: View): void {
  const { opened } = view;
  if (opened.value === undefined) return;
  focusRows(opened.value.trace);
  opened.value = undefined;
}
