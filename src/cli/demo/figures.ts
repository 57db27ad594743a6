/** The demo's results as figures: what `--json` prints and what the table is made of. */
import type { Played } from "./play.ts";

/** One mode of a scene. Times are in milliseconds; all but `wallMs` are planned, see `plan.ts`. */
export interface ModeFigures {
  readonly mode: string;
  readonly wallMs: number;
  readonly modelMs: number;
  readonly toolMs: number;
  readonly slowestToolMs: number;
  readonly lowerBoundMs: number;
  readonly turns: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly ratioToLowerBound: number;
}

/** A scene in its modes. */
export interface SceneFigures {
  readonly scene: string;
  readonly modes: readonly ModeFigures[];
}

/** The figures of what was played. */
export function figuresOf({ mode, plan, wallMs, result }: Played): ModeFigures {
  return {
    mode: mode.name,
    wallMs: round(wallMs, 1),
    modelMs: round(plan.modelMs, 1),
    toolMs: round(plan.toolMs, 1),
    slowestToolMs: round(plan.slowestToolMs, 1),
    lowerBoundMs: round(plan.lowerBoundMs, 1),
    turns: result.turns,
    calls: result.calls,
    inputTokens: result.usage.inputTokens,
    outputTokens: result.usage.outputTokens,
    ratioToLowerBound: round(wallMs / plan.lowerBoundMs, 4),
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
