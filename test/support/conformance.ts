/** Runs for the tests that all wires share: an agent with a reading and a writing tool, against a simulator of its own. */
import type { TestContext } from "node:test";
import { runAgent } from "../../src/agent/run-agent.ts";
import type { RunOptions } from "../../src/agent/run-options.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import type { ExecutorOptions } from "../../src/executor/executor-options.ts";
import type { Quirk } from "../../src/simulator/protocol.ts";
import type { ScenarioInput } from "../../src/simulator/scenario-file.ts";
import type { SimulatorOptions } from "../../src/simulator/server.ts";
import { twoTools, type Behaviour } from "./agents.ts";
import { simulateFor } from "./simulators.ts";
import type { ModelOptions, WireUnderTest } from "./wires.ts";

/** What `startWireRun` takes: the simulated turns, and options of all that takes part. */
export interface WireRunOptions extends Omit<Partial<RunOptions<unknown>>, "model" | "executor"> {
  readonly turns: ScenarioInput["turns"];
  readonly stream: boolean;
  readonly quirks?: readonly Quirk[];
  readonly simulator?: Partial<SimulatorOptions>;
  readonly get?: Behaviour;
  readonly put?: Behaviour;
  readonly executor?: Partial<ExecutorOptions>;
  readonly model?: Partial<ModelOptions>;
}

/** Starts a run of a wire's model. */
export async function startWireRun(wire: WireUnderTest, context: TestContext, options: WireRunOptions) {
  const { turns, stream, quirks = [], simulator: more, get, put, executor, model, ...rest } = options;
  const simulator = await simulateFor(context, turns, { quirks, ...more });
  const run = runAgent<unknown>({
    model: wire.model(simulator.url, { stream, ...model }),
    executor: createExecutor({ tools: twoTools(get, put), ...executor }),
    prompt: "Go.",
    ...rest,
  });
  return { run, simulator };
}

/** A test for each wire, streamed and whole. */
export function eachWay(
  wires: readonly WireUnderTest[],
  register: (wire: WireUnderTest, options: { readonly stream: boolean; readonly how: string }) => void,
): void {
  for (const wire of wires) {
    for (const stream of [true, false]) {
      register(wire, { stream, how: `${wire.name}, ${stream ? "streamed" : "whole"}` });
    }
  }
}
