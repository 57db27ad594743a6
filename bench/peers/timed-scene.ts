/**
 * Scenes in which nothing goes wrong and what counts is the time from the prompt to the final answer. All contestants take
 * turns in every round, against the same simulator, with tools that take the same time; the first rounds do not count.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseScenario, startSimulator, type ScenarioInput } from "../../src/simulator/simulator.ts";
import { median } from "../measure.ts";
import { bestMs } from "./best.ts";
import type { Agent, Contestant, Tool } from "./contestant.ts";
import { fasterThan, percentile, toMs, toRatio, type Findings, type Scene, type Series } from "./findings.ts";
import { within } from "./guard.ts";
import { promiseAll } from "./own-loop.ts";

/** What such a scene is made of. */
export interface TimedSceneOptions {
  readonly name: string;
  readonly title: string;
  readonly about: readonly string[];
  readonly scenario: ScenarioInput;
  /** What the model says to those whose calls may use each other's outputs. @default the same */
  readonly withReferences?: ScenarioInput;
  readonly stream: boolean;
  readonly contestants: readonly Contestant[];
  /** Whose times are Tutti's. */
  readonly ours: Contestant;
  readonly rounds: number;
  readonly warmUpRounds: number;
  /** Milliseconds that an attempt takes: the call's `id`, how often it was tried before, the round. */
  readonly delayMs: (id: string, attempt: number, round: number) => number;
  /** What a tool gives. */
  readonly output?: (id: string) => unknown;
  /** Shown beside the median. */
  readonly percentile?: number;
}

/** One contestant's place in the scene. */
interface Place {
  readonly contestant: Contestant;
  readonly scenario: ScenarioInput;
  readonly agent: Agent;
  readonly requests: () => number;
  readonly ms: number[];
}

/** The longest that a conversation may take. */
const GUARD_MS = 20_000;

/** Such a scene. */
export function timedScene(options: TimedSceneOptions): Scene {
  return { name: options.name, run: () => play(options) };
}

async function play(options: TimedSceneOptions): Promise<Findings> {
  const { rounds, warmUpRounds, delayMs, output = (id) => ({ found: id }) } = options;
  let round = 0;
  const attempts = new Map<string, number>();
  const execute: Tool["execute"] = async ({ id }, signal) => {
    const attempt = attempts.get(id) ?? 0;
    attempts.set(id, attempt + 1);
    await sleep(delayMs(id, attempt, round), undefined, { signal: signal ?? undefined });
    return output(id);
  };
  await using stack = new AsyncDisposableStack();
  const places: Place[] = [];
  for (const contestant of options.contestants) {
    const scenario =
      contestant.references === true ? (options.withReferences ?? options.scenario) : options.scenario;
    const simulator = stack.use(await startSimulator({ scenario: parseScenario(scenario) }));
    const tools = toolNamesOf(scenario).map((name): Tool => ({ name, execute }));
    const agent = contestant.start({ url: simulator.url, stream: options.stream, tools });
    places.push({ contestant, scenario, agent, requests: () => simulator.requests.length, ms: [] });
  }
  const best = new Map<ScenarioInput, number[]>();
  for (let i = -warmUpRounds; i < rounds; i++) {
    round = i;
    for (const { agent, ms } of places) {
      attempts.clear();
      const signal = new AbortController().signal;
      const from = performance.now();
      await within(GUARD_MS, agent.open().say("Look.", signal));
      if (i >= 0) ms.push(performance.now() - from);
    }
    if (i < 0) continue;
    for (const scenario of new Set(places.map((place) => place.scenario))) {
      const least = bestMs(parseScenario(scenario), (id) => delayMs(id, 0, round), options.stream);
      best.set(scenario, [...(best.get(scenario) ?? []), least]);
    }
  }
  return write(options, places, best);
}

function write(
  options: TimedSceneOptions,
  places: readonly Place[],
  best: ReadonlyMap<ScenarioInput, readonly number[]>,
): Findings {
  const { title, about, rounds, warmUpRounds, percentile: percent } = options;
  const base = median(places.find(({ contestant }) => contestant === promiseAll)?.ms ?? []);
  const series = places.map(({ contestant, ms }): Series => ({ name: contestant.name, ms }));
  const ours = series[places.findIndex(({ contestant }) => contestant === options.ours)];
  if (ours === undefined) throw new Error(`${options.ours.name} does not take part in ${title}`);
  const peers = series.filter(({ name }) => !name.startsWith("Tutti"));
  const mostRounds = percent === undefined ? undefined : `${percent} % of rounds within`;
  return {
    title,
    about,
    columns: [
      "",
      "median",
      ...(mostRounds === undefined ? [] : [mostRounds]),
      "÷ Promise.all",
      "÷ the least possible",
      "requests to the model",
    ],
    rows: places.map(({ contestant, scenario, requests, ms }) => [
      contestant.name,
      toMs(median(ms)),
      ...(percent === undefined ? [] : [toMs(percentile(ms, percent))]),
      toRatio(median(ms) / base),
      toRatio(median(ms) / median(best.get(scenario) ?? [])),
      String(requests() / (rounds + warmUpRounds)),
    ]),
    notes: [
      `${rounds} rounds. The least possible: ${[...best.values()].map((ms) => toMs(median(ms))).join(", with references ")}.`,
    ],
    better: fasterThan(ours, peers, title),
    bars: {
      title,
      measure: mostRounds ?? "median",
      bars: series.map(({ name, ms }) => ({
        name,
        ms: percent === undefined ? median(ms) : percentile(ms, percent),
      })),
    },
  };
}

function toolNamesOf({ turns }: ScenarioInput): string[] {
  return [...new Set(turns.flatMap(({ calls = [] }) => calls.map(({ name }) => name)))];
}
