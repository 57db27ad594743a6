/** A loop of one's own around Anthropic's client, as short as such loops are: bare `Promise.all`, and the same behind p-limit. */
import Anthropic from "@anthropic-ai/sdk";
import pLimit from "p-limit";
import { z } from "zod";
import {
  DESCRIPTION,
  inputSchema,
  MODEL,
  type Agent,
  type Contestant,
  type Setting,
  type Tool,
} from "./contestant.ts";

type Limit = <T>(run: () => Promise<T>) => Promise<T>;

/** All calls at once. */
export const promiseAll: Contestant = {
  name: "Promise.all",
  packages: ["@anthropic-ai/sdk"],
  module: import.meta.url,
  protocol: "anthropic-messages",
  limit: "none",
  takesTimeout: false,
  start: (setting) => start(setting, (run) => run()),
};

/** As many at once as it is told; ten, if nothing is said: p-limit wants a number. */
export const limited: Contestant = {
  name: "p-limit",
  packages: ["p-limit", "@anthropic-ai/sdk"],
  module: import.meta.url,
  protocol: "anthropic-messages",
  limit: "ten unless told",
  takesTimeout: false,
  start: (setting) => start(setting, pLimit(setting.atOnce ?? 10)),
};

function start(setting: Setting, limit: Limit): Agent {
  const client = anthropicClient(setting);
  const byName = new Map(setting.tools.map((tool) => [tool.name, tool]));
  const params = {
    model: MODEL.name,
    max_tokens: MODEL.maxTokens,
    tools: setting.tools.map(({ name }) => ({
      name,
      description: DESCRIPTION,
      input_schema: inputJsonSchema,
    })),
  };
  return {
    open: () => {
      const messages: Anthropic.MessageParam[] = [];
      return {
        say: async (prompt, signal) => {
          messages.push({ role: "user", content: prompt });
          for (;;) {
            const request = { ...params, messages };
            const message = setting.stream
              ? await client.messages.stream(request, { signal }).finalMessage()
              : await client.messages.create(request, { signal });
            messages.push({ role: "assistant", content: message.content });
            const calls = message.content.filter((block) => block.type === "tool_use");
            if (calls.length === 0) return;
            const results = calls.map((call) => limit(() => answer(call, byName.get(call.name), signal)));
            messages.push({ role: "user", content: await Promise.all(results) });
          }
        },
      };
    },
  };
}

async function answer(
  { id, name, input }: Anthropic.ToolUseBlock,
  tool: Tool | undefined,
  signal: AbortSignal,
): Promise<Anthropic.ToolResultBlockParam> {
  const result = { type: "tool_result", tool_use_id: id } as const;
  try {
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    return { ...result, content: JSON.stringify(await tool.execute(inputSchema.parse(input), signal)) };
  } catch (error) {
    return { ...result, content: String(error), is_error: true };
  }
}

/** The input of every tool, for clients that take no zod schema. */
const inputJsonSchema = z.toJSONSchema(inputSchema) as Anthropic.Tool.InputSchema;

/** Anthropic's client, as all have it that use it. */
export function anthropicClient({ url, fetch }: Setting): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: MODEL.apiKey, maxRetries: 0, ...(fetch && { fetch }) });
}
