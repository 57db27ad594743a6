/**
 * The model behind LLMCompiler's figures, as far as they were published: how long its turns take when it makes one call in each,
 * and when it plans all calls in one and then answers. The first follows from the published total and the tools' times; the
 * second in several ways, since the figures leave it open.
 */
import { criticalPathOf, workOf } from "./bounds.ts";
import type { PublishedFigures, WorkloadTurn } from "./workload.ts";

/** How long a model's turns take. */
export interface SimulatedModel {
  /** Where the times of the two turns come from. */
  readonly name: string;
  /** A turn that makes one call, or the answer behind the last of these. */
  readonly turnMs: number;
  /** The turn that makes all calls; they are spread evenly over it. */
  readonly plannerMs: number;
  readonly answerMs: number;
}

/** One of the three data sets. */
export interface Shape {
  readonly name: string;
  readonly turns: readonly WorkloadTurn[];
  readonly published: PublishedFigures;
}

/** Of the movie questions: how planner and answer share the model's time. */
export interface Split {
  readonly plannerMs: number;
  readonly answerMs: number;
}

/**
 * The models that a shape is simulated with. The first one is what its aim is held to: the published split where there is one,
 * else the total that the published speed-up is of.
 */
export function modelsOf({ turns, published }: Shape, split: Split): SimulatedModel[] {
  const graphs = turns.map(({ calls, data }) => ({ durations: calls.map(({ ms }) => ms), pairs: data }));
  const [without, withStreaming] = published.streamingPlannerMs;
  const oneByOneMs = published.speedupOverReAct * withStreaming;
  const modelTurns = mean(graphs.map(({ durations }) => durations.length + 1));
  const turnMs = (oneByOneMs - mean(graphs.map(workOf))) / modelTurns;
  const callsMs = mean(graphs.map(criticalPathOf));
  // Planner and answer take what a total leaves beside the calls, which run between the two.
  const left = (name: string, totalMs: number): SimulatedModel => {
    const share = (totalMs - callsMs) / (split.plannerMs + split.answerMs);
    return { name, turnMs, plannerMs: split.plannerMs * share, answerMs: split.answerMs * share };
  };
  const { plannerMs, finalAnswerMs: answerMs } = published;
  const isSplit = plannerMs !== undefined && answerMs !== undefined;
  return [
    ...(isSplit ? [{ name: "published split", turnMs, plannerMs, answerMs }] : []),
    left("left of the streamed total", withStreaming),
    left("left of the other total", without),
    { name: "all turns alike", turnMs, plannerMs: turnMs, answerMs: turnMs },
  ];
}

/** When a planner has written one of its calls. */
export function writtenAt(call: number, calls: number, plannerMs: number): number {
  return (plannerMs * (call + 1)) / calls;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
