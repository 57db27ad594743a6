/** What the replays are to show, and whether they do. */
import type { Figures } from "./figures.ts";
import { readOnlyBatches } from "./rivals.ts";
import { SLOTS, TUTTI, TUTTI_TOLD, type SetFigures } from "./set-figures.ts";

/** One aim: what was wanted, and what was measured. */
export interface Aim {
  readonly text: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Of times on a clock that has run for days. */
const ROUNDING = 1e-6;

/** All aims. */
export function aimsOf({ sets, loops }: Figures): Aim[] {
  const multiTurn = sets.filter(({ set }) => set.name.startsWith("BFCL multi-turn") && !set.references);
  const graphs = sets.filter(({ set }) =>
    ["LLMCompiler", "AsyncHow", "WorFBench", "NESTFUL"].includes(set.name),
  );
  const counted = loops.filter(({ counts }) => counts);
  const batched = geometricMean(
    multiTurn.map(({ tallies }) => tallyOf(tallies.get(readOnlyBatches.name), Infinity).speedUp),
  );
  const everyTutti = sets.flatMap(({ tallies }) =>
    [TUTTI, TUTTI_TOLD].flatMap((name) => tallies.get(name) ?? []),
  );
  return [
    {
      text: "order-sensitive pairs reordered or overlapped: 0",
      measured: String(everyTutti.reduce((sum, { broken }) => sum + broken, 0)),
      met: everyTutti.every(({ broken }) => broken === 0),
    },
    {
      text: `BFCL multi-turn, both files, P = ∞: speed-up at least 1.15 (read-only batches: ${batched.toFixed(3)})`,
      ...atLeast(geometricMean(multiTurn.map((figures) => learned(figures, Infinity).speedUp)), 1.15),
    },
    {
      text: "calls that waited without the trace saying for what: 0",
      measured: String(sets.reduce((sum, { waits }) => sum + waits.unexplained.length, 0)),
      met: sets.every(({ waits }) => waits.unexplained.length === 0),
    },
    ...graphs.flatMap((figures) => [
      ...(figures.set.planned ? [] : SLOTS.map((slots) => nearBound(figures, slots, "learned"))),
      ...(figures.set.planned ? SLOTS : SLOTS.slice(-1)).map((slots) => nearBound(figures, slots, "given")),
    ]),
    {
      text: "no makespan beyond Graham's: work / P + (1 − 1/P) × critical path",
      measured: Math.max(...everyTutti.map(({ worstOverGraham }) => worstOverGraham)).toFixed(3),
      met: everyTutti.every(({ worstOverGraham }) => worstOverGraham <= 1 + ROUNDING),
    },
    ...counted.map(({ shape, model, onePerTurnMs, eagerMs, publishedSpeedUp }) => ({
      text: `LLMCompiler's ${shape} (${model.name}): at least its published ${publishedSpeedUp} × over one call per turn`,
      ...atLeast(onePerTurnMs / eagerMs, publishedSpeedUp),
    })),
  ];
}

function nearBound(figures: SetFigures, slots: number, durations: "learned" | "given"): Aim {
  const limit = slots === 4 ? 1.03 : 1.01;
  const { overBound } = durations === "given" ? given(figures, slots) : learned(figures, slots);
  return {
    text: `${figures.set.name}, P = ${slots === Infinity ? "∞" : slots}, durations ${durations}: mean makespan at most ${limit} × the bound`,
    measured: overBound.toFixed(3),
    met: overBound <= limit,
  };
}

function learned({ tallies }: SetFigures, slots: number) {
  return tallyOf(tallies.get(TUTTI), slots);
}

function given({ tallies }: SetFigures, slots: number) {
  return tallyOf(tallies.get(TUTTI_TOLD), slots);
}

function tallyOf<Value>(tallies: readonly Value[] | undefined, slots: number): Value {
  return tallies?.[SLOTS.indexOf(slots)] as Value;
}

function atLeast(value: number, limit: number) {
  return { measured: value.toFixed(3), met: value >= limit };
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
