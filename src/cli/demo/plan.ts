/**
 * The least time that a scene can take in a mode. It is worked out from the scene alone and knows nothing of a measured run:
 * from when the simulated model says what, how long each tool takes, and which calls conflict.
 */
import { conflict, resolveEffects, writtenBy, type ResolvedEffects } from "../../core/effects.ts";
import { commitTimes, endOf, planTurn, type Timeline } from "../../simulator/pacing.ts";
import { turnsOf, type CallBlock } from "../../simulator/scenario.ts";
import type { Mode } from "./mode.ts";
import type { Scene } from "./scene.ts";

/** Times in milliseconds, none of them measured. */
export interface Plan {
  /** From each request to the end of its stream, over all turns, at the simulator's pace. */
  readonly modelMs: number;
  /** All calls one after the other. */
  readonly toolMs: number;
  readonly slowestToolMs: number;
  /** The run, if nothing cost anything but the model and the tools. */
  readonly lowerBoundMs: number;
}

/** Plans a scene. */
export function planScene(scene: Scene, mode: Mode): Plan {
  const { scenario } = scene;
  const turns = turnsOf(scenario, mode.callsPerTurn).map((turn) => planTurn(turn, scenario.seed));
  const calls = turns.flatMap((turn) => commitTimes(turn).map(({ call }) => takes(scene, call)));
  return {
    modelMs: sum(turns.map(endOf)),
    toolMs: sum(calls),
    slowestToolMs: Math.max(0, ...calls),
    lowerBoundMs: sum(turns.map((turn) => turnMs(turn, scene, mode))),
  };
}

interface PlacedCall {
  readonly effects: ResolvedEffects;
  readonly endMs: number;
}

/** A turn with its calls: each starts as soon as it may, and when those before it that it conflicts with are done. */
function turnMs(turn: Timeline, scene: Scene, mode: Mode): number {
  const streamEndMs = endOf(turn);
  const placed: PlacedCall[] = [];
  for (const { call, atMs } of commitTimes(turn)) {
    const effects = effectsOf(scene, call);
    const isEager = mode.eager === "reads" && writtenBy(effects).length === 0;
    const before = placed.filter((earlier) => mode.concurrency === 1 || conflict(earlier.effects, effects));
    const startMs = Math.max(isEager ? atMs : streamEndMs, ...before.map(({ endMs }) => endMs));
    placed.push({ effects, endMs: startMs + takes(scene, call) });
  }
  return Math.max(streamEndMs, ...placed.map(({ endMs }) => endMs));
}

function effectsOf({ tools }: Scene, { name, input }: CallBlock): ResolvedEffects {
  const tool = tools.find((candidate) => candidate.name === name);
  // The scenes' inputs are what their tools expect.
  return resolveEffects(tool?.effects ?? "none", input as never);
}

function takes({ toolMs }: Scene, { name }: CallBlock): number {
  return toolMs.get(name) ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
