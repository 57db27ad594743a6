/**
 * The workloads: turns of tool calls out of public benchmarks, with latencies and with the pairs of calls whose order matters.
 * They are data beside the repository, not part of it, and may be absent; what the fields mean is told in their README.
 */
import { existsSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../../shared/workloads/", import.meta.url);

/** Two calls of a turn: the first must have ended before the second starts. */
export type Pair = readonly [earlier: number, later: number];

/** A call that an agent emits. */
export interface WorkloadCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly ms: number;
  readonly heavyMs: number;
}

/** The calls that an agent emits in one message. */
export interface WorkloadTurn {
  readonly id: string;
  readonly source: string;
  readonly calls: readonly WorkloadCall[];
  /** The later call needs the earlier one's output. */
  readonly data: readonly Pair[];
  /** The order of the two can be told from what they return, or from what they leave behind. */
  readonly conflicts: readonly Pair[];
}

/** A tool as its data set describes it. */
export interface DescribedTool {
  readonly name: string;
  readonly class: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What LLMCompiler published of a data set: milliseconds, and the speed-up over one call per turn. */
export interface PublishedFigures {
  readonly plannerMs?: number;
  readonly finalAnswerMs?: number;
  readonly speedupOverReAct: number;
  /** End to end, without and with a planner whose calls start while it writes. */
  readonly streamingPlannerMs: readonly [without: number, with_: number];
}

/** The median and σ of a lognormal distribution. */
export interface Lognormal {
  readonly medianMs: number;
  readonly sigma: number;
}

/** The figures published of LLMCompiler. */
export interface PublishedParameters {
  readonly movie: PublishedFigures;
  readonly hotpotqa: PublishedFigures;
  readonly parallelqa: PublishedFigures;
  readonly search: Lognormal;
}

/** Why nothing can be replayed, or `false`. */
export const workloadsMissing: false | string = existsSync(FOLDER)
  ? false
  : "the workloads are not here: expected ../shared/workloads beside the repository";

/** The turns of a file. */
export function readTurns(file: string): WorkloadTurn[] {
  const lines = readFileSync(new URL(file, FOLDER), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as WorkloadTurn);
}

/** The tools of the multi-turn files. */
export function readTools(): DescribedTool[] {
  return JSON.parse(readFileSync(new URL("bfcl-tools.json", FOLDER), "utf8")) as DescribedTool[];
}

/** What LLMCompiler published. */
export function readPublished(): PublishedParameters {
  const text = readFileSync(new URL("llmcompiler-parameters.json", FOLDER), "utf8");
  return JSON.parse(text) as PublishedParameters;
}
