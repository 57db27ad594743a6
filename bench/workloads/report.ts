/** What was measured, as the tables of `docs/workloads.md`. */
import type { Figures } from "./figures.ts";
import type { LoopFigures } from "./llmcompiler.ts";
import { markdownTable } from "./markdown-table.ts";
import { CONTESTANTS, SLOTS, TUTTI, TUTTI_TOLD, type SetFigures } from "./set-figures.ts";
import { levelBarrier } from "./rivals.ts";

/** All tables, with their headings. */
export function report(figures: Figures): string {
  return [
    ...figures.sets.map((set) => setSection(set, figures.seeds)),
    boundSection(figures.sets),
    heavySection(figures.heavy),
    loopSection(figures.loops),
  ].join("\n\n");
}

function setSection({ set, tallies, waits }: SetFigures, seeds: number): string {
  const head = ["", ...SLOTS.flatMap((slots) => [`P = ${slotsText(slots)}`, "× bound"]), "pairs broken"];
  const rows = CONTESTANTS.map((name) => {
    const each = tallies.get(name) ?? [];
    const broken = sum(each.map((tally) => tally.broken));
    const share = `${count(broken)} of ${count(sum(each.map(({ pairs }) => pairs)))}`;
    const figures = each.flatMap(({ speedUp, overBound }) => [fixed(speedUp, 3), fixed(overBound, 3)]);
    return [name, ...figures, share];
  });
  const { turns } = set;
  const calls = sum(turns.map((turn) => turn.calls.length));
  const size = `${count(turns.length)} turns, ${count(calls)} calls, ${count(seeds)} draws of latencies`;
  const waited = `${count(waits.late)} calls of Tutti's started later than their turn; what each waited for is in the trace, but for ${count(waits.unexplained.length)}.`;
  return `### ${set.name}\n\n${sentence(set.about)} ${size}.\n\n${markdownTable(head, rows)}\n\n${waited}`;
}

/** How near Tutti comes to what can be had. */
function boundSection(sets: readonly SetFigures[]): string {
  const head = [
    "",
    ...SLOTS.map((slots) => `P = ${slotsText(slots)}`),
    "P = 4, given",
    "worst ÷ Graham's",
    "wide turns, given",
    "optimum",
    "not proven",
  ];
  const rows = sets.map(({ set, tallies, optimum }) => {
    const learned = tallies.get(TUTTI) ?? [];
    const given = tallies.get(TUTTI_TOLD) ?? [];
    const worst = Math.max(...[...learned, ...given].map(({ worstOverGraham }) => worstOverGraham));
    const solved = optimum.tally.turns;
    return [
      set.name,
      ...learned.map(({ overKnownBound }) => fixed(overKnownBound, 3)),
      fixed(given.at(-1)?.overKnownBound ?? NaN, 3),
      fixed(worst, 3),
      solved === 0 ? "none" : fixed(optimum.told.overKnownBound, 3),
      solved === 0 ? "" : fixed(optimum.tally.overKnownBound, 3),
      solved === 0 ? "" : `${count(optimum.unproven)} of ${count(solved)}`,
    ];
  });
  const about =
    "The mean makespan over max(work / P, critical path), the path over declared conflicts and references: what the schedule loses, " +
    "without what the declarations do; durations learned, or given. The worst makespan over work / P + (1 − 1/P) × critical path, " +
    "which is at most (2 − 1/P) × the bound. And of turns with more calls than four slots, in the first draws, the same mean of " +
    "Tutti's with durations given and of the best schedules; not proven are those where the search for a better one was given up.";
  return `### Distance from the bound\n\n${about}\n\n${markdownTable(head, rows)}`;
}

function heavySection(sets: readonly SetFigures[]): string {
  const places = [0, SLOTS.length - 1];
  const names = [levelBarrier.name, TUTTI, TUTTI_TOLD];
  const head = [
    "",
    ...places.flatMap((place) => names.map((name) => `${name}, P = ${slotsText(SLOTS[place] ?? 0)}`)),
  ];
  const rows = sets.map(({ set, tallies }) => [
    set.name,
    ...places.flatMap((place) =>
      names.map((name) => {
        const tally = tallies.get(name)?.[place];
        return `${fixed(tally?.speedUp ?? NaN, 2)} (${fixed(tally?.overKnownBound ?? NaN, 3)})`;
      }),
    ),
  ]);
  const about =
    "Latencies with a median of 300 ms, of which one in ten is longer than 13.6 s: the speed-up over one by one, and in brackets the " +
    "mean makespan over the bound.";
  return `### A heavy tail\n\n${about}\n\n${markdownTable(head, rows)}`;
}

function loopSection(loops: readonly LoopFigures[]): string {
  const head = [
    "shape",
    "model",
    "turn",
    "planner",
    "answer",
    "one call per turn",
    "one turn",
    "eager",
    "speed-up",
    "published",
  ];
  const rows = loops.map(({ shape, model, onePerTurnMs, oneTurnMs, eagerMs, publishedSpeedUp }) => [
    shape,
    model.name,
    ...[model.turnMs, model.plannerMs, model.answerMs].map(seconds),
    seconds(onePerTurnMs),
    `${seconds(oneTurnMs)} (${fixed(onePerTurnMs / oneTurnMs, 2)})`,
    seconds(eagerMs),
    fixed(onePerTurnMs / eagerMs, 2),
    fixed(publishedSpeedUp, 2),
  ]);
  const about =
    "Mean times end to end, through `runAgent` and a simulated model whose turns take so long: one call per turn; all calls in one, " +
    "which start when it ends; and `eager`, each as soon as it is written. The speed-up is of the last over the first.";
  return `### LLMCompiler's loops\n\n${about}\n\n${markdownTable(head, rows)}`;
}

function slotsText(slots: number): string {
  return slots === Infinity ? "∞" : String(slots);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
