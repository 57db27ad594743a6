/** What spans of turns and of runs say of their time: what their calls waited, and what the critical path went through. */
import { nameOf } from "../core/call.ts";
import { criticalPath, type PathStep } from "../trace/critical-path.ts";
import { callsByKey } from "../trace/explain.ts";
import { figuresOf } from "../trace/figures.ts";
import type { Redactor } from "../trace/redactor.ts";
import { pathParts, type PathParts } from "../trace/path-totals.ts";
import type { Trace, TracedCall, TracedTurn } from "../trace/trace.ts";
import { tellWait } from "./wait-facts.ts";

/** Where the time of a turn, or of a run, went. */
export interface TimeFacts {
  /** Calls that the model made. */
  readonly calls: number;
  /** What they waited, added up. */
  readonly waitedMs: number;
  readonly path: PathParts;
}

/** Steps that are told in words at most: the longest. */
const MAX_STEPS = 32;
const LEAST_STEP_MS = 0.5;

/** The part of a trace that is one turn's. */
export function traceOfTurn(trace: Trace, turn: TracedTurn, calls: readonly TracedCall[]): Trace {
  return { ...trace, runs: [], turns: [turn], calls };
}

/** Where the time of a trace went, or of one run of it. */
export function timeOf(trace: Trace, run?: string): TimeFacts {
  const { calls, waitedMs } = figuresOf(trace, run);
  return { calls, waitedMs, path: pathParts(criticalPath(trace, run)) };
}

/** Where the time of a run went, of which its turns are known: between them it was the loop's own. */
export function addUp(turns: readonly TimeFacts[], wallMs: number): TimeFacts {
  const sum = (of: (time: TimeFacts) => number) => turns.reduce((total, time) => total + of(time), 0);
  const modelMs = sum(({ path }) => path.modelMs);
  const toolsMs = sum(({ path }) => path.toolsMs);
  const waitsMs = sum(({ path }) => path.waitsMs);
  const outsideMs = Math.max(0, wallMs - modelMs - toolsMs - waitsMs);
  return {
    calls: sum(({ calls }) => calls),
    waitedMs: sum(({ waitedMs }) => waitedMs),
    path: { modelMs, toolsMs, waitsMs, outsideMs },
  };
}

/** These facts as attributes. */
export function timeAttributes({ calls, waitedMs, path }: TimeFacts): Record<string, number> {
  return {
    "tutti.calls": calls,
    "tutti.waited_ms": waitedMs,
    "tutti.critical_path.model_ms": path.modelMs,
    "tutti.critical_path.tools_ms": path.toolsMs,
    "tutti.critical_path.waits_ms": path.waitsMs,
    "tutti.critical_path.outside_ms": path.outsideMs,
  };
}

/** The steps of a turn's critical path in words, in their order; of very many the longest. */
export function tellPath(trace: Trace, redactor: Redactor | undefined): string[] {
  const steps = criticalPath(trace).filter((step) => lengthOf(step) >= LEAST_STEP_MS);
  const longest = new Set(steps.toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, MAX_STEPS));
  const calls = callsByKey(trace.calls);
  return steps
    .filter((step) => longest.has(step))
    .map((step) => `${Math.round(lengthOf(step))} ms ${tellStep(step, calls, redactor)}`);
}

function tellStep(
  step: PathStep,
  calls: ReadonlyMap<string, TracedCall>,
  redactor: Redactor | undefined,
): string {
  const nameOfCall = (key: string) => {
    const traced = calls.get(key);
    return traced === undefined ? key : nameOf(traced.call);
  };
  switch (step.kind) {
    case "model":
      return "model";
    case "running":
      return nameOfCall(step.call);
    case "failed":
      return `${nameOfCall(step.call)}, in vain`;
    case "wait": {
      const traced = calls.get(step.call);
      const wait = traced === undefined ? step.wait.for : tellWait(step.wait, { traced, calls, redactor });
      return `${nameOfCall(step.call)}, waiting for ${wait}`;
    }
    case "outside":
      return "outside of turns and calls";
  }
}

function lengthOf({ fromMs, toMs }: PathStep): number {
  return toMs - fromMs;
}
