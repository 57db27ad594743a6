/** The critical path step by step, and what would make it shorter. Pure. */
import type { PathStep } from "../../trace/critical-path.ts";
import { explainStep, explainWait, sentenceOf, waitsOfCall } from "../../trace/explain.ts";
import { pathTotals, type PathTotal } from "../../trace/path-totals.ts";
import type { Trace, TracedCall, TracedTurn } from "../../trace/trace.ts";
import { labelOf } from "../call-words.ts";
import type { Colours } from "../colours.ts";
import { formatMs, formatPercent, formatPlural } from "../../trace/format.ts";
import { clip, inColumns, oneLine, wrap } from "../format.ts";
import { CallNames } from "./call-names.ts";
import { tellWaitTotal } from "./wait-words.ts";

/** Where it is printed. */
export interface PathOptions {
  readonly width: number;
  readonly colours: Colours;
}

/** Steps that are shown as 0 % are the machine's, and nobody can do anything about them; unless there are very many. */
const LEAST_SHARE = 0.005;
const MAX_SHARE_LEFT_OUT = 0.05;

/** The lines of a path. */
export function renderPathSteps(trace: Trace, path: readonly PathStep[], options: PathOptions): string[] {
  const { width, colours } = options;
  const words = new StepWords(trace);
  const wholeMs = path.reduce((ms, step) => ms + lengthOf(step), 0);
  const startMs = path[0]?.fromMs ?? 0;
  const { steps, leftMs } = worthTelling(path, wholeMs);
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
    `  ${figures[i + 1] ?? ""}  ${colours.bold(clip(oneLine(words.tell(step)), room))}`,
    ...words
      .explain(step, steps[i - 1])
      .flatMap((text) => wrap(text, room))
      .map((line) => indent + colours.dim(line)),
  ]);
  const left = path.length - steps.length;
  const note = `${formatPlural(left, "shorter step")} left out, ${formatMs(leftMs)} together`;
  return [
    `  ${colours.dim(figures[0] ?? "")}`,
    ...lines,
    ...(leftMs < 0.5 ? [] : [indent + colours.dim(note)]),
    "",
    ...renderTotals(trace, path, options),
  ];
}

function worthTelling(
  path: readonly PathStep[],
  wholeMs: number,
): { steps: readonly PathStep[]; leftMs: number } {
  const steps = path.filter((step) => lengthOf(step) >= LEAST_SHARE * wholeMs);
  const leftMs = wholeMs - steps.reduce((ms, step) => ms + lengthOf(step), 0);
  return leftMs > MAX_SHARE_LEFT_OUT * wholeMs ? { steps: path, leftMs: 0 } : { steps, leftMs };
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
        return `the model writes turn ${turn?.turn ?? step.turn}${this.#runOf(step.turn)}`;
      }
      case "running":
        return this.#nameOf(step.call);
      case "failed":
        return `${this.#nameOf(step.call)}, in vain`;
      case "wait":
        return `${this.#nameOf(step.call)}, waits`;
      case "outside":
        return "outside of turns and calls";
    }
  }

  /** In a sentence: what a wait is for, or for what a call had waited before it could start. */
  explain(step: PathStep, before: PathStep | undefined): string[] {
    if (step.kind === "wait") return [`for ${oneLine(sentenceOf(explainStep(step, this.#calls)))}`];
    if (step.kind !== "running" && step.kind !== "failed") return [];
    const call = this.#calls.get(step.call);
    if (call === undefined || (before?.kind === "wait" && before.call === step.call)) return [];
    const attempt = call.stretches.find(({ kind, toMs = Infinity }) => kind !== "wait" && toMs > step.fromMs);
    // Between the end of a wait and the start there may be a moment in which other code held the thread.
    const wait = waitsOfCall(call).findLast(
      ({ wait, toMs }) => wait.for !== "unknown" && toMs !== undefined && toMs <= (attempt?.fromMs ?? 0),
    );
    if (wait?.toMs === undefined || attempt === undefined || attempt.fromMs < step.fromMs) return [];
    const isLast = call.stretches.every(
      ({ kind, fromMs, toMs = Infinity }) =>
        kind === "wait" || toMs <= wait.fromMs || fromMs >= attempt.fromMs,
    );
    if (!isLast) return [];
    const what = sentenceOf(explainWait(wait.wait, { calls: this.#calls, of: call }));
    return [`had waited ${formatMs(wait.toMs - wait.fromMs)} for ${oneLine(what)}`];
  }

  #nameOf(key: string): string {
    const call = this.#calls.get(key);
    if (call === undefined) return key;
    const { node, index } = call.call;
    const place = node === undefined ? `call ${index + 1}` : `"${node}"`;
    return `${place}${this.#runOf(call.turn)}, ${labelOf(call.call)}`;
  }

  /** The path of one run may lead through another's calls, which held a slot. */
  #runOf(turn: string | undefined): string {
    const run = turn === undefined ? undefined : this.#turns.get(turn)?.run;
    return this.#hasRuns && run !== undefined ? ` of ${run}` : "";
  }
}

function renderTotals(trace: Trace, path: readonly PathStep[], { colours, width }: PathOptions): string[] {
  const { byKind, byTool, byWait } = pathTotals(path, trace);
  const names = new CallNames(trace);
  const parts: (PathTotal & { readonly what: string; readonly noun: string })[] = [
    ...byKind
      .filter(({ kind }) => kind === "model")
      .map((total) => ({ ...total, what: "the model", noun: "turn" })),
    ...byTool.map((total) => ({ ...total, what: `the tool ${total.tool}`, noun: "step" })),
    ...byWait.map((total) => ({
      ...total,
      what: `waiting for ${tellWaitTotal(total, names)}`,
      noun: "step",
    })),
    ...byKind
      .filter(({ kind }) => kind === "outside")
      .map((total) => ({ ...total, what: "what is outside of turns and calls", noun: "step" })),
  ].filter(({ share }) => share >= LEAST_SHARE);
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
