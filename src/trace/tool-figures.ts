/** What each tool's calls took, and which calls went wrong. */
import { modelsOwn, workedMs } from "./figures.ts";
import { scopeOf } from "./scope.ts";
import type { Trace, TracedCall } from "./trace.ts";

/** One tool's calls: those that the model asked for, in lists and plans too. Times are in milliseconds. */
export interface ToolFigures {
  readonly tool: string;
  readonly calls: number;
  /** Calls that did not end `ok`. */
  readonly errors: number;
  /** What they ran, added up. */
  readonly runningMs: number;
  /** What the one that ran longest ran, and which it was. */
  readonly longestMs: number;
  readonly longest: string;
  /** What they waited, added up. */
  readonly waitedMs: number;
}

/** The figures of each tool, of a trace or of one run of it. The one that ran longest comes first. */
export function toolFigures(trace: Trace, run?: string): ToolFigures[] {
  const scope = scopeOf(trace, run);
  const tools = new Map<string, TracedCall[]>();
  for (const call of modelsOwn(scope)) {
    const list = tools.get(call.call.name);
    if (list === undefined) tools.set(call.call.name, [call]);
    else list.push(call);
  }
  return [...tools]
    .map(([tool, calls]) => figuresOfTool(tool, calls, scope.toMs))
    .sort((a, b) => b.runningMs - a.runningMs);
}

/** The calls that did not end `ok`, inner ones too, in the order in which they came. */
export function failedCalls(trace: Trace, run?: string): TracedCall[] {
  return scopeOf(trace, run).calls.filter(({ status }) => status !== "ok" && status !== "going");
}

function figuresOfTool(tool: string, calls: readonly TracedCall[], endMs: number): ToolFigures {
  let runningMs = 0;
  let longestMs = 0;
  let longest = "";
  let waitedMs = 0;
  for (const call of calls) {
    const ms = workedMs(call, endMs);
    runningMs += ms;
    if (longest === "" || ms > longestMs) [longest, longestMs] = [call.key, ms];
    waitedMs += (call.settledMs ?? endMs) - call.queuedMs - ms;
  }
  const errors = calls.filter(({ status }) => status !== "ok" && status !== "going").length;
  return { tool, calls: calls.length, errors, runningMs, longestMs, longest, waitedMs };
}
