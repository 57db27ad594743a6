/** Keeps the row that the keyboard is at in sight. */
import { effect } from "@preact/signals";
import type { RefObject } from "preact";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { View } from "../state/view.ts";
import { AXIS_HEIGHT, ROW_HEIGHT } from "./geometry.ts";

/** What is kept in sight, and where. */
export interface SightOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly view: View;
  readonly opened: OpenedTrace;
}

/** Scrolls whenever another row becomes active. Returns what ends it. */
export function keepInSight({ scroller, view, opened }: SightOptions): () => void {
  let last: string | undefined;
  return effect(() => {
    const { active } = view;
    const row = active.value?.trace === opened.index ? active.value.row : undefined;
    const place = opened.places.value.get(row ?? "");
    if (row === last) return;
    if (place === undefined || scroller.current === null) return;
    last = row;
    const { scrollTop, clientHeight } = scroller.current;
    const top = place * ROW_HEIGHT;
    const bottom = top + ROW_HEIGHT + AXIS_HEIGHT;
    if (top < scrollTop) scroller.current.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) scroller.current.scrollTop = bottom - clientHeight;
  });
}
