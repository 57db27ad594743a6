/** Agents for tests: an executor with a reading and a writing tool, and runs of it against a simulator. */
import type { TestContext } from "node:test";
import type { MessageParam } from "@anthropic-ai/sdk/resources/messages/messages";
import { z } from "zod";
import { runAgent, type Run } from "../../src/agent/run-agent.ts";
import type { RunOptions } from "../../src/agent/run-options.ts";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import type { ExecutorOptions } from "../../src/executor/executor-options.ts";
import { defineTool } from "../../src/core/tool.ts";
import { anthropicModel, type AnthropicModelOptions } from "../../src/model/anthropic-model.ts";
import type { ScenarioInput } from "../../src/simulator/scenario-file.ts";
import type { Simulator } from "../../src/simulator/server.ts";
import { simulate } from "./simulators.ts";

/** What the tools of a test do; without it they return their name and input. */
export type Behaviour = (input: { readonly id: string }, signal: AbortSignal) => unknown;

/** `get` reads and `put` writes; both take an `id`. */
export function twoTools(get?: Behaviour, put?: Behaviour) {
  const tool = (name: string, effects: "read" | "write", run?: Behaviour) =>
    defineTool({
      name,
      description: `A tool that ${effects}s.`,
      input: z.object({ id: z.string() }),
      effects,
      execute: (input, { signal }) => (run === undefined ? `${name} ${input.id}` : run(input, signal)),
    });
  return [tool("get", "read", get), tool("put", "write", put)];
}

/** What `startRun` takes: the simulated turns, and options of the run, its executor and its model. */
export interface StartOptions extends Omit<Partial<RunOptions<MessageParam>>, "model" | "executor"> {
  readonly turns: ScenarioInput["turns"];
  readonly get?: Behaviour;
  readonly put?: Behaviour;
  readonly executor?: Partial<ExecutorOptions>;
  readonly model?: Partial<AnthropicModelOptions>;
  readonly maxRetries?: number;
}

/** Starts a run against a simulator of its own. */
export async function startRun(context: TestContext, options: StartOptions) {
  const { turns, get, put, executor, model, maxRetries = 0, ...rest } = options;
  const { simulator, client } = await simulate(context, turns);
  const run = runAgent({
    model: anthropicModel(client.withOptions({ maxRetries }), { model: "m", maxTokens: 1024, ...model }),
    executor: createExecutor({ tools: twoTools(get, put), ...executor }),
    prompt: "Go.",
    ...rest,
  });
  return { run, simulator, client };
}

/** All events of a run. */
export async function eventsOf<Message>(run: Run<Message>): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

/** What became of the simulator's requests: the turn and the verdict, and what was refused or warned of. */
export function verdicts({ requests }: Simulator) {
  return {
    kinds: requests.map(({ turn, verdict }) => `${turn} ${verdict.kind}`),
    complaints: requests.flatMap(({ verdict, warnings }) => [
      ...(verdict.kind === "refused" ? [JSON.stringify(verdict.refusal.body)] : []),
      ...warnings.map(({ message }) => message),
    ]),
  };
}

/** The results that a history answers calls with, message by message; what is no text is JSON. */
export function resultsIn(messages: readonly MessageParam[]): string[][] {
  return messages.flatMap(({ content }) => {
    const blocks = typeof content === "string" ? [] : content;
    const results = blocks.flatMap((block) => (block.type === "tool_result" ? [textOf(block.content)] : []));
    return results.length === 0 ? [] : [results];
  });
}

function textOf(content: unknown): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}
