/** Simulators for tests, that answer at once. */
import type { TestContext } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { parseScenario, type ScenarioInput } from "../../src/simulator/scenario-file.ts";
import { startSimulator, type SimulatorOptions } from "../../src/simulator/server.ts";

/** Starts a simulator that speaks without delay and is closed after the test. */
export async function simulateFor(
  context: TestContext,
  turns: ScenarioInput["turns"],
  options: Partial<SimulatorOptions> = {},
) {
  const simulator = await startSimulator({
    scenario: parseScenario({ turns }),
    pacing: { timeToFirstTokenMs: 0, tokensPerSecond: Infinity },
    ...options,
  });
  context.after(() => simulator.close());
  return simulator;
}

/** Such a simulator of Anthropic's protocol, and the provider's own client. */
export async function simulate(
  context: TestContext,
  turns: ScenarioInput["turns"],
  options: Partial<SimulatorOptions> = {},
) {
  const simulator = await simulateFor(context, turns, options);
  const client = new Anthropic({ baseURL: simulator.url, apiKey: "x", maxRetries: 0 });
  return { simulator, client };
}

/** A request of the client's: the tools are those that the scenarios of these tests call. */
export function ask(...messages: Anthropic.MessageParam[]): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model: "claude-sonnet-4-6",
    max_tokens: 1024,
    tools: ["get_profile", "get_orders"].map((name) => ({ name, input_schema: { type: "object" } })),
    messages: [{ role: "user", content: "Give me the full picture on customer 1234." }, ...messages],
  };
}

/** The two messages that a client sends after a turn: the turn itself, and a result for each of its calls. */
export function answered({ content }: Anthropic.Message): Anthropic.MessageParam[] {
  const results = content
    .filter((block) => block.type === "tool_use")
    .map(({ id }) => ({ type: "tool_result" as const, tool_use_id: id, content: "done" }));
  return [
    { role: "assistant", content },
    { role: "user", content: results },
  ];
}
