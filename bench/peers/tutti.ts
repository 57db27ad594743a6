/** Tutti's own loop, `runAgent`, around Anthropic's client. */
import { createExecutor, defineTool, type ExecutorOptions } from "../../src/index.ts";
import { runAgent } from "../../src/agent.ts";
import { anthropicModel } from "../../src/anthropic.ts";
import type Anthropic from "@anthropic-ai/sdk";
import { DESCRIPTION, inputSchema, MODEL, type Contestant } from "./contestant.ts";
import { anthropicClient } from "./own-loop.ts";

/** What a scene makes use of, beyond what all contestants are told. */
export interface Extras {
  readonly executor?: Partial<ExecutorOptions>;
  readonly tool?: Pick<Parameters<typeof defineTool>[0], "hedge" | "pools" | "retry">;
}

/** With its defaults. */
export const tutti = tuttiWith("Tutti", {});

/** With more of what it has. */
export function tuttiWith(name: string, extras: Extras): Contestant {
  return {
    name,
    packages: ["tutti", "@anthropic-ai/sdk"],
    module: import.meta.url,
    protocol: "anthropic-messages",
    limit: "ten unless told",
    takesTimeout: true,
    references: extras.executor?.references === true,
    start: (setting) => {
      const { stream, atOnce, toolTimeoutMs } = setting;
      const executor = createExecutor({
        tools: setting.tools.map(({ name: toolName, execute }) =>
          defineTool({
            name: toolName,
            description: DESCRIPTION,
            input: inputSchema,
            effects: "read",
            idempotent: true,
            timeoutMs: toolTimeoutMs,
            execute: (input, { signal }) => execute(input, signal),
            ...extras.tool,
          }),
        ),
        concurrency: atOnce,
        maxCalls: 10_000,
        ...extras.executor,
      });
      const model = anthropicModel(anthropicClient(setting), {
        model: MODEL.name,
        maxTokens: MODEL.maxTokens,
        stream,
      });
      return {
        open: () => {
          let messages: readonly Anthropic.MessageParam[] = [];
          return {
            say: async (prompt, signal) => {
              const result = await runAgent({ model, executor, messages, prompt, signal }).result;
              messages = result.messages;
              if (result.status !== "done") throw result.error ?? new Error(`the run is ${result.status}`);
            },
          };
        },
      };
    },
  };
}
