/** Plays a scene in a mode, against a simulator of its own, and measures it. */
import { runAgent } from "../../agent/run-agent.ts";
import type { RunResult } from "../../agent/loop.ts";
import type { RunEvent, RunListener } from "../../agent/run-event.ts";
import { createExecutor } from "../../executor/create-executor.ts";
import { startSimulator, type Simulator } from "../../simulator/server.ts";
import type { Provider } from "../provider.ts";
import { CUSTOMER_SCENE } from "./customer-scene.ts";
import { MODES, type Mode } from "./mode.ts";
import { planScene, type Plan } from "./plan.ts";
import { createScene, type Scene } from "./scene.ts";

/** A scene that was played. */
export interface Played {
  readonly scene: Scene;
  readonly mode: Mode;
  readonly plan: Plan;
  /** What it took: from the prompt to the model's last word. */
  readonly wallMs: number;
  readonly result: RunResult<unknown>;
  readonly events: readonly RunEvent[];
}

/** What playing takes beside the scene and the mode. */
export interface PlayOptions {
  readonly provider: Provider;
  /** Hears of the run's events. */
  readonly onEvent?: RunListener | undefined;
}

/** Plays a scene to its end. */
export async function playScene(scene: Scene, mode: Mode, options: PlayOptions): Promise<Played> {
  // Not `await using`: Node 22 does not know it, and the sources run there too.
  const simulator = await startSimulator({ scenario: scene.scenario, callsPerTurn: mode.callsPerTurn });
  try {
    return await playAgainst(simulator, { scene, mode, ...options });
  } finally {
    await simulator.close();
  }
}

async function playAgainst(
  simulator: Simulator,
  { scene, mode, provider, onEvent }: PlayOptions & { readonly scene: Scene; readonly mode: Mode },
): Promise<Played> {
  const { tools, prompt } = scene;
  const model = await provider.connect({
    key: "none needed",
    baseUrl: `${simulator.url}${provider.path}`,
    model: provider.defaultModel,
    maxTokens: 4096,
    maxRetries: 0,
  });
  // A client in use has its connection already.
  await (await fetch(simulator.url)).text();
  const events: RunEvent[] = [];
  const run = runAgent({
    model,
    executor: createExecutor({ tools, concurrency: mode.concurrency, eager: mode.eager }),
    prompt,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
  });
  const result = await run.result;
  if (result.status !== "done") {
    throw new Error(`the run ended as ${result.status}: ${result.error?.message}`, { cause: result.error });
  }
  return { scene, mode, plan: planScene(scene, mode), wallMs: lengthOf(events), result, events };
}

/** Plays a short scene that is not counted, so that what runs for the first time is not measured. */
export async function warmUp(options: Pick<PlayOptions, "provider">): Promise<void> {
  const scene = createScene(CUSTOMER_SCENE, 1000);
  for (const mode of MODES) await playScene(scene, mode, options);
}

function lengthOf(events: readonly RunEvent[]): number {
  const startedAt = events.find(({ type }) => type === "run.started")?.at ?? 0;
  return (events.find(({ type }) => type === "run.ended")?.at ?? startedAt) - startedAt;
}
