/** Thirty look-ups at a back-end that bears four at once: the model gets thirty results. Needs no key. */
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

let inFlight = 0;
async function fetchOrder(id: string): Promise<string> {
  const busy = inFlight >= 4;
  if (busy)
    throw Object.assign(new Error("too many requests"), { status: 429, headers: { "retry-after": "0.05" } });
  inFlight++;
  await sleep(10);
  inFlight--;
  return `${id} is packing`;
}

const getOrder = defineTool({
  name: "get_order",
  description: "The state of an order",
  input: z.object({ id: z.string() }),
  effects: "read",
  idempotent: true,
  pools: ["orders-api"],
  share: true,
  hedge: { percentile: 95 },
  execute: ({ id }) => fetchOrder(id),
});
const pools = { "orders-api": { adaptive: true, circuit: true } } as const;
const executor = createExecutor({ tools: [getOrder], pools, retry: true });

const calls = Array.from({ length: 30 }, (_, i) => ({ name: "get_order", input: { id: `O-${i % 20}` } }));
const outcomes = await executor.run(calls);
const attempts = outcomes.reduce((sum, outcome) => sum + outcome.attempts, 0);
console.log(outcomes.filter(({ status }) => status === "ok").length, "ok,", attempts, "requests");
