/** Mastra: an agent with its own scripted model. Its limit is ten unless told otherwise, which is what the back-end bears. */
import { Agent } from "@mastra/core/agent";
import { MastraLanguageModelV2Mock } from "@mastra/core/test-utils/llm-mock";
import { createTool } from "@mastra/core/tools";
import type { Contestant, Look } from "../contestant.ts";
import { facts, inputSchema } from "./tool.ts";

const NO_TOKENS = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };

/** As it comes. */
export function contestants(): readonly Contestant[] {
  return [{ name: "@mastra/core (10 at once)", run: turn }];
}

async function turn(ids: readonly string[], look: Look): Promise<void> {
  let requests = 0;
  const model = new MastraLanguageModelV2Mock({
    doGenerate: async () => {
      const first = requests++ === 0;
      const content = first
        ? ids.map((id) => ({
            type: "tool-call" as const,
            toolCallId: id,
            toolName: facts.name,
            input: JSON.stringify({ id }),
          }))
        : [{ type: "text" as const, text: "Done." }];
      return {
        content,
        finishReason: first ? ("tool-calls" as const) : ("stop" as const),
        usage: NO_TOKENS,
        warnings: [],
        request: {},
        response: undefined,
        stream: new ReadableStream(),
      };
    },
  });
  const agent = new Agent({
    id: "agent",
    name: "agent",
    instructions: "Look.",
    model,
    tools: {
      [facts.name]: createTool({
        id: facts.name,
        description: facts.description,
        inputSchema,
        execute: ({ id }) => look(id),
      }),
    },
  });
  await agent.generate("Look.", { maxSteps: 2 });
}
