/** The AI SDK: `generateText` with a scripted model. It has no limit unless told. */
import { generateText, isStepCount, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import type { Contestant, Look } from "../contestant.ts";
import { facts, inputSchema } from "./tool.ts";

const NO_TOKENS = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

/** With its default, and with the back-end's limit said. */
export function contestants(): readonly Contestant[] {
  return [
    { name: "ai (AI SDK)", run: (ids, look) => turn(ids, look) },
    { name: "ai (AI SDK), 10 at once", run: (ids, look) => turn(ids, look, 10) },
  ];
}

async function turn(ids: readonly string[], look: Look, toolCallConcurrency?: number): Promise<void> {
  const calls = ids.map((id) => ({
    type: "tool-call" as const,
    toolCallId: id,
    toolName: facts.name,
    input: JSON.stringify({ id }),
  }));
  await generateText({
    model: new MockLanguageModelV4({
      doGenerate: [
        {
          content: calls,
          finishReason: { unified: "tool-calls", raw: undefined },
          usage: NO_TOKENS,
          warnings: [],
        },
        {
          content: [{ type: "text", text: "Done." }],
          finishReason: { unified: "stop", raw: undefined },
          usage: NO_TOKENS,
          warnings: [],
        },
      ],
    }),
    prompt: "Look.",
    tools: { look: tool({ description: facts.description, inputSchema, execute: ({ id }) => look(id) }) },
    stopWhen: isStepCount(2),
    ...(toolCallConcurrency !== undefined && { toolCallConcurrency }),
  });
}
