/** What the time of a critical path went into, added up: what would make the run shorter, and by how much at most. */
import type { PathStep } from "./critical-path.ts";
import type { Trace } from "./trace.ts";
import { whatOf } from "./figures.ts";

/** What the time of a path went into, in milliseconds: together all of it. */
export interface PathParts {
  readonly modelMs: number;
  /** Calls that ran, in vain or not. */
  readonly toolsMs: number;
  /** Waits that no call can be blamed for. */
  readonly waitsMs: number;
  /** Nothing that the trace knows of. */
  readonly outsideMs: number;
}

const PART_OF: Readonly<Record<PathStep["kind"], keyof PathParts>> = {
  model: "modelMs",
  running: "toolsMs",
  failed: "toolsMs",
  wait: "waitsMs",
  outside: "outsideMs",
};

/** Adds up the steps of a critical path, by what each is. */
export function pathParts(path: readonly PathStep[]): PathParts {
  const parts = { modelMs: 0, toolsMs: 0, waitsMs: 0, outsideMs: 0 };
  for (const { kind, fromMs, toMs } of path) parts[PART_OF[kind]] += toMs - fromMs;
  return parts;
}

/** A part of a path. */
export interface PathTotal {
  readonly ms: number;
  readonly steps: number;
  /** Of the whole path, from 0 to 1. */
  readonly share: number;
}

/** The parts of a path, by three ways to look at it. What is longest comes first. */
export interface PathTotals {
  readonly byKind: readonly (PathTotal & { readonly kind: PathStep["kind"] })[];
  /** Of tools: the time that their calls ran, in vain or not. */
  readonly byTool: readonly (PathTotal & { readonly tool: string })[];
  /** Of waits: for what, and, for limits, locks and calls, for which. */
  readonly byWait: readonly (PathTotal & {
    readonly for: WaitStep["wait"]["for"];
    readonly what: string | undefined;
  })[];
}

type WaitStep = Extract<PathStep, { kind: "wait" }>;

/** Adds up the steps of a trace's critical path. */
export function pathTotals(path: readonly PathStep[], { calls }: Pick<Trace, "calls">): PathTotals {
  const tools = new Map(calls.map(({ key, call }) => [key, call.name]));
  const wholeMs = path.reduce((sum, step) => sum + step.toMs - step.fromMs, 0);
  return {
    byKind: totalsOf(path, wholeMs, ({ kind }) => ({ kind })),
    byTool: totalsOf(path, wholeMs, (step) =>
      step.kind === "running" || step.kind === "failed"
        ? { tool: tools.get(step.call) ?? step.call }
        : undefined,
    ),
    byWait: totalsOf(path, wholeMs, (step) =>
      step.kind === "wait" ? { for: step.wait.for, what: whatOf(step.wait) } : undefined,
    ),
  };
}

/** Steps with the same name are one; those without any are left out. */
function totalsOf<Name extends object>(
  path: readonly PathStep[],
  wholeMs: number,
  nameOf: (step: PathStep) => Name | undefined,
): (PathTotal & Name)[] {
  const totals = new Map<string, { name: Name; ms: number; steps: number }>();
  for (const step of path) {
    const name = nameOf(step);
    if (name === undefined) continue;
    const id = JSON.stringify(name);
    const total = totals.get(id) ?? { name, ms: 0, steps: 0 };
    total.ms += step.toMs - step.fromMs;
    total.steps++;
    totals.set(id, total);
  }
  return [...totals.values()]
    .sort((a, b) => b.ms - a.ms)
    .map(({ name, ms, steps }) => ({ ...name, ms, steps, share: wholeMs === 0 ? 0 : ms / wholeMs }));
}
