/** The tool runner of Anthropic's client, with a scripted model. It has no limit. */
import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { z } from "zod";
import type { Contestant } from "./contestant.ts";

/** As it comes. */
export const anthropicRunner: Contestant = {
  name: "@anthropic-ai/sdk, toolRunner",
  run: async (ids, look) => {
    const calls = ids.map((id) => ({ type: "tool_use", id, name: "look", input: { id } }));
    const turns = [
      { content: calls, stop_reason: "tool_use" },
      { content: [{ type: "text", text: "Done." }], stop_reason: "end_turn" },
    ];
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "scripted",
      stop_sequence: null,
    };
    const usage = { input_tokens: 0, output_tokens: 0 };
    const client = new Anthropic({
      apiKey: "none needed",
      fetch: async () => Response.json({ ...message, ...turns.shift(), usage }),
    });
    const inputSchema = z.object({ id: z.string() });
    const run = ({ id }: z.infer<typeof inputSchema>) => look(id);
    await client.beta.messages.toolRunner({
      model: "scripted",
      max_tokens: 1,
      messages: [{ role: "user", content: "Look." }],
      tools: [betaZodTool({ name: "look", description: "Looks something up", inputSchema, run })],
    });
  },
};
