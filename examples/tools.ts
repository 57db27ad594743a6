/**
 * Tools for `tutti run`. They go with the scenario of the same customer:
 *
 *     tutti simulate examples/scenarios/customer-360.yaml --port 4000
 *     tutti run "Give me the full picture on customer 1234" --tools examples/tools.ts --base-url http://127.0.0.1:4000
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
// In a project of yours: from "tutti".
import { defineTool, resource } from "../src/index.ts";

const input = z.object({ customer_id: z.string() });

const getProfile = defineTool({
  name: "get_profile",
  description: "Gets a customer's name and plan.",
  input,
  effects: ({ customer_id }) => ({ reads: [resource`customer/${customer_id}/profile`] }),
  execute: async ({ customer_id }, { signal }) => {
    await sleep(400, undefined, { signal });
    return { id: customer_id, name: "Ada Park", plan: "Business", since: 2021 };
  },
});

const getOrders = defineTool({
  name: "get_orders",
  description: "Lists a customer's orders.",
  input,
  effects: ({ customer_id }) => ({ reads: [resource`customer/${customer_id}/orders`] }),
  execute: async (_, { signal }) => {
    await sleep(500, undefined, { signal });
    return { total: 14, last: { id: "O-9131", status: "packing" } };
  },
});

const getTickets = defineTool({
  name: "get_tickets",
  description: "Lists a customer's support tickets.",
  input,
  effects: ({ customer_id }) => ({ reads: [resource`customer/${customer_id}/tickets`] }),
  execute: async (_, { signal }) => {
    await sleep(600, undefined, { signal });
    return [{ id: "T-77", status: "open", subject: "Where is my order?" }];
  },
});

/** What `tutti run --tools` looks for. */
export const tools = [getProfile, getOrders, getTickets];
