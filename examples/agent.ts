import Anthropic from "@anthropic-ai/sdk";
import { createExecutor } from "tutti";
import { runAgent } from "tutti/agent";
import { anthropicModel } from "tutti/anthropic";
import { tools } from "./tools.ts";

const run = runAgent({
  model: anthropicModel(new Anthropic(), { model: "claude-sonnet-5-5", maxTokens: 1024 }),
  executor: createExecutor({ tools }),
  prompt: "Give me the full picture on customer 1234",
});
for await (const event of run) {
  if (event.type === "call.started") console.log("started", event.call, event.waits);
  if (event.type === "call.settled") console.log("settled", event.call, event.outcome.status);
}
const { status, text, error, usage, messages } = await run.result;
console.log(status, usage.outputTokens, messages.length, error?.message ?? text);
