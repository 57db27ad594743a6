/**
 * Mastra with the AI SDK's provider for Anthropic, and its memory of its own tests. Its limit is ten unless it is told another
 * as `toolCallConcurrency`; it has no timeout. Where responses are streamed it starts calls early by itself.
 */
import { Mastra } from "@mastra/core";
import { Agent, type AgentConfig } from "@mastra/core/agent";
import { MockMemory } from "@mastra/core/memory";
import { createTool } from "@mastra/core/tools";
import { randomUUID } from "node:crypto";
import { anthropicOf } from "./ai-sdk.ts";
import { DESCRIPTION, inputSchema, MODEL, type Contestant } from "./contestant.ts";

export const mastra: Contestant = {
  name: "Mastra",
  packages: ["@mastra/core", "@ai-sdk/anthropic"],
  module: import.meta.url,
  protocol: "anthropic-messages",
  limit: "ten unless told",
  takesTimeout: false,
  start: (setting) => {
    const { atOnce } = setting;
    const tools = Object.fromEntries(
      setting.tools.map(({ name, execute }) => [
        name,
        createTool({
          id: name,
          description: DESCRIPTION,
          inputSchema,
          execute: (input, context) => execute(input, context.abortSignal),
        }),
      ]),
    );
    const agent = new Agent({
      id: "agent",
      name: "agent",
      instructions: "Look.",
      // It takes the provider's models; its types do not know that yet.
      model: anthropicOf(setting) as unknown as AgentConfig["model"],
      maxRetries: 0,
      tools,
      memory: new MockMemory(),
    });
    // Which tells its logger, or none.
    new Mastra({ agents: { agent }, logger: false });
    return {
      open: () => {
        const memory = { thread: randomUUID(), resource: "bench" };
        return {
          say: async (prompt, abortSignal) => {
            const options = {
              memory,
              maxSteps: 20,
              modelSettings: { maxOutputTokens: MODEL.maxTokens, maxRetries: 0 },
              abortSignal,
              ...(atOnce !== undefined && { toolCallConcurrency: atOnce }),
            };
            if (!setting.stream) return agent.generate(prompt, options);
            const result = await agent.stream(prompt, options);
            await result.consumeStream();
            if (result.error !== undefined) throw result.error;
            return result;
          },
        };
      },
    };
  },
};
