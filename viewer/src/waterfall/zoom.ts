/**
 * Zooming and moving along the axis with the pointer: with d3-zoom, whose transform follows the view's range and sets it.
 * The plain wheel is the page's own: it scrolls.
 */
import { effect } from "@preact/signals";
import { select } from "d3-selection";
import { zoom, ZoomTransform, type D3ZoomEvent } from "d3-zoom";
import { fitRange, LEAST_SPAN_MS, type Axis } from "../state/axis.ts";
import type { View } from "../state/view.ts";

/** What can be zoomed. */
export interface ZoomTarget {
  readonly element: HTMLElement;
  readonly view: View;
  readonly axis: Axis;
  /** In CSS pixels. */
  readonly width: () => number;
  /** Told of pixels that the pointer was dragged up or down. */
  readonly onDragDown?: ((pixels: number) => void) | undefined;
}

/** Lets the pointer zoom and move. Returns what takes it back. */
export function attachZoom({ element, view, axis, width, onDragDown }: ZoomTarget): () => void {
  const selection = select<HTMLElement, unknown>(element);
  const behaviour = zoom<HTMLElement, unknown>()
    .filter((event: WheelEvent | MouseEvent | TouchEvent) => {
      // One finger scrolls the page, two zoom.
      if ("touches" in event) return event.touches.length > 1;
      return event.type === "wheel" ? event.ctrlKey || event.metaKey : event.button === 0;
    })
    .extent(() => [
      [0, 0],
      [width(), 1],
    ])
    .translateExtent([
      [0, -Infinity],
      [Infinity, Infinity],
    ])
    .on("zoom", ({ transform, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
      if (sourceEvent === null) return;
      const { fromMs, toMs } = axis.full.value;
      const perPixel = (toMs - fromMs) / width() / transform.k;
      const from = fromMs - transform.x * perPixel;
      view.range.value = fitRange({ fromMs: from, toMs: from + perPixel * width() }, axis.full.value);
      if (sourceEvent instanceof MouseEvent && sourceEvent.type === "mousemove")
        onDragDown?.(sourceEvent.movementY);
    });
  selection.call(behaviour).on("dblclick.zoom", null);
  const wheel = (event: WheelEvent) => {
    const pixels = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey || pixels === 0) return;
    event.preventDefault();
    const { fromMs, toMs } = axis.shown.value;
    const by = ((toMs - fromMs) / width()) * pixels;
    view.range.value = fitRange({ fromMs: fromMs + by, toMs: toMs + by }, axis.full.value);
  };
  element.addEventListener("wheel", wheel, { passive: false });
  const detach = effect(() => {
    const { full, shown } = axis;
    const span = full.value.toMs - full.value.fromMs;
    const k = span / (shown.value.toMs - shown.value.fromMs);
    const x = (-(shown.value.fromMs - full.value.fromMs) / span) * width() * k;
    behaviour.scaleExtent([1, span / LEAST_SPAN_MS]);
    // d3-zoom keeps its transform here; set like this, no event tells of it.
    selection.property("__zoom", new ZoomTransform(k, x, 0));
  });
  return () => {
    detach();
    selection.on(".zoom", null);
    element.removeEventListener("wheel", wheel);
  };
}
