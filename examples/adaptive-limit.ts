/** A back-end that bears six requests at once, which nobody has said: the limit is found. Needs no key. */
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool, toolError } from "tutti";
import { z } from "zod";

let inFlight = 0;
let refused = 0;
const lookUp = defineTool({
  name: "look_up",
  description: "Looks up an order",
  input: z.object({ order: z.number() }),
  effects: "read",
  pools: ["orders-api"],
  retry: true,
  execute: async ({ order }) => {
    if (inFlight >= 6) {
      refused++;
      throw toolError({ message: "too many requests", retryAfterMs: 20, cause: { status: 429 } });
    }
    inFlight++;
    await sleep(10);
    inFlight--;
    return { order, status: "packing" };
  },
});

const executor = createExecutor({
  tools: [lookUp],
  concurrency: 50,
  pools: { "orders-api": { adaptive: true } },
});
const calls = Array.from({ length: 100 }, (_, order) => ({ name: "look_up", input: { order } }));
const outcomes = await executor.run(calls);
const ok = outcomes.filter(({ status }) => status === "ok");
console.log(`${ok.length} ok; refused on the way: ${refused}`);
console.log("the limit now:", executor.stats.pools["orders-api"]?.limit);
