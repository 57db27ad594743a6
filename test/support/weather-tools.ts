/** Tools of which one needs what the other returns: a customer's city, and how many days to look ahead. */
import { z } from "zod";
import { defineTool } from "../../src/core/tool.ts";

/** What `get_customer` returns. */
export const customer = {
  name: "Ada",
  address: { city: "Wien" },
  days: 3,
  tags: ["new", "vip"],
  motto: "$1.name",
};

/** The two tools, and the inputs that the second was run with. */
export function weatherTools() {
  const inputs: unknown[] = [];
  const tools = [
    defineTool({
      name: "get_customer",
      description: "Gets a customer.",
      input: z.strictObject({ id: z.string() }),
      effects: "read",
      execute: () => customer,
    }),
    defineTool({
      name: "get_weather",
      description: "The weather of a city.",
      input: z.strictObject({
        city: z.string(),
        days: z.int().min(1).max(10),
        unit: z.enum(["celsius", "fahrenheit"]),
        options: z.strictObject({ tags: z.array(z.string()), detailed: z.boolean() }),
      }),
      effects: "read",
      execute: (input) => {
        inputs.push(input);
        return `${input.days} days of sun`;
      },
    }),
  ];
  return { tools, inputs };
}
