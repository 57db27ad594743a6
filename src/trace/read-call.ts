/**
 * Reads what happens to one call: its waits and attempts, as stretches of its time.
 *
 * 1. The stretches of a call follow one another without a gap, from its arrival to its end.
 */
import type { BatchEvent, Wait, WaitFor } from "../core/event.ts";
import type { Outcome } from "../core/outcome.ts";
import { REMOVED } from "./content.ts";
import type { Stretch, TracedAttempt, TracedCall, TracedWait } from "./trace.ts";

/** What is being read. */
export type Open<Type> = { -readonly [Field in keyof Type]: Type[Field] };

/** A call that is being read. */
export type OpenCall = Open<Omit<TracedCall, "stretches" | "attempts" | "progress">> & {
  stretches: Open<Stretch>[];
  attempts: Open<TracedAttempt>[];
  progress: { atMs: number; value: unknown }[];
};

type CallEvent = Extract<BatchEvent, { readonly call: string }>;

/** A call that has just come. */
export function openCall(
  facts: Pick<TracedCall, "call" | "batch" | "turn" | "parent" | "parentAttempt" | "depth" | "queuedMs">,
): OpenCall {
  return {
    ...facts,
    key: facts.call.key,
    isWrapper: false,
    startedMs: undefined,
    settledMs: undefined,
    stretches: [{ kind: "wait", wait: { for: "unknown" }, fromMs: facts.queuedMs, toMs: undefined }],
    attempts: [],
    pools: [],
    status: "going",
    output: undefined,
    error: undefined,
    answer: undefined,
    progress: [],
  };
}

/** Reads what happened to a call. */
export function readCallEvent(call: OpenCall, event: CallEvent, now: number): void {
  switch (event.type) {
    case "call.started":
      call.startedMs = now;
      // A name that was removed may be any pool's.
      call.pools = (event.pools ?? []).filter((pool) => pool !== REMOVED);
      explain(call, event.waits, now);
      run(call, now);
      call.attempts.push(attemptOf(1, "first", now));
      return;
    case "call.progress":
      call.progress.push({ atMs: now, value: event.value });
      return;
    case "attempt.started":
      call.attempts.push(attemptOf(event.attempt, event.as, now));
      if (event.as === "hedge") return;
      explain(call, event.waits, now);
      run(call, now);
      return;
    case "attempt.failed":
      endAttempt(call, event.attempt, { toMs: now, status: "failed", error: event.error });
      if (event.retryInMs !== undefined) failed(call, now);
      return;
    case "attempt.abandoned":
      endAttempt(call, event.attempt, { abandonedMs: now, status: "abandoned" });
      return;
    case "attempt.stopped": {
      const attempt = attemptNumbered(call, event.attempt);
      const status =
        attempt?.status === "abandoned" ? "abandoned" : call.status === "ok" ? "lost" : "stopped";
      endAttempt(call, event.attempt, { toMs: now, status });
      return;
    }
    case "call.settled":
      settle(call, event, now);
  }
}

function attemptOf(number: number, as: TracedAttempt["as"], fromMs: number): Open<TracedAttempt> {
  return { number, as, fromMs, toMs: undefined, abandonedMs: undefined, status: "going", error: undefined };
}

function attemptNumbered(call: OpenCall, number: number): Open<TracedAttempt> | undefined {
  return call.attempts.find((attempt) => attempt.number === number);
}

function endAttempt(call: OpenCall, number: number, end: Partial<TracedAttempt>): void {
  const attempt = attemptNumbered(call, number);
  if (attempt !== undefined) Object.assign(attempt, end);
}

/** Times that are added up are this exact: a nanosecond. */
const ROUNDING_MS = 1e-6;

/** Puts what a wait was made of in its place. What the waits leave of it is unknown. */
function explain(call: OpenCall, waits: readonly Wait[], now: number): void {
  const last = call.stretches.at(-1);
  if (last?.kind !== "wait" || last.toMs !== undefined) return;
  call.stretches.pop();
  let fromMs = last.fromMs;
  for (const { ms, ...wait } of waits) {
    const toMs = Math.min(now, fromMs + ms);
    if (toMs > fromMs) call.stretches.push({ kind: "wait", wait: asKnown(wait), fromMs, toMs });
    fromMs = toMs;
  }
  if (now - fromMs > ROUNDING_MS)
    call.stretches.push({ kind: "wait", wait: { for: "unknown" }, fromMs, toMs: now });
  else if (call.stretches.length > 0) (call.stretches.at(-1) as Open<Stretch>).toMs = now;
}

const KNOWN: Readonly<Record<WaitFor["for"], true>> = {
  validation: true,
  close: true,
  call: true,
  lock: true,
  slot: true,
  rate: true,
  approval: true,
  retry: true,
};

/** A newer Tutti may have reasons that this one has no words for. */
function asKnown(wait: WaitFor): TracedWait {
  return Object.hasOwn(KNOWN, wait.for) ? wait : { for: "unknown" };
}

function run(call: OpenCall, now: number): void {
  call.stretches.push({ kind: "running", fromMs: now, toMs: undefined });
}

/** A call that ran, in vain, waits again. */
function failed(call: OpenCall, now: number): void {
  const last = call.stretches.at(-1);
  if (last?.kind !== "running") return;
  call.stretches[call.stretches.length - 1] = { kind: "failed", fromMs: last.fromMs, toMs: now };
  call.stretches.push({ kind: "wait", wait: { for: "unknown" }, fromMs: now, toMs: undefined });
}

function settle(
  call: OpenCall,
  { outcome, waits }: Extract<CallEvent, { type: "call.settled" }>,
  now: number,
): void {
  if (!call.isWrapper) {
    explain(call, waits ?? [], now);
    const last = call.stretches.at(-1);
    if (last !== undefined) last.toMs ??= now;
  }
  call.settledMs = now;
  call.status = outcome.status;
  call.output = outcome.output;
  call.error = outcome.error;
  // What was asked for may have held references: here are their values.
  call.call = outcome.call ?? call.call;
  // Of two that run, the one that lost is told of when it stops.
  for (const attempt of call.attempts)
    if (attempt.status === "going") Object.assign(attempt, { toMs: now, ...endOf(outcome) });
}

function endOf({ status, error }: Outcome): Pick<TracedAttempt, "status" | "error"> {
  if (status === "ok") return { status: "ok", error: undefined };
  return { status: status === "cancelled" ? "stopped" : "failed", error };
}
