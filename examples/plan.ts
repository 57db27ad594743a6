/** A plan: one call of the model with a graph of calls in it. Needs no key. */
import { createExecutor, defineTool, planTool } from "tutti";
import { z } from "zod";

const findUser = defineTool({
  name: "find_user",
  description: "Finds a user: { id, team }",
  input: z.object({ email: z.email() }),
  effects: "read",
  execute: ({ email }) => ({ id: email.length, team: "kitchen" }),
});
const listOrders = defineTool({
  name: "list_orders",
  description: "The orders of a user",
  input: z.object({ user: z.int() }),
  effects: "read",
  execute: ({ user }) => [`O-${user}`, `O-${user + 1}`],
});
const cancelOrder = defineTool({
  name: "cancel_order",
  description: "Cancels an order",
  input: z.object({ order: z.string() }),
  effects: ({ order }) => ({ writes: [["order", order]] }),
  execute: ({ order }) => Promise.reject(new Error(`${order} has left the kitchen`)),
});
const sendMail = defineTool({
  name: "send_mail",
  description: "Sends a mail",
  input: z.object({ to: z.string(), text: z.string() }),
  effects: "write",
  execute: ({ to }) => `sent to ${to}`,
});

const executor = createExecutor({ tools: [planTool(), findUser, listOrders, cancelOrder, sendMail] });
// What the model writes: one call.
const plan = [
  { id: "who", tool: "find_user", input: { email: "ada@example.org" } },
  { id: "orders", tool: "list_orders", input: { user: "$who.id" } },
  { id: "cancel", tool: "cancel_order", input: { order: "$orders[0]" } },
  { id: "mail", tool: "send_mail", input: { to: "ada@example.org", text: "Cancelled." }, after: ["cancel"] },
];
const [outcome] = await executor.run([{ name: "plan", input: { calls: plan } }]);
// What it reads: a list of results, one for each of its calls.
if (outcome?.status === "ok")
  for (const answer of outcome.output as readonly object[]) console.log(JSON.stringify(answer));
