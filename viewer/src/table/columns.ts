/** The columns of the table of calls. */
import { explainWait, LEAST_WAIT_MS, sentenceOf, waitsOfCall } from "../../../src/trace/explain.ts";
import { workedMs } from "../../../src/trace/figures.ts";
import type { TracedCall } from "../../../src/trace/trace.ts";
import { formatMs } from "../format.ts";
import { STATUS_SIGNS, subjectOf } from "../../../src/trace/labels.ts";

/** The trace of the calls in a table. */
export interface TableTrace {
  readonly nowMs: number;
  readonly calls: ReadonlyMap<string, TracedCall>;
}

/** A column. */
export interface Column {
  readonly name: string;
  readonly isNumber: boolean;
  /** What it is sorted by. */
  sortValue(call: TracedCall, trace: TableTrace): string | number;
  text(call: TracedCall, trace: TableTrace): string;
}

/** The columns, from left to right. */
export const COLUMNS: readonly Column[] = [
  words("call", (call) => call.call.name),
  words("about", ({ call }) => subjectOf(call)),
  { ...words("outcome", ({ status }) => status), text: ({ status }) => `${STATUS_SIGNS[status]} ${status}` },
  words("turn", ({ turn }) => turn ?? ""),
  time("at", ({ queuedMs }) => queuedMs),
  time("waited", waitedMs),
  words("longest for", longestWait),
  time("ran", (call, { nowMs }) => (call.startedMs === undefined ? undefined : workedMs(call, nowMs))),
  {
    name: "attempts",
    isNumber: true,
    sortValue: ({ attempts }) => attempts.length,
    text: ({ attempts }) => String(attempts.length),
  },
];

function words(name: string, text: Column["text"]): Column {
  return { name, isNumber: false, sortValue: (call, trace) => text(call, trace).toLowerCase(), text };
}

function time(name: string, ms: (call: TracedCall, trace: TableTrace) => number | undefined): Column {
  return {
    name,
    isNumber: true,
    sortValue: (call, trace) => ms(call, trace) ?? -1,
    text: (call, trace) => {
      const value = ms(call, trace);
      return value === undefined ? "" : formatMs(value);
    },
  };
}

function waitedMs({ stretches }: TracedCall, { nowMs }: TableTrace): number {
  return stretches.reduce(
    (sum, { kind, fromMs, toMs = nowMs }) => sum + (kind === "wait" ? toMs - fromMs : 0),
    0,
  );
}

function longestWait(call: TracedCall, { nowMs, calls }: TableTrace): string {
  let longest: ReturnType<typeof waitsOfCall>[number] | undefined;
  const msOf = ({ fromMs, toMs = nowMs }: { readonly fromMs: number; readonly toMs?: number | undefined }) =>
    toMs - fromMs;
  for (const wait of waitsOfCall(call))
    if (longest === undefined || msOf(wait) > msOf(longest)) longest = wait;
  if (longest === undefined || msOf(longest) < LEAST_WAIT_MS) return "";
  return sentenceOf(explainWait(longest.wait, { calls, of: call, isOpen: longest.toMs === undefined }));
}
