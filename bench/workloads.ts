/** The workloads as rows of `npm run bench`: `npm run bench:workloads` prints them as tables, with what they are to show. */
import { measureSet, SLOTS, TUTTI, TUTTI_TOLD } from "./workloads/set-figures.ts";
import { levelBarrier, oneByOne } from "./workloads/rivals.ts";
import { workloadsMissing } from "./workloads/workload.ts";
import { readSets } from "./workloads/workload-set.ts";
import type { Benchmark, Row } from "./row.ts";

const SEEDS = 3;

/** The mean makespan over the lower bound, and the speed-up over one by one. */
export const workloads: Benchmark = {
  name: "workloads",
  about:
    workloadsMissing === false
      ? "turns of public benchmarks: makespan over the lower bound, and speed-up; see docs/workloads.md"
      : workloadsMissing,
  run: async () => {
    const rows: Row[] = [];
    if (workloadsMissing !== false) return rows;
    for (const set of readSets()) {
      const { tallies } = await measureSet(set, { seeds: SEEDS });
      for (const name of [levelBarrier.name, TUTTI, TUTTI_TOLD]) {
        for (const [place, slots] of SLOTS.entries()) {
          const { turns = 0, overBound = NaN, speedUp = NaN } = tallies.get(name)?.[place] ?? {};
          const subject = `${set.name}: ${name}, P = ${slots === Infinity ? "∞" : slots}`;
          const row = { benchmark: "workloads", subject, n: turns, value: overBound, unit: "× bound" };
          rows.push({ ...row, ratioTo: oneByOne.name, ratio: speedUp });
        }
      }
    }
    return rows;
  },
};
