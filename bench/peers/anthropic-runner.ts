/**
 * The tool runner of Anthropic's client. Where responses are streamed it is told `runToolsEagerly`. It has no limit and no
 * timeout. `thread: false` has it send the whole history each turn, as all others do.
 */
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { DESCRIPTION, inputSchema, MODEL, type Contestant } from "./contestant.ts";
import { anthropicClient } from "./own-loop.ts";

export const anthropicRunner: Contestant = {
  name: "Anthropic toolRunner",
  packages: ["@anthropic-ai/sdk"],
  module: import.meta.url,
  protocol: "anthropic-messages",
  limit: "none",
  takesTimeout: false,
  start: (setting) => {
    const client = anthropicClient(setting);
    const tools = setting.tools.map(({ name, execute }) =>
      betaZodTool({
        name,
        description: DESCRIPTION,
        inputSchema,
        run: async (input, context) => JSON.stringify(await execute(input, context?.signal)),
      }),
    );
    const params = { model: MODEL.name, max_tokens: MODEL.maxTokens, tools, thread: false } as const;
    return {
      open: () => {
        let history: readonly BetaMessageParam[] = [];
        return {
          say: async (prompt, signal) => {
            const messages: BetaMessageParam[] = [...history, { role: "user", content: prompt }];
            const runner = setting.stream
              ? client.beta.messages.toolRunner(
                  { ...params, messages, stream: true, runToolsEagerly: true },
                  { signal },
                )
              : client.beta.messages.toolRunner({ ...params, messages }, { signal });
            try {
              await runner.runUntilDone();
            } finally {
              history = runner.params.messages;
            }
          },
        };
      },
    };
  },
};
