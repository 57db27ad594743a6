/** A customer database that takes its time, for the other examples. */
import { setTimeout as sleep } from "node:timers/promises";

/** Looks up something about a customer by id. */
export const crm: Readonly<Record<string, (input: { id: string }) => Promise<unknown>>> = {
  profile: async ({ id }) => sleep(400, { id, name: "Ada Park", plan: "Business" }),
  orders: async () => sleep(500, [{ id: "O-9131", status: "packing" }]),
  tickets: async () => sleep(600, [{ id: "T-77", status: "open" }]),
};
