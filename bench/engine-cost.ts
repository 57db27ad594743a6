/** What the engine itself costs per call, beside the same work without it. */
import pLimit from "p-limit";
import { createExecutor } from "../src/index.ts";
import { time, type Subject } from "./measure.ts";
import { inputSchema, noop, noopCalls, noopTools } from "./noop-calls.ts";
import type { Benchmark, Row } from "./row.ts";

const BARE = "Promise.all";
const SIZES = [1, 10, 100, 1_000, 5_000];

/** No-op tools with zod input, from the arguments' text to the results, in microseconds a call. */
export const engineCost: Benchmark = {
  name: "engine-cost",
  about: "microseconds a call for no-op tools: parsing and zod included for every subject",
  run: async () => {
    const rows: Row[] = [];
    for (const n of SIZES) rows.push(...(await costOf(n)));
    return rows;
  },
};

async function costOf(n: number): Promise<Row[]> {
  const times = await time(subjects(n), Math.max(3, Math.round(30_000 / n)));
  const bare = times.get(BARE) as number;
  return [...times].map(([subject, ms]) => ({
    benchmark: "engine-cost",
    subject,
    n,
    value: (ms * 1_000) / n,
    unit: "µs/call",
    ratioTo: BARE,
    ratio: ms / bare,
  }));
}

function subjects(n: number): Subject[] {
  const calls = noopCalls(n, "read_all");
  const keyed = noopCalls(n, "read_one");
  const limit = pLimit(10);
  const work = (call: { readonly inputText: string }) => noop(inputSchema.parse(JSON.parse(call.inputText)));
  const quiet = createExecutor({ tools: noopTools, maxCalls: Infinity });
  let heard = 0;
  const loud = createExecutor({ tools: noopTools, maxCalls: Infinity, onEvent: () => heard++ });
  return [
    { name: BARE, run: () => Promise.all(calls.map(async (call) => work(call))) },
    { name: "p-limit", run: () => Promise.all(calls.map((call) => limit(() => work(call)))) },
    { name: "tutti", run: () => quiet.run(calls) },
    { name: "tutti, effects by input", run: () => quiet.run(keyed) },
    { name: "tutti, effects by input, events heard", run: () => loud.run(keyed) },
  ];
}
