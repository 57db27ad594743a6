import Anthropic from "@anthropic-ai/sdk";
import { createExecutor, defineTool } from "tutti";
import { anthropicTools, runTurn } from "tutti/anthropic";
import { z } from "zod";
import { crm } from "./crm.ts";

const input = z.object({ id: z.string() });
const tools = Object.entries(crm).map(([name, execute]) =>
  defineTool({ name, description: `A customer's ${name}`, input, effects: "read", execute }),
);
const client = new Anthropic();
const executor = createExecutor({ tools });
const ask = {
  model: "claude-sonnet-5-5",
  max_tokens: 1024,
  tools: anthropicTools(executor),
  stream: true,
} as const;
const messages: Anthropic.MessageParam[] = [{ role: "user", content: "The full picture on customer 1234?" }];
for (let done = false; !done;) {
  const turn = await runTurn(executor, await client.messages.create({ ...ask, messages }));
  messages.push(...turn.messages);
  for (const { call, status, runningMs } of turn.outcomes)
    console.log(call.name, status, `${runningMs | 0} ms`);
  done = turn.done;
}
