/** The axis of time that everything on the page is drawn along: all of it, and the part of it that is shown. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { OpenedTrace } from "./opened-trace.ts";
import type { TimeRange, View } from "./view.ts";

/** The axis of time. */
export interface Axis {
  /** From the first thing that happened to the last, in any trace, and some room for labels. */
  readonly full: ReadonlySignal<TimeRange>;
  readonly shown: ReadonlySignal<TimeRange>;
  /** Where a trace has come to: beyond its last event, where it goes on while one looks. */
  nowOf(opened: OpenedTrace): number;
}

/** No deeper than this can be zoomed. */
export const LEAST_SPAN_MS = 0.05;

const ROOM = 0.06;
const TICK_MS = 100;

/** Makes the axis of some traces. */
export function createAxis(traces: readonly OpenedTrace[], view: View): Axis {
  const clock = signal(performance.now());
  const goesOn = ({ feed, isGoing }: OpenedTrace) =>
    feed.kind === "live" && feed.status.value === "open" && isGoing.value;
  effect(() => {
    if (!traces.some(goesOn)) return undefined;
    const timer = setInterval(() => (clock.value = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  });
  const nowOf = (opened: OpenedTrace) => {
    const { endMs } = opened.trace.value;
    return goesOn(opened) ? endMs + Math.max(0, clock.value - opened.feed.heardAt.value) : endMs;
  };
  const full = computed(() => {
    const fromMs = Math.min(...traces.map(({ extent }) => extent.value.fromMs));
    const toMs = Math.max(...traces.map((opened) => Math.max(opened.extent.value.toMs, nowOf(opened))));
    return { fromMs, toMs: toMs + (toMs - fromMs) * ROOM };
  });
  return { full, shown: computed(() => view.range.value ?? full.value), nowOf };
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
