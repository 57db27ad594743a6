/** Calls that need what another call of their turn returns: one turn instead of two. Needs no key. */
import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

const customers = new Map([["Ada", { id: 1234, address: { city: "Wien" } }]]);
const findCustomer = defineTool({
  name: "find_customer",
  description: "Finds a customer: { id, address: { city } }",
  input: z.object({ name: z.string() }),
  effects: "read",
  execute: ({ name }) => customers.get(name) ?? Promise.reject(new Error(`there is no ${name}`)),
});
const getWeather = defineTool({
  name: "get_weather",
  description: "The weather in a city",
  input: z.object({ city: z.string() }),
  effects: "read",
  execute: ({ city }) => `sun in ${city}`,
});
const getOrders = defineTool({
  name: "get_orders",
  description: "The orders of a customer",
  input: z.object({ customer: z.int() }),
  effects: "read",
  execute: ({ customer }) => [`O-${customer + 1}`],
});

const executor = createExecutor({ tools: [findCustomer, getWeather, getOrders], references: true });
// What the model writes in a turn.
const ask = (name: string) => [
  { name: "find_customer", input: { name } },
  { name: "get_weather", input: { city: "$1.address.city" } },
  { name: "get_orders", input: { customer: "$1.id" } },
];
for (const name of ["Ada", "Bob"]) {
  for (const { call, status, output, error } of await executor.run(ask(name)))
    console.log(call.name, status, error?.message ?? output);
}
