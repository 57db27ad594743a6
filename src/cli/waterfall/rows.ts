/**
 * A run as a waterfall: one row per model turn and per call, each made of the stretches of time that it spent in one way.
 * Pure, from events to rows, so that it can be read at any moment of a run that goes on, and tested without a terminal.
 * Times are milliseconds from the run's start.
 */
import type { RunEvent } from "../../agent/run-event.ts";
import type { Call } from "../../core/call.ts";
import type { Wait, WaitFor } from "../../core/event.ts";
import type { CallError, OutcomeStatus } from "../../core/outcome.ts";
import { labelOf } from "../call-words.ts";

/**
 * What goes on in a stretch: the model writes, a call runs, or it waits; `waiting` until it is known for what. `failed` is an
 * attempt that is followed by another.
 */
export type SegmentKind = "model" | "running" | "failed" | "waiting" | WaitFor["for"];

/** A stretch of time. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly fromMs: number;
  /** Undefined while it goes on. */
  readonly toMs: number | undefined;
}

/** How a row ended, if it has. */
export type RowStatus = "going" | OutcomeStatus | "broken";

/** A turn or a call. */
export interface Row {
  readonly label: string;
  /** Undefined for a turn. */
  readonly call: Call | undefined;
  /** How many calls it runs inside of. */
  readonly depth: number;
  readonly segments: readonly Segment[];
  readonly status: RowStatus;
  readonly error: CallError | undefined;
}

/** A run so far. */
export interface Waterfall {
  readonly rows: readonly Row[];
  /** When it started, on the clock of its events; undefined before that. */
  readonly startedAt: number | undefined;
  /** How long it took; undefined while it goes on. */
  readonly wallMs: number | undefined;
}

/** How much the calls of a run worked, and how much of that nobody had to wait for. */
export interface ToolTime {
  /** All calls one after the other. */
  readonly sumMs: number;
  /** The time in which at least one of them ran. */
  readonly busyMs: number;
  /** The part of `busyMs` in which the model was still writing. */
  readonly hiddenMs: number;
}

/** Reads the waterfall off the events that have come so far. */
export function readWaterfall(events: readonly RunEvent[]): Waterfall {
  const reader = new WaterfallReader(events.find((event) => event.type === "run.started")?.at);
  for (const event of events) reader.read(event);
  return reader.waterfall();
}

/** Adds up the calls of a run that has ended. What runs inside a call is part of it. */
export function toolTime({ rows }: Waterfall): ToolTime {
  const calls = [...spansOf(rows, "running"), ...spansOf(rows, "failed")];
  const either = coveredMs([...calls, ...spansOf(rows, "model")]);
  const busyMs = coveredMs(calls);
  return {
    sumMs: calls.reduce((sum, [from, to]) => sum + to - from, 0),
    busyMs,
    hiddenMs: busyMs + coveredMs(spansOf(rows, "model")) - either,
  };
}

type OpenRow = { -readonly [Field in keyof Row]: Row[Field] };

class WaterfallReader {
  readonly #startedAt: number | undefined;
  #wallMs: number | undefined = undefined;
  readonly #rows: OpenRow[] = [];
  readonly #calls = new Map<string, OpenRow>();
  /** The call around a batch, by the batch's key. */
  readonly #parents = new Map<string, string>();
  #turn: OpenRow | undefined = undefined;

  constructor(startedAt: number | undefined) {
    this.#startedAt = startedAt;
  }

  read(event: RunEvent): void {
    const now = event.at - (this.#startedAt ?? event.at);
    switch (event.type) {
      case "turn.started":
        this.#turn = this.#add({ label: `model, turn ${event.turn}`, call: undefined, depth: 0 });
        this.#turn.segments = [{ kind: "model", fromMs: now, toMs: undefined }];
        return;
      case "turn.ended":
      case "turn.broken":
        if (this.#turn === undefined) return;
        end(this.#turn, now);
        this.#turn.status = event.type === "turn.ended" ? "ok" : "broken";
        return;
      case "batch.opened":
        if (event.parent !== undefined) this.#parents.set(event.batch, event.parent);
        return;
      case "call.queued": {
        const { call } = event;
        const row = this.#add({ label: labelOf(call), call, depth: this.#depthOf(call.key) });
        row.segments = [{ kind: "waiting", fromMs: now, toMs: undefined }];
        this.#calls.set(call.key, row);
        return;
      }
      case "call.started": {
        const row = this.#calls.get(event.call);
        if (row === undefined) return;
        row.segments = [...explain(row, event.waits), { kind: "running", fromMs: now, toMs: undefined }];
        return;
      }
      case "attempt.failed":
        if (event.retryInMs !== undefined) this.#wait(event.call, now);
        return;
      case "attempt.started": {
        const row = this.#calls.get(event.call);
        if (row === undefined || event.as === "hedge") return;
        row.segments = [...explain(row, event.waits), { kind: "running", fromMs: now, toMs: undefined }];
        return;
      }
      case "call.settled": {
        const row = this.#calls.get(event.call);
        if (row === undefined) return;
        // One that never ran and never waited is a moment.
        if (event.waits !== undefined && event.waits.length > 0) row.segments = explain(row, event.waits);
        end(row, now);
        row.status = event.outcome.status;
        row.error = event.outcome.error;
        return;
      }
      case "run.ended":
        this.#wallMs = now;
        return;
      case "run.started":
      case "turn.text":
      case "turn.answered":
      case "batch.closed":
      case "call.progress":
      case "attempt.abandoned":
      case "attempt.stopped":
        return;
    }
  }

  waterfall(): Waterfall {
    return { rows: this.#rows, startedAt: this.#startedAt, wallMs: this.#wallMs };
  }

  #add(row: Pick<Row, "label" | "call" | "depth">): OpenRow {
    const open: OpenRow = { ...row, segments: [], status: "going", error: undefined };
    this.#rows.push(open);
    return open;
  }

  /** A call that ran, in vain, waits again. */
  #wait(call: string, now: number): void {
    const row = this.#calls.get(call);
    const last = row?.segments.at(-1);
    if (row === undefined || last === undefined) return;
    row.segments = [
      ...row.segments.slice(0, -1),
      { kind: "failed", fromMs: last.fromMs, toMs: now },
      { kind: "waiting", fromMs: now, toMs: undefined },
    ];
  }

  #depthOf(call: string): number {
    // A call's key begins with that of its batch.
    const parent = this.#parents.get(call.slice(0, call.indexOf(".")));
    const around = parent === undefined ? undefined : this.#calls.get(parent);
    return around === undefined ? 0 : around.depth + 1;
  }
}

/** A row whose last wait is told: what it was made of. */
function explain({ segments }: Row, waits: readonly Wait[]): Segment[] {
  const told = segments.slice(0, -1);
  let fromMs = segments.at(-1)?.fromMs ?? 0;
  for (const { for: kind, ms } of waits) {
    told.push({ kind, fromMs, toMs: fromMs + ms });
    fromMs += ms;
  }
  return told;
}

function end(row: OpenRow, now: number): void {
  row.segments = row.segments.map((segment) => ({ ...segment, toMs: segment.toMs ?? now }));
}

type Span = readonly [fromMs: number, toMs: number];

function spansOf(rows: readonly Row[], kind: SegmentKind): Span[] {
  return rows
    .filter(({ depth }) => depth === 0)
    .flatMap(({ segments }) => segments)
    .filter((segment) => segment.kind === kind)
    .map(({ fromMs, toMs }): Span => [fromMs, toMs ?? fromMs]);
}

/** How much time the spans cover together. */
function coveredMs(spans: readonly Span[]): number {
  let covered = 0;
  let reached = -Infinity;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return covered;
}
