/** One of the traces on the page, with all that follows from it. Each is worked out when it is looked at, and once. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { criticalPath, type PathStep } from "../../../src/trace/critical-path.ts";
import { callsByKey } from "../../../src/trace/explain.ts";
import { figuresOf, type Figures } from "../../../src/trace/figures.ts";
import { scopeOf, type TraceScope } from "../../../src/trace/scope.ts";
import { slotUse, type SlotUse } from "../../../src/trace/slot-use.ts";
import type { Trace, TracedCall } from "../../../src/trace/trace.ts";
import { testOf } from "../rows/filter.ts";
import { rowsOf, type Row } from "../rows/row.ts";
import type { Feed } from "./feed.ts";
import { nowOf } from "./now.ts";
import { paced } from "./pace.ts";
import { pathShares } from "./path-rows.ts";
import type { RowPlace, TimeRange, View } from "./view.ts";

/** A trace, looked at. */
export interface OpenedTrace {
  readonly index: number;
  readonly feed: Feed;
  readonly trace: ReadonlySignal<Trace>;
  /** The part of it that the view is of: one run, or all. */
  readonly part: ReadonlySignal<TraceScope>;
  /** The trace as far as it has been worked out: it lags behind while it grows, since that takes long. */
  readonly settled: ReadonlySignal<Trace>;
  /** Where it has come to. */
  readonly nowMs: ReadonlySignal<number>;
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
  const going = computed(() => isGoing(trace.value));
  const nowMs = nowOf(feed, going);
  const settled = settledOf(feed, nowMs, going);
  const worked = computed(() => settled.value.trace);
  // Two traces that are compared may not have the same runs.
  const run = computed(() => trace.value.runs.find(({ name }) => name === view.run.value)?.name);
  const part = computed(() => scopeOf(trace.value, run.value));
  const wants = computed(() =>
    testOf({ search: view.search.value, tools: view.tools.value, statuses: view.statuses.value }),
  );
  const rows = computed(() =>
    rowsOf(part.value, {
      wants: wants.value,
      // What is looked for is not hidden in what was folded before.
      isCollapsed: (id) => wants.value === undefined && view.collapsed.value.has(`${index}/${id}`),
      kept: view.opened.value?.trace === index ? view.opened.value.row : undefined,
    }),
  );
  const path = computed(() => criticalPath(worked.value, run.value));
  return {
    index,
    feed,
    trace,
    part,
    settled: worked,
    nowMs,
    rows,
    calls: computed(() => callsByKey(trace.value.calls)),
    wanted: computed(() => {
      const { calls } = part.value;
      return wants.value === undefined ? [...calls] : calls.filter(wants.value);
    }),
    places: computed(() => new Map(rows.value.map(({ id }, place) => [id, place]))),
    figures: computed(() => figuresOf(worked.value, run.value)),
    path,
    shares: computed(() => pathShares(path.value)),
    limits: computed(() => slotUse(worked.value)),
    extent: computed(() => {
      const { fromMs, toMs } = part.value;
      // What was abandoned may end behind its run.
      const endMs = run.value === undefined ? trace.value.endMs : toMs;
      return { fromMs, toMs: Math.max(endMs, fromMs + 1) };
    }),
    isGoing: going,
    isBusy: computed(() => !feed.isRead.value || settled.value.of !== trace.value),
  };
}

/** What a row of a trace is in. */
export function placeIn({ calls, trace }: Pick<OpenedTrace, "calls" | "trace">, row: string): RowPlace {
  const around: string[] = [];
  let turn = row.startsWith("turn:") ? row.slice("turn:".length) : undefined;
  let call = row.startsWith("call:") ? calls.value.get(row.slice("call:".length)) : undefined;
  while (call !== undefined) {
    turn ??= call.turn;
    around.push(call.parent === undefined ? `turn:${call.turn ?? ""}` : `call:${call.parent}`);
    call = call.parent === undefined ? undefined : calls.value.get(call.parent);
  }
  return { run: trace.value.turns.find(({ key }) => key === turn)?.run, around };
}

/** A trace, and what it was worked out of. */
interface Settled {
  readonly of: Trace;
  /** Its end is where it had come to. */
  readonly trace: Trace;
}

const SECOND_MS = 1_000;

/** Works a trace out now and then: while it grows, and each second while it goes on. */
function settledOf(
  { trace }: Feed,
  nowMs: ReadonlySignal<number>,
  going: ReadonlySignal<boolean>,
): ReadonlySignal<Settled> {
  const take = (): Settled => ({ of: trace.peek(), trace: { ...trace.peek(), endMs: nowMs.peek() } });
  const settled = signal(take());
  const settle = paced(() => (settled.value = take()), { quietMs: 100, atLeastEachMs: 2_000 });
  const second = computed(() => (going.value ? Math.floor(nowMs.value / SECOND_MS) : 0));
  effect(() => {
    void trace.value;
    void second.value;
    settle();
  });
  return settled;
}

function isGoing({ runs, turns, calls }: Trace): boolean {
  return (
    runs.some(({ status }) => status === "going") ||
    turns.some(({ status }) => status === "going") ||
    calls.some(({ status }) => status === "going")
  );
}
