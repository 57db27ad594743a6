/** Whether the cost of a call stays the same as batches grow: a factor of 1 is linear. Bare promises show what the heap adds. */
import { createExecutor } from "../src/index.ts";
import { time } from "./measure.ts";
import { inputSchema, noop, noopCalls, noopTools } from "./noop-calls.ts";
import type { Benchmark, Row } from "./row.ts";

const BASE = 1_000;

/** Cost a call from 1,000 to 100,000 calls in one batch, as a ratio to that at 1,000. */
export const growth: Benchmark = {
  name: "growth",
  about: "cost a call as a batch grows; a ratio near that of bare promises is linear",
  run: async () => {
    const rows: Row[] = [];
    const executor = createExecutor({ tools: noopTools, maxCalls: Infinity });
    const base = new Map<string, number>();
    for (const n of [BASE, 10_000, 100_000]) {
      const calls = noopCalls(n, "read_one");
      const distinct = noopCalls(n, "write_one");
      const hot = noopCalls(n, "write_hot");
      const subjects = [
        {
          name: "Promise.all",
          run: () =>
            Promise.all(calls.map(async (call) => noop(inputSchema.parse(JSON.parse(call.inputText))))),
        },
        { name: "tutti, each reads its own", run: () => executor.run(calls) },
        { name: "tutti, each writes its own", run: () => executor.run(distinct) },
        { name: "tutti, all write one", run: () => executor.run(hot) },
      ];
      for (const [subject, ms] of await time(subjects, Math.max(1, Math.round(50_000 / n)))) {
        const value = (ms * 1_000) / n;
        if (n === BASE) base.set(subject, value);
        const ratio = value / (base.get(subject) as number);
        rows.push({ benchmark: "growth", subject, n, value, unit: "µs/call", ratioTo: `n = ${BASE}`, ratio });
      }
    }
    return rows;
  },
};
