/**
 * LLMCompiler's three shapes end to end, through Tutti's loop and a simulated model, in virtual time: one call per turn, against
 * all calls in one turn, which start when it ends or while it is written.
 */
import { runAgent } from "../../src/agent.ts";
import { createExecutor, defineTool, type CallRequest, type Executor } from "../../src/index.ts";
import { scriptedModel, type ScriptedResponse, type ScriptedStep } from "../../src/testing/scripted-model.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { modelsOf, writtenAt, type Shape, type SimulatedModel } from "./llmcompiler-model.ts";
import { readPublished, readTurns, type Pair } from "./workload.ts";

/** The mean times of a shape's questions with one model. */
export interface LoopFigures {
  readonly shape: string;
  readonly model: SimulatedModel;
  /** Whether the aim is held to this model. */
  readonly counts: boolean;
  readonly onePerTurnMs: number;
  /** All calls in one turn, none of which starts before it ends. */
  readonly oneTurnMs: number;
  /** All calls in one turn, each of which starts as soon as it is written. */
  readonly eagerMs: number;
  readonly publishedSpeedUp: number;
}

/** Runs all questions of these shapes with each of their models. */
export async function measureLoops(shapes: readonly Shape[] = readShapes()): Promise<LoopFigures[]> {
  const { plannerMs = NaN, finalAnswerMs: answerMs = NaN } = readPublished().movie;
  const figures: LoopFigures[] = [];
  for (const shape of shapes) {
    for (const [i, model] of modelsOf(shape, { plannerMs, answerMs }).entries()) {
      figures.push({
        shape: shape.name,
        model,
        counts: i === 0,
        onePerTurnMs: await meanMs(shape, model, "one-per-turn"),
        oneTurnMs: await meanMs(shape, model, "one-turn"),
        eagerMs: await meanMs(shape, model, "eager"),
        publishedSpeedUp: shape.published.speedupOverReAct,
      });
    }
  }
  return figures;
}

/** The three data sets, from the smallest turn to the largest. */
export function readShapes(): Shape[] {
  const turns = readTurns("llmcompiler.jsonl");
  const published = readPublished();
  return (["hotpotqa", "movie", "parallelqa"] as const).map((name) => ({
    name,
    turns: turns.filter(({ source }) => source === `llmcompiler-${name}`),
    published: published[name],
  }));
}

type Loop = "one-per-turn" | "one-turn" | "eager";

async function meanMs({ turns }: Shape, model: SimulatedModel, loop: Loop): Promise<number> {
  const clock = new VirtualClock();
  const executor = createTools(clock);
  let sum = 0;
  for (const { calls, data } of turns) {
    const durations = calls.map(({ ms }) => ms);
    const from = clock.now();
    let to = from;
    const run = runAgent({
      model: scriptedModel(
        loop === "one-per-turn"
          ? callByCall({ durations, model, clock })
          : allInOne({ durations, model, clock, data }),
      ),
      executor,
      eager: loop === "eager" ? "reads" : "off",
      prompt: "?",
    });
    const ended = run.result.then((result) => {
      to = clock.now();
      return result;
    });
    await clock.runAll();
    const { status, calls: answered } = await ended;
    if (status !== "done" || answered !== calls.length)
      throw new Error(`a run ended ${status}, after ${answered} calls`);
    sum += to - from;
  }
  return sum / turns.length;
}

/** One tool that takes as long as its input says. */
function createTools(clock: VirtualClock): Executor {
  const take = defineTool({
    name: "take",
    description: "Takes its time",
    input: { type: "object" },
    effects: "none",
    execute: ({ ms }: { readonly ms: number }) => clock.sleep(ms).then(() => "done"),
  });
  return createExecutor({ tools: [take], clock, references: true, timeoutMs: Infinity });
}

/** What a simulated model is asked, and the time it lives in. */
interface Question {
  readonly durations: readonly number[];
  readonly model: SimulatedModel;
  readonly clock: VirtualClock;
}

/** A turn for each call, and one for the answer. What an earlier call returned is in the history, so nothing is referred to. */
function callByCall({ durations, model, clock }: Question): ScriptedResponse[] {
  const turns = durations.map((ms, i) =>
    timed(clock, [{ atMs: model.turnMs, step: { id: `call_${i + 1}`, name: "take", input: { ms } } }]),
  );
  return [...turns, timed(clock, [{ atMs: model.turnMs, step: "The answer." }])];
}

/** A turn for all calls, and one for the answer. */
function allInOne({ durations, model, clock, data }: Question & { readonly data: readonly Pair[] }) {
  const steps = durations.map((ms, i) => {
    const needs = data.filter(([, later]) => later === i).map(([earlier]) => `$${earlier + 1}`);
    const call: CallRequest = { id: `call_${i + 1}`, name: "take", input: { ms, needs } };
    return { atMs: writtenAt(i, durations.length, model.plannerMs), step: call };
  });
  return [timed(clock, steps), timed(clock, [{ atMs: model.answerMs, step: "The answer." }])];
}

/** A response whose steps come so many milliseconds after it was asked for. */
function timed(
  clock: VirtualClock,
  steps: readonly { readonly atMs: number; readonly step: CallRequest | string }[],
): ScriptedResponse {
  return {
    // Read when the request is made: only then does the time of its steps run.
    get steps() {
      return steps.flatMap(({ atMs, step }): ScriptedStep[] => [clock.sleep(atMs), step]);
    },
  };
}
