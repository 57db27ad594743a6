/** Keeps the row that the keyboard is at in sight, and what it did as well. */
import { effect, untracked } from "@preact/signals";
import type { RefObject } from "preact";
import { spanOfRow } from "../rows/row-words.ts";
import type { Axis } from "../state/axis.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { View } from "../state/view.ts";
import { AXIS_HEIGHT, ROW_HEIGHT } from "./geometry.ts";

/** What is kept in sight, and where. */
export interface SightOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly view: View;
  readonly opened: OpenedTrace;
  readonly axis: Axis;
}

/** Scrolls, and moves along the axis, whenever another row becomes active. Returns what ends it. */
export function keepInSight({ scroller, view, opened, axis }: SightOptions): () => void {
  let last: string | undefined;
  let isFirst = true;
  let frame = 0;
  const stop = effect(() => {
    const { active } = view;
    const row = active.value?.trace === opened.index ? active.value.row : undefined;
    const place = opened.places.value.get(row ?? "");
    if (row === last || place === undefined) return;
    last = row;
    // A link says itself which part of the axis it shows.
    if (!isFirst) untracked(() => showTime(opened, axis, { view, place }));
    const isCentred = isFirst;
    isFirst = false;
    cancelAnimationFrame(frame);
    // The list is as high as its rows from the next frame on.
    frame = requestAnimationFrame(() => scrollTo(scroller.current, place, isCentred));
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
  };
}

function scrollTo(scroller: HTMLElement | null, place: number, isCentred: boolean): void {
  if (scroller === null) return;
  const { scrollTop, clientHeight } = scroller;
  const top = place * ROW_HEIGHT;
  const bottom = top + ROW_HEIGHT + AXIS_HEIGHT;
  if (top >= scrollTop && bottom <= scrollTop + clientHeight) return;
  if (isCentred) scroller.scrollTop = top - clientHeight / 2;
  else scroller.scrollTop = top < scrollTop ? top : bottom - clientHeight;
}

/** Where nothing of the row is shown, its beginning is put at a tenth of the width. */
function showTime(
  opened: OpenedTrace,
  axis: Axis,
  { view, place }: { readonly view: View; readonly place: number },
): void {
  const row = opened.rows.value[place];
  if (row === undefined || view.range.value === undefined) return;
  const { fromMs, toMs } = axis.rangeOf(opened);
  const span = spanOfRow(row, opened.nowMs.value);
  if (span.fromMs < toMs && span.toMs > fromMs) return;
  const from = span.fromMs - (toMs - fromMs) / 10;
  axis.show(opened, { fromMs: from, toMs: from + toMs - fromMs });
}
