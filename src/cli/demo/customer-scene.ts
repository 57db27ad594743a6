/**
 * Three reads that have nothing to do with each other. The model asks for the slowest first: what it asks for last cannot
 * be hidden behind its own stream.
 */
import { z } from "zod";
import { standIn, type SceneScript } from "./scene.ts";

const input = z.object({ customer_id: z.string() });
const effects = ({ customer_id }: z.infer<typeof input>) => ({ reads: [["customer", customer_id]] });
const customer = { customer_id: "1234" };

/** "Give me the full picture on customer 1234". */
export const CUSTOMER_SCENE: SceneScript = {
  name: "customer",
  prompt: "Give me the full picture on customer 1234",
  scenario: {
    // A quick model: the slower it is, the more there is to save.
    timeToFirstTokenMs: 400,
    tokensPerSecond: 130,
    turns: [
      {
        text: "I'll pull up the support tickets, the orders and the profile of customer 1234.",
        calls: [
          { name: "get_tickets", input: customer },
          { name: "get_orders", input: customer },
          { name: "get_profile", input: customer },
        ],
      },
      {
        text:
          "Customer 1234 is Ada Park, with us since 2021 on the Business plan. She has placed 14 orders, the last one " +
          "on Monday, and it has not shipped yet. One ticket is open: she asks where that order is.",
      },
    ],
  },
  tools: [
    standIn({
      name: "get_tickets",
      description: "Lists a customer's support tickets.",
      input,
      effects,
      ms: 600,
      answer: () => [{ id: "T-77", status: "open", subject: "Where is my order?", opened: "2026-03-04" }],
    }),
    standIn({
      name: "get_orders",
      description: "Lists a customer's orders, the latest first.",
      input,
      effects,
      ms: 500,
      answer: () => ({
        total: 14,
        orders: [{ id: "O-9131", placed: "2026-03-02", status: "packing", amount: 128.5, currency: "EUR" }],
      }),
    }),
    standIn({
      name: "get_profile",
      description: "Gets a customer's name, plan and contact data.",
      input,
      effects,
      ms: 400,
      answer: ({ customer_id }) => ({ id: customer_id, name: "Ada Park", plan: "Business", since: 2021 }),
    }),
  ],
};
