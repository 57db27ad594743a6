/** Where a trace has come to: beyond its last event, where it goes on while one looks. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { Feed } from "./feed.ts";

const TICK_MS = 100;

/** The moment that it is, in a trace's own time: its last event, or, while it goes on, as long after that as has passed since. */
export function nowOf(feed: Feed, isGoing: ReadonlySignal<boolean>): ReadonlySignal<number> {
  const clock = signal(performance.now());
  const ticks = computed(() => feed.kind === "live" && feed.status.value === "open" && isGoing.value);
  effect(() => {
    if (!ticks.value) return undefined;
    const timer = setInterval(() => (clock.value = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  });
  return computed(() => {
    const { endMs } = feed.trace.value;
    return ticks.value ? endMs + Math.max(0, clock.value - feed.heardAt.value) : endMs;
  });
}
