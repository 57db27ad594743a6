/** What calls cost in memory while they run, and what they leave. */
import { createExecutor, defineTool } from "../src/index.ts";
import { heapUsed } from "./measure.ts";
import { inputSchema, noopCalls, noopTools } from "./noop-calls.ts";
import type { Benchmark, Row } from "./row.ts";

const IN_FLIGHT = 10_000;
const BATCHES = 10_000;

/** Bytes that a call takes while it runs, beside a bare promise that does the same. */
export const inFlight: Benchmark = {
  name: "in-flight",
  about: `bytes a call while ${IN_FLIGHT.toLocaleString("en")} calls run at once; aim: at most 2,048 over bare promises`,
  run: async () => {
    const bare = await whileRunning((gate) =>
      Promise.all(
        noopCalls(IN_FLIGHT, "read_one").map(async (call) => {
          const input = inputSchema.parse(JSON.parse(call.inputText));
          await gate;
          return input.id;
        }),
      ),
    );
    const tutti = await whileRunning((gate) => {
      const wait = defineTool({
        name: "read_one",
        description: "Waits",
        input: inputSchema,
        effects: ({ id }) => ({ reads: [["customer", id]] }),
        execute: async (input) => {
          await gate;
          return input.id;
        },
      });
      const executor = createExecutor({ tools: [wait], maxCalls: Infinity, concurrency: Infinity });
      return executor.run(noopCalls(IN_FLIGHT, "read_one"));
    });
    const row = (subject: string, value: number): Row => ({
      benchmark: "in-flight",
      subject,
      n: IN_FLIGHT,
      value,
      unit: "bytes/call",
      ratioTo: "2,048 over bare promises",
      ratio: (value - bare) / 2_048,
    });
    return [row("bare promises", bare), row("tutti", tutti)];
  },
};

async function whileRunning(start: (gate: Promise<void>) => Promise<unknown>): Promise<number> {
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const before = await heapUsed();
  const running = start(gate);
  const during = await heapUsed();
  open();
  await running;
  return (during - before) / IN_FLIGHT;
}

/** Bytes that 10,000 batches leave on the heap. */
export const leftovers: Benchmark = {
  name: "leftovers",
  about: `bytes on the heap that ${BATCHES.toLocaleString("en")} batches leave; aim: none`,
  run: async () => {
    const executor = createExecutor({ tools: noopTools, maxCalls: Infinity });
    const calls = noopCalls(10, "read_one");
    const run = async () => {
      for (let i = 0; i < BATCHES; i++) await executor.run(calls);
    };
    await run();
    const before = await heapUsed();
    await run();
    const after = await heapUsed();
    const value = after - before;
    return [
      {
        benchmark: "leftovers",
        subject: "tutti",
        n: BATCHES,
        value,
        unit: "bytes",
        ratioTo: "heap before",
        ratio: value / before,
      },
    ];
  },
};
