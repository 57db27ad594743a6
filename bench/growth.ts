/** Whether the cost of a call stays the same as batches grow: a factor of 1 is linear. */
import { createExecutor } from "../src/index.ts";
import { time } from "./measure.ts";
import { noopCalls, noopTools } from "./noop-calls.ts";
import type { Benchmark, Row } from "./row.ts";

const BASE = 1_000;

/** Cost a call from 1,000 to 100,000 calls in one batch, as a ratio to that at 1,000. */
export const growth: Benchmark = {
  name: "growth",
  about: "cost a call as a batch grows; a ratio near 1 is linear",
  run: async () => {
    const rows: Row[] = [];
    const executor = createExecutor({ tools: noopTools, maxCalls: Infinity });
    let base = 0;
    for (const n of [BASE, 10_000, 100_000]) {
      const calls = noopCalls(n, "read_one");
      const times = await time(
        [{ name: "tutti", run: () => executor.run(calls) }],
        Math.max(1, Math.round(50_000 / n)),
      );
      const value = ((times.get("tutti") as number) * 1_000) / n;
      if (n === BASE) base = value;
      rows.push({
        benchmark: "growth",
        subject: "tutti",
        n,
        value,
        unit: "µs/call",
        ratioTo: `n = ${BASE}`,
        ratio: value / base,
      });
    }
    return rows;
  },
};
