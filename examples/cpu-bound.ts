/** A tool that computes: it holds up no other call, and is killed when it takes too long. Needs no key. */
import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

const countPrimes = defineTool({
  name: "count_primes",
  description: "Counts the primes below a number",
  input: z.object({ below: z.number() }),
  effects: "none",
  isolate: "thread",
  module: new URL("./primes.ts", import.meta.url),
  timeoutMs: 2_000,
});
const greet = defineTool({
  name: "greet",
  description: "Greets",
  input: z.object({ name: z.string() }),
  effects: "none",
  execute: ({ name }) => `Hello ${name}`,
});

const executor = createExecutor({ tools: [countPrimes, greet], threads: { memoryMb: 256 } });
const outcomes = await executor.run([
  { name: "count_primes", input: { below: 50_000 } },
  { name: "count_primes", input: { below: 1e15 } },
  { name: "greet", input: { name: "Ada" } },
]);
for (const { call, status, output, error } of outcomes)
  console.log(call.name, status, output ?? error?.message);
await executor.shutdown();
