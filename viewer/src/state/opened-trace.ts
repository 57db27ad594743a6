/** One of the traces on the page, with all that follows from it. Each is worked out when it is looked at, and once. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { criticalPath, type PathStep } from "../../../src/trace/critical-path.ts";
import { callsByKey } from "../../../src/trace/explain.ts";
import { figuresOf, type Figures } from "../../../src/trace/figures.ts";
import { slotUse, type SlotUse } from "../../../src/trace/slot-use.ts";
import type { Trace, TracedCall } from "../../../src/trace/trace.ts";
import { testOf } from "../rows/filter.ts";
import { rowsOf, type Row } from "../rows/row.ts";
import type { Feed } from "./feed.ts";
import { paced } from "./pace.ts";
import { pathShares } from "./path-rows.ts";
import type { TimeRange, View } from "./view.ts";

/** A trace, looked at. */
export interface OpenedTrace {
  readonly index: number;
  readonly feed: Feed;
  readonly trace: ReadonlySignal<Trace>;
  /** The same, lagging behind while it grows: what takes long is worked out of this. */
  readonly settled: ReadonlySignal<Trace>;
  readonly calls: ReadonlySignal<ReadonlyMap<string, TracedCall>>;
  /** The calls that the view wants. */
  readonly wanted: ReadonlySignal<readonly TracedCall[]>;
  /** The same as rows, with what holds them. */
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** The place of each row, by its id. */
  readonly places: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly figures: ReadonlySignal<Figures>;
  readonly path: ReadonlySignal<readonly PathStep[]>;
  /** For how long each row is part of the path. */
  readonly shares: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly limits: ReadonlySignal<readonly SlotUse[]>;
  /** From the first thing that happened to the last. */
  readonly extent: ReadonlySignal<TimeRange>;
  readonly isGoing: ReadonlySignal<boolean>;
  /** Whether something that has come is not shown yet. */
  readonly isBusy: ReadonlySignal<boolean>;
}

/** Looks at a feed. */
export function openFeed(feed: Feed, index: number, view: View): OpenedTrace {
  const { trace } = feed;
  const settled = settledOf(trace);
  const wants = computed(() =>
    testOf({ search: view.search.value, tools: view.tools.value, statuses: view.statuses.value }),
  );
  const rows = computed(() =>
    rowsOf(trace.value, {
      wants: wants.value,
      isCollapsed: (id) => view.collapsed.value.has(`${index}/${id}`),
    }),
  );
  const path = computed(() => criticalPath(settled.value));
  return {
    index,
    feed,
    trace,
    settled,
    rows,
    calls: computed(() => callsByKey(trace.value.calls)),
    wanted: computed(() => {
      const { calls } = trace.value;
      return wants.value === undefined ? [...calls] : calls.filter(wants.value);
    }),
    places: computed(() => new Map(rows.value.map(({ id }, place) => [id, place]))),
    figures: computed(() => figuresOf(settled.value)),
    path,
    shares: computed(() => pathShares(path.value)),
    limits: computed(() => slotUse(settled.value)),
    extent: computed(() => extentOf(trace.value)),
    isGoing: computed(() => isGoing(trace.value)),
    isBusy: computed(() => !feed.isRead.value || settled.value !== trace.value),
  };
}

/** A trace that lags behind while it grows fast: what is worked out of all of it takes longer than drawing rows. */
function settledOf(trace: ReadonlySignal<Trace>): ReadonlySignal<Trace> {
  const settled = signal(trace.peek());
  const settle = paced(() => (settled.value = trace.peek()), { quietMs: 100, atLeastEachMs: 2_000 });
  effect(() => {
    void trace.value;
    settle();
  });
  return settled;
}

function extentOf({ runs, turns, calls, endMs }: Trace): TimeRange {
  const firsts = [runs[0]?.fromMs, turns[0]?.fromMs, calls[0]?.queuedMs].filter((ms) => ms !== undefined);
  const fromMs = firsts.length === 0 ? 0 : Math.min(...firsts);
  return { fromMs, toMs: Math.max(endMs, fromMs + 1) };
}

function isGoing({ runs, turns, calls }: Trace): boolean {
  return (
    runs.some(({ status }) => status === "going") ||
    turns.some(({ status }) => status === "going") ||
    calls.some(({ status }) => status === "going")
  );
}
