/** The calls that the engine's cost is measured with: tools that do nothing, with the arguments as a model writes them. */
import { z } from "zod";
import { defineTool, type CallRequest, type Tool } from "../src/index.ts";

/** The input of every tool here. */
export const inputSchema = z.object({ id: z.string(), limit: z.number().int(), tags: z.array(z.string()) });

/** What every tool here does. */
export function noop(input: { readonly id: string }): Promise<string> {
  return Promise.resolve(input.id);
}

/** Static effects, and effects worked out for each input: a resource for each, or one that all write. */
export const noopTools: readonly Tool[] = [
  defineTool({
    name: "read_all",
    description: "Does nothing",
    input: inputSchema,
    effects: "read",
    execute: (input) => noop(input),
  }),
  defineTool({
    name: "read_one",
    description: "Does nothing",
    input: inputSchema,
    effects: ({ id }) => ({ reads: [["customer", id]] }),
    execute: (input) => noop(input),
  }),
  defineTool({
    name: "write_one",
    description: "Does nothing",
    input: inputSchema,
    effects: ({ id }) => ({ writes: [["customer", id]] }),
    execute: (input) => noop(input),
  }),
  defineTool({
    name: "write_hot",
    description: "Does nothing",
    input: inputSchema,
    effects: () => ({ writes: [["customer", "hot"]] }),
    execute: (input) => noop(input),
  }),
];

/** `n` calls of a tool, with their arguments as text. */
export function noopCalls(
  n: number,
  name: "read_all" | "read_one" | "write_one" | "write_hot",
): (CallRequest & { readonly inputText: string })[] {
  return Array.from({ length: n }, (_, i) => ({
    id: `toolu_${i}`,
    name,
    inputText: JSON.stringify({ id: `c${i}`, limit: 10, tags: ["open", "recent"] }),
  }));
}
