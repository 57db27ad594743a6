/** What a call waited for, as people are told: what it waited for again and again is told once. */
import { LEAST_WAIT_MS, waitsOfCall } from "../../../src/trace/explain.ts";
import type { TracedCall, TracedWait } from "../../../src/trace/trace.ts";

/** A wait, or several for the same. */
export interface CallWait {
  readonly wait: TracedWait;
  readonly ms: number;
  readonly times: number;
  /** Whether it goes on, or was never told to have ended. */
  readonly isOpen: boolean;
}

/** The waits of a call, in the order in which it first waited for each. */
export function callWaits(call: TracedCall, nowMs: number): CallWait[] {
  const found = new Map<string, CallWait>();
  for (const { wait, fromMs, toMs } of waitsOfCall(call)) {
    const ms = (toMs ?? nowMs) - fromMs;
    if (ms < LEAST_WAIT_MS) continue;
    const isOpen = toMs === undefined;
    const id = JSON.stringify([wait, isOpen]);
    const before = found.get(id);
    found.set(id, { wait, isOpen, ms: (before?.ms ?? 0) + ms, times: (before?.times ?? 0) + 1 });
  }
  return [...found.values()];
}
