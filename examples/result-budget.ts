import { createExecutor, defineTool, encodeOutcomes, type CallRequest } from "tutti";
import { z } from "zod";

const orders = Array.from({ length: 5_000 }, (_, id) => ({ id, city: id === 4_321 ? "Graz" : "Wien" }));
const executor = createExecutor({
  tools: [
    defineTool({
      name: "list_orders",
      description: "All orders.",
      input: z.object({}),
      effects: "read",
      execute: () => orders,
    }),
  ],
  maxResultTokens: { call: 200, batch: 800 },
});

// What a model would ask for, and what it would read.
async function ask(call: CallRequest): Promise<string> {
  const [result] = await encodeOutcomes(executor, await executor.run([call]));
  const [part] = result?.parts ?? [];
  const text = part?.type === "text" ? part.text : "";
  console.log(`${text}\n`);
  return text;
}

const list = await ask({ name: "list_orders", input: {} });
const id = /id "(\w+)"/.exec(list)?.[1];
const found = await ask({ name: "read_result", input: { id, find: "graz" } });
await ask({ name: "read_result", input: { id, offset: parseInt(found) - 19, limit: 26 } });
