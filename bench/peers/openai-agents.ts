/**
 * The OpenAI Agents SDK over the Responses API, with its session in memory. It is told the limit as
 * `maxFunctionToolConcurrency`, the timeout as the tool's `timeoutMs`, and to answer calls of unknown tools, which end the
 * run otherwise.
 */
import { Agent, MemorySession, OpenAIResponsesModel, Runner, setTracingDisabled, tool } from "@openai/agents";
import OpenAI from "openai";
import { DESCRIPTION, inputSchema, MODEL, type Contestant } from "./contestant.ts";

export const openaiAgents: Contestant = {
  name: "OpenAI Agents",
  packages: ["@openai/agents", "openai"],
  module: import.meta.url,
  protocol: "openai-responses",
  limit: "none unless told",
  takesTimeout: true,
  start: (setting) => {
    setTracingDisabled(true);
    const { url, fetch, atOnce, toolTimeoutMs } = setting;
    const client = new OpenAI({
      baseURL: `${url}/v1`,
      apiKey: MODEL.apiKey,
      maxRetries: 0,
      ...(fetch && { fetch }),
    });
    const agent = new Agent({
      name: "agent",
      model: new OpenAIResponsesModel(client, "gpt-5.5"),
      tools: setting.tools.map(({ name, execute }) =>
        tool({
          name,
          description: DESCRIPTION,
          parameters: inputSchema,
          execute: (input, _context, details) => execute(input, details?.signal),
          ...(toolTimeoutMs !== undefined && { timeoutMs: toolTimeoutMs }),
        }),
      ),
    });
    const runner = new Runner({
      toolNotFoundBehavior: "return_error_to_model",
      ...(atOnce !== undefined && { toolExecution: { maxFunctionToolConcurrency: atOnce } }),
    });
    return {
      open: () => {
        const session = new MemorySession();
        return {
          say: async (prompt, signal) => {
            const options = { session, maxTurns: 20, signal };
            if (!setting.stream) return runner.run(agent, prompt, options);
            const result = await runner.run(agent, prompt, { ...options, stream: true });
            await result.completed;
            if (result.error !== null && result.error !== undefined) throw result.error;
            return result;
          },
        };
      },
    };
  },
};
