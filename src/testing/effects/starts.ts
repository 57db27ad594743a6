/** The states from which pairs of calls are tried: a fresh one, and those that calls lead to. */
import { contrast } from "./comparable.ts";
import { sampleText, type Sample } from "./samples.ts";
import type { Run, Trial } from "./trials.ts";

/** A state from which pairs are tried. */
export interface Start {
  /** The calls that lead to it. */
  readonly before: readonly Sample[];
  readonly state: string;
  /** What each call does from here. */
  readonly alone: readonly Trial[];
}

/**
 * The different states that up to `depth` calls lead to.
 *
 * @throws TypeError when a state, or what a call does, is not always the same
 */
export async function findStarts(
  run: Run,
  calls: readonly Sample[],
  depth: number,
): Promise<readonly Start[]> {
  const aloneFrom = async (before: readonly Sample[]) => {
    const trials: Trial[] = [];
    for (const call of calls) trials.push(await run([...before, call]));
    return trials;
  };
  const start = async (): Promise<Start> => {
    const { state } = await run([]);
    return { before: [], state, alone: await aloneFrom([]) };
  };
  const starts = [await start()];
  refuseChance(calls, starts[0] as Start, await start());
  const known = new Set(starts.map(({ state }) => state));
  // What is added on the way is visited, too.
  for (const { before, alone } of starts) {
    if (before.length === depth) continue;
    for (const [i, trial] of alone.entries()) {
      if (known.has(trial.state)) continue;
      known.add(trial.state);
      const order = [...before, calls[i] as Sample];
      starts.push({ before: order, state: trial.state, alone: await aloneFrom(order) });
    }
  }
  return starts;
}

/** What differs by itself cannot show what the order of calls does. */
function refuseChance(calls: readonly Sample[], start: Start, again: Start): void {
  if (start.state !== again.state) {
    const [one, other] = contrast(start.state, again.state);
    throw new TypeError(`\`makeState\` must always make the same state: it made ${one}, then ${other}`);
  }
  for (const [i, call] of calls.entries()) {
    const [one, other] = [start.alone[i] as Trial, again.alone[i] as Trial];
    const [did, then] =
      one.endings[0] === other.endings[0]
        ? contrast(`left ${one.state}`, `left ${other.state}`)
        : contrast(one.endings[0] as string, other.endings[0] as string);
    if (did === then) continue;
    throw new TypeError(
      `${sampleText(call)} does not always do the same: from the same state it ${did}, then it ${then}; ` +
        "what comes from elsewhere (ids, times, chance) must come from the state",
    );
  }
}
