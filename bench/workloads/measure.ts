/** Measures everything that `docs/workloads.md` reports. */
import { heavyLatencies } from "./latencies.ts";
import { measureLoops } from "./llmcompiler.ts";
import { measureSet, type SetFigures } from "./measure-set.ts";
import type { Figures } from "./report.ts";
import { readSets } from "./workload-set.ts";

/** Draws of latencies that are also solved to the optimum, and that are taken from the heavy tail. */
const FEW = 3;

/** Replays all sets with so many draws of latencies. */
export async function measure(seeds: number, onSet: (name: string) => void = () => {}): Promise<Figures> {
  const sets: SetFigures[] = [];
  const heavy: SetFigures[] = [];
  for (const set of readSets()) {
    onSet(set.name);
    sets.push(await measureSet(set, { seeds, solved: Math.min(FEW, seeds) }));
    heavy.push(await measureSet({ ...set, latencies: heavyLatencies }, { seeds: Math.min(FEW, seeds) }));
  }
  return { seeds, sets, heavy, loops: await measureLoops() };
}
