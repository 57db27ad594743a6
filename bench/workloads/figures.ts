/** Everything that `docs/workloads.md` reports, measured. */
import { heavyLatencies } from "./latencies.ts";
import { measureLoops, type LoopFigures } from "./llmcompiler.ts";
import { measureSet, type SetFigures } from "./set-figures.ts";
import { readSets } from "./workload-set.ts";

/** All that is reported. */
export interface Figures {
  readonly seeds: number;
  readonly sets: readonly SetFigures[];
  /** The same with latencies of which few are most of the time. */
  readonly heavy: readonly SetFigures[];
  readonly loops: readonly LoopFigures[];
}

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
