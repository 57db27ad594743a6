/**
 * A scene of the demo: what the simulated model says, and tools that take their time and answer. The engine, the loop, the
 * provider's client and its protocol are the real ones.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Schema, SchemaValue } from "../../core/schema.ts";
import { defineTool, type Tool, type ToolFacts } from "../../core/tool.ts";
import { parseScenario, type ScenarioInput } from "../../simulator/scenario-file.ts";
import type { Scenario } from "../../simulator/scenario.ts";

/** What a scene is written as. */
export interface SceneScript {
  readonly name: string;
  /** What the user says. */
  readonly prompt: string;
  readonly scenario: Omit<ScenarioInput, "name">;
  readonly tools: readonly StandIn[];
}

/** A scene, ready to be played. */
export interface Scene {
  readonly name: string;
  readonly prompt: string;
  readonly scenario: Scenario;
  readonly tools: readonly Tool[];
  /** How long each tool takes, by name. */
  readonly toolMs: ReadonlyMap<string, number>;
}

/** A tool of a scene: it waits for `ms` and gives its answer. */
export interface StandIn {
  readonly name: string;
  readonly ms: number;
  /** The tool, taking another time. */
  toTool(ms: number): Tool;
}

/** What `standIn` takes: a tool whose work is to wait. `answer` may throw, as a tool may. */
export interface StandInOptions<S extends Schema> extends ToolFacts<S> {
  readonly ms: number;
  readonly answer: (input: SchemaValue<S>) => unknown;
}

/** Writes a tool of a scene. */
export function standIn<const S extends Schema>({ ms, answer, ...options }: StandInOptions<S>): StandIn {
  return {
    name: options.name,
    ms,
    toTool: (takes) =>
      defineTool({
        ...options,
        execute: async (input: SchemaValue<S>, { signal }) => {
          await sleep(takes, undefined, { signal });
          return answer(input);
        },
      }),
  };
}

/** Makes a scene from its script. At `speed` 10 everything takes a tenth of its time. */
export function createScene(script: SceneScript, speed = 1): Scene {
  const { name, prompt, tools } = script;
  const scenario = parseScenario({ name, ...script.scenario });
  return {
    name,
    prompt,
    scenario: {
      ...scenario,
      turns: scenario.turns.map((turn) => ({
        ...turn,
        pacing: {
          timeToFirstTokenMs: turn.pacing.timeToFirstTokenMs / speed,
          tokensPerSecond: turn.pacing.tokensPerSecond * speed,
        },
      })),
    },
    tools: tools.map((tool) => tool.toTool(tool.ms / speed)),
    toolMs: new Map(tools.map((tool) => [tool.name, tool.ms / speed])),
  };
}
