/** The columns of the table of calls. */
import { waitsOfCall } from "../../../src/trace/explain.ts";
import { workedMs } from "../../../src/trace/figures.ts";
import type { TracedCall } from "../../../src/trace/trace.ts";
import { formatMs } from "../format.ts";
import { STATUS_SIGNS, subjectOf } from "../../../src/trace/labels.ts";
import { WAIT_STYLES } from "../waterfall/patterns.ts";

/** A column. */
export interface Column {
  readonly name: string;
  readonly isNumber: boolean;
  /** What it is sorted by. */
  sortValue(call: TracedCall, nowMs: number): string | number;
  text(call: TracedCall, nowMs: number): string;
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
  time("ran", (call, nowMs) => (call.startedMs === undefined ? undefined : workedMs(call, nowMs))),
  {
    name: "attempts",
    isNumber: true,
    sortValue: ({ attempts }) => attempts.length,
    text: ({ attempts }) => String(attempts.length),
  },
];

function words(name: string, text: (call: TracedCall, nowMs: number) => string): Column {
  return { name, isNumber: false, sortValue: (call, nowMs) => text(call, nowMs).toLowerCase(), text };
}

function time(name: string, ms: (call: TracedCall, nowMs: number) => number | undefined): Column {
  return {
    name,
    isNumber: true,
    sortValue: (call, nowMs) => ms(call, nowMs) ?? -1,
    text: (call, nowMs) => {
      const value = ms(call, nowMs);
      return value === undefined ? "" : formatMs(value);
    },
  };
}

function waitedMs({ stretches }: TracedCall, nowMs: number): number {
  return stretches.reduce(
    (sum, { kind, fromMs, toMs = nowMs }) => sum + (kind === "wait" ? toMs - fromMs : 0),
    0,
  );
}

function longestWait(call: TracedCall, nowMs: number): string {
  let longest: ReturnType<typeof waitsOfCall>[number] | undefined;
  const msOf = ({ fromMs, toMs = nowMs }: { readonly fromMs: number; readonly toMs?: number | undefined }) =>
    toMs - fromMs;
  for (const wait of waitsOfCall(call))
    if (longest === undefined || msOf(wait) > msOf(longest)) longest = wait;
  if (longest === undefined || msOf(longest) < 0.5) return "";
  const { wait } = longest;
  const word = WAIT_STYLES[wait.for].word;
  if (wait.for === "lock") return `${word} ${wait.resource}`;
  if (wait.for === "slot" || wait.for === "rate") return `${word} of ${wait.pool}`;
  return wait.for === "call" ? `${word} ${wait.call}` : word;
}
