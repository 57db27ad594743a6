/** Nobody answers, so the turn is put down; another process goes on with it, and does nothing twice. Needs no key. */
import { createExecutor, defineTool, type Outcome } from "tutti";
import { z } from "zod";

const input = z.object({ order: z.string() });
const charge = defineTool({
  name: "charge",
  description: "Charges the card for an order",
  input,
  effects: ({ order }) => ({ writes: [`payment/${order}`] }),
  execute: ({ order }) => {
    console.log("charging", order);
    return { charged: order };
  },
});
const ship = defineTool({
  name: "ship",
  description: "Ships an order",
  input,
  effects: ({ order }) => ({ writes: [`parcel/${order}`] }),
  needsApproval: true,
  execute: ({ order }) => `shipped ${order}`,
});
const tools = [charge, ship];
const calls = tools.map(({ name }) => ({ id: `call_${name}`, name, input: { order: "O-9131" } }));

// The first process waits a moment for an answer, and writes down how the calls ended.
const first = createExecutor({ tools, approve: () => new Promise(() => {}) });
const patience = new AbortController();
setTimeout(() => patience.abort(), 50);
const saved = JSON.stringify(await first.run(calls, { signal: patience.signal }));

// The second one hands in what is known, and asks for the rest.
const second = createExecutor({ tools, approve: () => "allow" });
const known = JSON.parse(saved) as Outcome[];
const again = calls.map((call, i) => (known[i]?.status === "denied" ? call : { ...call, outcome: known[i] }));
for (const outcomes of [known, await second.run(again)])
  for (const { call, status, output, error } of outcomes)
    console.log(call.id, status, output ?? error?.message);
