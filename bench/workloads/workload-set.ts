/** The sets that are replayed: which turns, which latencies, which tools, and which pairs of calls must keep their order. */
import type { CallRequest, JsonSchema } from "../../src/index.ts";
import { conflict, resolveEffects, type ResolvedEffects } from "../../src/core/effects.ts";
import { effectsOf } from "./bfcl-effects.ts";
import { dealtLatencies, lognormalLatencies, usualLatencies, type Latencies } from "./latencies.ts";
import type { TimedTool } from "./replay.ts";
import {
  readPublished,
  readTools,
  readTurns,
  type DescribedTool,
  type Pair,
  type WorkloadTurn,
} from "./workload.ts";

/** Turns that are measured together. */
export interface WorkloadSet {
  readonly name: string;
  /** One line on what it is. */
  readonly about: string;
  readonly turns: readonly WorkloadTurn[];
  readonly latencies: Latencies;
  readonly tools: readonly TimedTool[];
  /** Whether durations are known beforehand, as in a plan that gives them. */
  readonly planned: boolean;
  /** Whether calls that need an earlier output say so by reference. */
  readonly references: boolean;
}

/** What a call's arguments say beside those of the data set: outputs that it needs, and how long it is expected to take. */
export interface AddedInput {
  readonly needs?: readonly string[];
  readonly expectedMs?: number;
}

const ANY_OBJECT: JsonSchema = { type: "object" };

/** Of the two multi-turn files, with the tools that are given; once with references and once without. */
export function multiTurnSets(
  turnsOf: Readonly<Record<string, readonly WorkloadTurn[]>>,
  described: readonly DescribedTool[],
): WorkloadSet[] {
  const tools = described.map(({ name, class: of, description, parameters }): TimedTool => {
    const effects = effectsOf(of, name);
    if (effects === undefined) throw new Error(`the effects of ${name} are not declared`);
    return { name, description, input: parameters, effects };
  });
  return [false, true].flatMap((references) =>
    Object.entries(turnsOf).map(([name, turns]) => ({
      name: references ? `${name}, with references` : name,
      about: references
        ? "the same; a call that needs an output names it, and waits for it"
        : "dialogues with a file system, messages, a broker and sums; effects declared, values that one call needs of another taken as known",
      turns,
      latencies: usualLatencies,
      tools,
      planned: false,
      references,
    })),
  );
}

/** A set of task graphs: what they need is all that is known of their calls. */
export function graphSet(
  name: string,
  turns: readonly WorkloadTurn[],
  options: Pick<WorkloadSet, "about" | "latencies"> & { readonly planned?: boolean },
): WorkloadSet {
  const names = new Set(turns.flatMap(({ calls }) => calls.map(({ tool }) => nameOf(tool))));
  const tools = [...names].map((tool): TimedTool => ({
    name: tool,
    description: tool,
    input: ANY_OBJECT,
    effects: "none",
  }));
  return { name, turns, tools, planned: false, references: true, ...options };
}

/** All sets. */
export function readSets(): WorkloadSet[] {
  const multiTurn = {
    "BFCL multi-turn": readTurns("bfcl-multi-turn.jsonl"),
    "BFCL multi-turn, long": readTurns("bfcl-multi-turn-long.jsonl"),
  };
  const steps = readTurns("asynchow.jsonl");
  return [
    ...multiTurnSets(multiTurn, readTools()),
    graphSet("BFCL parallel", readTurns("bfcl-parallel.jsonl"), {
      about: "independent calls; no back-end",
      latencies: usualLatencies,
    }),
    graphSet("LLMCompiler", readTurns("llmcompiler.jsonl"), {
      about: "two searches, eight searches, and searches that sums are made of",
      latencies: lognormalLatencies(readPublished().search),
    }),
    graphSet("AsyncHow", steps, {
      about: "human plans, in which each step's duration is given",
      latencies: dealtLatencies(steps),
      planned: true,
    }),
    graphSet("WorFBench", readTurns("worfbench.jsonl"), {
      about: "workflow graphs of nine sources; most are chains",
      latencies: usualLatencies,
    }),
    graphSet("NESTFUL", readTurns("nestful.jsonl"), {
      about: "nested API calls",
      latencies: usualLatencies,
    }),
  ];
}

/** The pairs of a turn that must keep their order. */
export function orderSensitive({ references }: WorkloadSet, { conflicts, data }: WorkloadTurn): Pair[] {
  return references ? [...conflicts, ...data] : [...conflicts];
}

/** What the calls of a turn touch, as declared. */
export function touchedIn({ tools }: WorkloadSet, { calls }: WorkloadTurn): ResolvedEffects[] {
  const effects = new Map(tools.map((tool) => [tool.name, tool.effects]));
  return calls.map(({ tool, input }) => resolveEffects(effects.get(nameOf(tool)) ?? "write", input));
}

/** The pairs of a turn that a runtime can tell must keep their order: declared conflicts, and references. */
export function knownPairs(set: WorkloadSet, turn: WorkloadTurn): Pair[] {
  const touched = touchedIn(set, turn);
  const conflicts = touched.flatMap((later, j) =>
    touched.slice(0, j).flatMap((earlier, i): Pair[] => (conflict(earlier, later) ? [[i, j]] : [])),
  );
  return set.references ? [...conflicts, ...turn.data] : conflicts;
}

/** The requests of a turn; with the durations in them if they are known beforehand. */
export function requestsOf(
  { references }: WorkloadSet,
  { calls, data }: WorkloadTurn,
  expected?: readonly number[],
): CallRequest[] {
  return calls.map(({ tool, input }, i) => {
    const needs = references
      ? data.filter(([, later]) => later === i).map(([earlier]) => `$${earlier + 1}`)
      : [];
    const expectedMs = expected?.[i];
    const added: AddedInput = {
      ...(needs.length > 0 && { needs }),
      ...(expectedMs !== undefined && { expectedMs }),
    };
    return { id: `call_${i + 1}`, name: nameOf(tool), input: { ...input, ...added } };
  });
}

/** A tool's name as every provider accepts it. */
function nameOf(tool: string): string {
  return tool.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, 64);
}
