/**
 * The AI SDK with its provider for Anthropic: `generateText`, or `streamText` where responses are streamed. It is told the
 * limit as `toolCallConcurrency` and the timeout as `timeout.toolMs`.
 */
import { createAnthropic } from "@ai-sdk/anthropic";
import { generateText, isStepCount, streamText, tool, type ModelMessage } from "ai";
import { DESCRIPTION, inputSchema, MODEL, type Contestant, type Setting } from "./contestant.ts";

export const aiSdk: Contestant = {
  name: "AI SDK",
  packages: ["ai", "@ai-sdk/anthropic"],
  module: import.meta.url,
  protocol: "anthropic-messages",
  limit: "none unless told",
  takesTimeout: true,
  start: (setting) => {
    const { atOnce, toolTimeoutMs } = setting;
    const tools = Object.fromEntries(
      setting.tools.map(({ name, execute }) => [
        name,
        tool({
          description: DESCRIPTION,
          inputSchema,
          execute: (input, { abortSignal }) => execute(input, abortSignal),
        }),
      ]),
    );
    const options = {
      model: anthropicOf(setting),
      maxOutputTokens: MODEL.maxTokens,
      maxRetries: 0,
      tools,
      stopWhen: isStepCount(20),
      ...(atOnce !== undefined && { toolCallConcurrency: atOnce }),
      ...(toolTimeoutMs !== undefined && { timeout: { toolMs: toolTimeoutMs } }),
    };
    return {
      open: () => {
        const messages: ModelMessage[] = [];
        return {
          say: async (prompt, abortSignal) => {
            messages.push({ role: "user", content: prompt });
            if (!setting.stream) {
              const { responseMessages } = await generateText({ ...options, messages, abortSignal });
              messages.push(...responseMessages);
              return;
            }
            let failure: unknown;
            const result = streamText({
              ...options,
              messages,
              abortSignal,
              onError: ({ error }) => {
                failure = error;
              },
            });
            await result.consumeStream();
            if (failure !== undefined) throw failure;
            messages.push(...(await result.responseMessages));
          },
        };
      },
    };
  },
};

/** The provider's model, as all have it that use the AI SDK's. */
export function anthropicOf({ url, fetch }: Setting) {
  return createAnthropic({ baseURL: `${url}/v1`, apiKey: MODEL.apiKey, ...(fetch && { fetch }) })(MODEL.name);
}
