/** The critical path step by step, and what would make it shorter. Pure. */
import type { PathStep } from "../../trace/critical-path.ts";
import { explainWait, sentenceOf, waitsOfCall } from "../../trace/explain.ts";
import { pathTotals, type PathTotal } from "../../trace/path-totals.ts";
import type { Trace, TracedCall, TracedTurn } from "../../trace/trace.ts";
import { describeCall } from "../call-words.ts";
import type { Colours } from "../colours.ts";
import { clip, formatMs, formatPercent, formatPlural, inColumns, oneLine, wrap } from "../format.ts";
import { CallNames } from "./call-names.ts";
import { tellWaitTotal } from "./wait-words.ts";

/** Where it is printed. */
export interface PathOptions {
  readonly width: number;
  readonly colours: Colours;
}

/** A shorter time is the machine's, and nobody can do anything about it. */
const LEAST_MS = 0.5;

/** The lines of a path. */
export function renderPathSteps(trace: Trace, path: readonly PathStep[], options: PathOptions): string[] {
  const { width, colours } = options;
  const words = new StepWords(trace);
  const wholeMs = path.reduce((ms, step) => ms + lengthOf(step), 0);
  const startMs = path[0]?.fromMs ?? 0;
  const steps = path.filter((step) => lengthOf(step) >= LEAST_MS);
  const figures = inColumns(
    [
      ["at", "takes", "share"],
      ...steps.map((step) => [
        formatMs(step.fromMs - startMs),
        formatMs(lengthOf(step)),
        formatPercent(lengthOf(step) / wholeMs),
      ]),
    ],
    0,
  );
  const indent = " ".repeat((figures[0]?.length ?? 0) + 4);
  const room = width - indent.length - 2;
  const lines = steps.flatMap((step, i) => [
    `  ${figures[i + 1] ?? ""}  ${colours.bold(clip(words.tell(step), room))}`,
    ...words
      .explain(step)
      .flatMap((text) => wrap(text, room))
      .map((line) => indent + colours.dim(line)),
  ]);
  return [`  ${colours.dim(figures[0] ?? "")}`, ...lines, "", ...renderTotals(trace, path, options)];
}

/** What a step is, and how the path has come to it. */
class StepWords {
  readonly #calls: ReadonlyMap<string, TracedCall>;
  readonly #turns: ReadonlyMap<string, TracedTurn>;
  readonly #hasRuns: boolean;

  constructor({ calls, turns, runs }: Trace) {
    this.#calls = new Map(calls.map((call) => [call.key, call]));
    this.#turns = new Map(turns.map((turn) => [turn.key, turn]));
    this.#hasRuns = runs.length > 1;
  }

  tell(step: PathStep): string {
    switch (step.kind) {
      case "model": {
        const turn = this.#turns.get(step.turn);
        const which = this.#hasRuns && turn?.run !== undefined ? ` of ${turn.run}` : "";
        return `the model writes turn ${turn?.turn ?? step.turn}${which}`;
      }
      case "running":
        return `${this.#nameOf(step.call)} runs`;
      case "failed":
        return `${this.#nameOf(step.call)} runs in vain`;
      case "wait":
        return `${this.#nameOf(step.call)} waits`;
      case "outside":
        return "outside of turns and calls";
    }
  }

  /** In a sentence: what a wait is for, or for what a call had waited before it could start. */
  explain(step: PathStep): string[] {
    if (step.kind === "wait") return [`for ${this.#sentence(step.wait)}`];
    if (step.kind !== "running" && step.kind !== "failed") return [];
    const call = this.#calls.get(step.call);
    if (call === undefined) return [];
    return waitsOfCall(call)
      .filter(
        ({ fromMs, toMs, wait }) =>
          toMs === step.fromMs && toMs - fromMs >= LEAST_MS && wait.for !== "unknown",
      )
      .map(({ wait, fromMs }) => `had waited ${formatMs(step.fromMs - fromMs)} for ${this.#sentence(wait)}`);
  }

  #sentence(wait: Parameters<typeof explainWait>[0]): string {
    return oneLine(sentenceOf(explainWait(wait, { calls: this.#calls })));
  }

  #nameOf(key: string): string {
    const call = this.#calls.get(key);
    return call === undefined ? key : describeCall(call.call);
  }
}

function renderTotals(trace: Trace, path: readonly PathStep[], { colours, width }: PathOptions): string[] {
  const { byKind, byTool, byWait } = pathTotals(path, trace);
  const names = new CallNames(trace);
  const parts: (PathTotal & { readonly what: string; readonly noun: string })[] = [
    ...byKind
      .filter(({ kind }) => kind === "model")
      .map((total) => ({ ...total, what: "the model", noun: "turn" })),
    ...byTool.map((total) => ({ ...total, what: `the tool ${total.tool}`, noun: "time" })),
    ...byWait.map((total) => ({
      ...total,
      what: `waiting for ${tellWaitTotal(total, names)}`,
      noun: "time",
    })),
    ...byKind
      .filter(({ kind }) => kind === "outside")
      .map((total) => ({ ...total, what: "what is outside of turns and calls", noun: "time" })),
  ].filter(({ ms }) => ms >= LEAST_MS);
  const rows = parts
    .sort((a, b) => b.ms - a.ms)
    .map(({ what, ms, share, steps, noun }) => [
      clip(oneLine(what), width - 34),
      formatMs(ms),
      formatPercent(share),
      formatPlural(steps, noun),
    ]);
  return [
    `  ${colours.bold("what would make it shorter, and by how much at most")}`,
    ...inColumns(rows).map((line) => `    ${line}`),
  ];
}

function lengthOf({ fromMs, toMs }: PathStep): number {
  return toMs - fromMs;
}
