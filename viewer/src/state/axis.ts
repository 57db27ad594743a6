/**
 * The axis of time that everything on the page is drawn along: all of it, and the part of it that is shown. It counts from the first
 * thing that happened in a trace, so that two lie side by side whenever each began.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import { spanOfRow } from "../rows/row-words.ts";
import type { Row } from "../rows/row.ts";
import type { OpenedTrace } from "./opened-trace.ts";
import type { TimeRange, View } from "./view.ts";

/** The axis of time. */
export interface Axis {
  /** From the first thing that happened to the last, of the longest trace, and some room for labels. */
  readonly full: ReadonlySignal<TimeRange>;
  readonly shown: ReadonlySignal<TimeRange>;
  /** What is shown, in a trace's own time. */
  rangeOf(opened: OpenedTrace): TimeRange;
  /** The middle of a row on the axis; undefined if it is out of sight. */
  middleOf(opened: OpenedTrace | undefined, id: string | undefined): number | undefined;
  /** Shows a part of a trace, in its own time. */
  show(opened: OpenedTrace, range: TimeRange): void;
}

/** No deeper than this can be zoomed. */
export const LEAST_SPAN_MS = 0.05;

const ROOM = 0.06;

/** Makes the axis of some traces. */
export function createAxis(traces: readonly OpenedTrace[], view: View): Axis {
  const full = computed(() => {
    const lengths = traces.map((opened) => {
      const { fromMs, toMs } = opened.extent.value;
      return Math.max(toMs, opened.nowMs.value) - fromMs;
    });
    return { fromMs: 0, toMs: Math.max(...lengths) * (1 + ROOM) };
  });
  const shown = computed(() => (view.range.value && fitRange(view.range.value, full.value)) ?? full.value);
  return {
    full,
    shown,
    rangeOf: ({ extent }) => {
      const { fromMs, toMs } = shown.value;
      const origin = extent.value.fromMs;
      return { fromMs: fromMs + origin, toMs: toMs + origin };
    },
    middleOf: (opened, id) => {
      const row = rowOf(opened, id);
      if (opened === undefined || row === undefined) return undefined;
      const span = spanOfRow(row, opened.nowMs.value);
      const middle = (span.fromMs + span.toMs) / 2 - opened.extent.value.fromMs;
      return middle >= shown.value.fromMs && middle <= shown.value.toMs ? middle : undefined;
    },
    show: ({ extent }, { fromMs, toMs }) => {
      const origin = extent.value.fromMs;
      view.range.value = fitRange({ fromMs: fromMs - origin, toMs: toMs - origin }, full.value);
    },
  };
}

/** Moves and stretches a range so that it lies within another. Undefined if it is all of that. */
export function fitRange({ fromMs, toMs }: TimeRange, full: TimeRange): TimeRange | undefined {
  const span = Math.max(LEAST_SPAN_MS, toMs - fromMs);
  if (span >= full.toMs - full.fromMs) return undefined;
  const from = Math.min(Math.max(fromMs, full.fromMs), full.toMs - span);
  return { fromMs: from, toMs: from + span };
}

/** A range seen closer, by a factor above 1, or from further away, around a moment of it. */
export function scaleRange(
  { fromMs, toMs }: TimeRange,
  factor: number,
  aroundMs = (fromMs + toMs) / 2,
): TimeRange {
  return { fromMs: aroundMs - (aroundMs - fromMs) / factor, toMs: aroundMs + (toMs - aroundMs) / factor };
}

/** Fills the axis with a row, some room left and right. */
export function zoomToRow(axis: Axis, opened: OpenedTrace | undefined, id: string | undefined): void {
  const row = rowOf(opened, id);
  if (opened === undefined || row === undefined) return;
  const { fromMs, toMs } = spanOfRow(row, opened.nowMs.value);
  const room = Math.max(0.1, (toMs - fromMs) * 0.15);
  axis.show(opened, { fromMs: fromMs - room, toMs: toMs + room });
}

function rowOf(opened: OpenedTrace | undefined, id: string | undefined): Row | undefined {
  return opened?.rows.value[opened.places.value.get(id ?? "") ?? -1];
}
