import OpenAI from "openai";
import { createExecutor } from "tutti";
import { openaiChatTools, repair, runTurn } from "tutti/openai-chat";
import { tools } from "./tools.ts";

const client = new OpenAI();
const executor = createExecutor({ tools });
const ask = { model: "gpt-5.5", tools: openaiChatTools(executor), stream: true } as const;
const prompt = "Give me the full picture on customer 1234";
// As a crash may have left it: a call that nobody answered.
let messages: OpenAI.ChatCompletionMessageParam[] = [
  { role: "user", content: "Hello." },
  {
    role: "assistant",
    tool_calls: [{ id: "call_1", type: "function", function: { name: "get_profile", arguments: "{}" } }],
  },
  { role: "user", content: prompt },
];
for (let done = false; !done;) {
  messages = repair(messages);
  const response = await client.chat.completions.create({ ...ask, messages });
  const turn = await runTurn(executor, response, { history: messages });
  messages.push(...turn.messages);
  done = turn.done;
}
for (const { role, content } of messages) console.log(role, content);
