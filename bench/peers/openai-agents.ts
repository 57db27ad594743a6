/** The OpenAI Agents SDK: a runner with its own scripted model. It has no limit unless told. */
import { Agent, Runner, setTracingDisabled, tool } from "@openai/agents";
import { assistantMessage, functionCall, ScriptedModel } from "@openai/agents/testing";
import type { Contestant, Look } from "../contestant.ts";
import { facts, inputSchema } from "./tool.ts";

/** With its default, and with the back-end's limit said. */
export function contestants(): readonly Contestant[] {
  setTracingDisabled(true);
  return [
    { name: "@openai/agents", run: (ids, look) => turn(ids, look, new Runner()) },
    {
      name: "@openai/agents, 10 at once",
      run: (ids, look) => turn(ids, look, new Runner({ toolExecution: { maxFunctionToolConcurrency: 10 } })),
    },
  ];
}

async function turn(ids: readonly string[], look: Look, runner: Runner): Promise<void> {
  const model = new ScriptedModel([
    ids.map((id) => functionCall(facts.name, { id }, { callId: id })),
    [assistantMessage("Done.")],
  ]);
  const tools = [tool({ ...facts, parameters: inputSchema, execute: ({ id }) => look(id) })];
  await runner.run(new Agent({ name: "agent", model, tools }), "Look.");
}
