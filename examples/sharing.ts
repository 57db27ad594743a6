/** Two agents ask the same thing: it is fetched once, and remembered until something writes it. Needs no key. */
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool, resource } from "tutti";
import { z } from "zod";

const plans = new Map([["1234", "basic"]]);
const input = z.object({ id: z.string() });
const getPlan = defineTool({
  name: "get_plan",
  description: "A customer's plan",
  input,
  effects: ({ id }) => ({ reads: [resource`customer/${id}`] }),
  idempotent: true,
  share: { ttlMs: 60_000 },
  execute: async ({ id }) => {
    console.log("fetching the plan");
    await sleep(50);
    return plans.get(id);
  },
});
const upgrade = defineTool({
  name: "upgrade",
  description: "Gives a customer the better plan",
  input,
  effects: ({ id }) => ({ writes: [resource`customer/${id}`] }),
  execute: ({ id }) => {
    plans.set(id, "business");
    return "upgraded";
  },
});

const executor = createExecutor({ tools: [getPlan, upgrade] });
const turn = (...names: string[]) => executor.run(names.map((name) => ({ name, input: { id: "1234" } })));
const together = await Promise.all([turn("get_plan"), turn("get_plan")]);
const later = await turn("get_plan", "upgrade", "get_plan");
for (const { call, output, attempts } of [...together.flat(), ...later])
  console.log(call.key, call.name, output, `attempts: ${attempts}`);
