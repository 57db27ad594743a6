/** What a row of a waterfall is drawn of: stretches of time, each spent in one way. */
import type { Stretch, TracedCall, TracedWait } from "../../trace/trace.ts";
import type { Row } from "./rows.ts";

/**
 * What goes on in a stretch: the model writes; a call runs, once or twice at once, or in vain, to be tried again; it holds
 * other calls; or it waits for something.
 */
export type SegmentKind = "model" | "running" | "twice" | "failed" | "holds" | TracedWait["for"];

/** A stretch of time. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly fromMs: number;
  /** Undefined while it goes on. */
  readonly toMs: number | undefined;
}

/** The stretches of a row, in order. */
export function segmentsOf(row: Row): Segment[] {
  if (row.kind === "call") return ofCall(row.call);
  const { turn, fromMs, modelToMs: toMs } = row.turn;
  return turn === undefined ? [] : [{ kind: "model", fromMs, toMs }];
}

/** Whether somebody worked. A call that is to be tried again has worked, too. */
export function isWork({ kind }: Segment): boolean {
  return kind === "model" || kind === "running" || kind === "twice" || kind === "failed";
}

function ofCall(call: TracedCall): Segment[] {
  if (call.isWrapper) return [{ kind: "holds", fromMs: call.queuedMs, toMs: call.settledMs }];
  // One that settled at once is a moment.
  if (call.stretches.length === 0)
    return [{ kind: "unknown", fromMs: call.queuedMs, toMs: call.settledMs ?? call.queuedMs }];
  return call.stretches.flatMap((stretch) => {
    if (stretch.kind === "wait")
      return [{ kind: stretch.wait.for, fromMs: stretch.fromMs, toMs: stretch.toMs }];
    return withHedges(stretch, call);
  });
}

/** An attempt is alone until a second one starts beside it, and again when one of the two has ended. */
function withHedges({ kind, fromMs, toMs }: Exclude<Stretch, { kind: "wait" }>, call: TracedCall): Segment[] {
  const end = toMs ?? Infinity;
  const segments: Segment[] = [];
  let reached = fromMs;
  for (const hedge of call.attempts) {
    if (hedge.as !== "hedge" || hedge.fromMs < reached || hedge.fromMs >= end) continue;
    const ends = call.attempts
      .filter((attempt) => attempt.fromMs <= hedge.fromMs)
      .map((attempt) => attempt.toMs ?? Infinity)
      .filter((ms) => ms > hedge.fromMs);
    const both = Math.min(end, ...ends);
    if (hedge.fromMs > reached) segments.push({ kind, fromMs: reached, toMs: hedge.fromMs });
    segments.push({ kind: "twice", fromMs: hedge.fromMs, toMs: both === Infinity ? undefined : both });
    reached = both;
  }
  if (reached < end || segments.length === 0) segments.push({ kind, fromMs: reached, toMs });
  return segments;
}
