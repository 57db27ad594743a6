/**
 * Runs samples of calls, each time from a fresh state, and keeps what can be seen: how each call ended, and the state.
 *
 * The calls go through an executor, so validators, gathered and isolated tools and calls inside calls are as ever; what has to
 * do with load and with people (pools, retries, sharing, approval) is off.
 */
import type { Executor } from "../../core/executor.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Tool } from "../../core/tool.ts";
import { createExecutor } from "../../executor/create-executor.ts";
import { textOf } from "./comparable.ts";
import type { Sample } from "./samples.ts";

/** What can be seen of a trial: in words how each call ended, in order; and the state, as a text. */
export interface Trial {
  readonly endings: readonly string[];
  readonly state: string;
}

/** Where states, and tools that work on one, come from. */
export interface Workshop<State> {
  makeState(): State | Promise<State>;
  toolsOf(state: State): readonly Tool[];
  snapshot(state: State): unknown;
}

/** Runs these calls one by one, from a fresh state; the last two at once if `together`. */
export type Run = (samples: readonly Sample[], together?: boolean) => Promise<Trial>;

/** Runs a trial. */
export async function runTrial<State>(
  workshop: Workshop<State>,
  samples: readonly Sample[],
  together = false,
): Promise<Trial> {
  const state = await workshop.makeState();
  const executor = createExecutor({ tools: workshop.toolsOf(state).map(alone) });
  try {
    const inTurn = together ? samples.slice(0, -2) : samples;
    const endings: string[] = [];
    for (const sample of inTurn) endings.push(await runSample(executor, sample));
    // Each is a batch of its own, in which no other can hold it up by failing.
    const atOnce = samples.slice(inTurn.length).map((sample) => runSample(executor, sample));
    endings.push(...(await Promise.all(atOnce)));
    return { endings, state: stateText(await workshop.snapshot(state)) };
  } finally {
    await executor.shutdown();
  }
}

function alone(tool: Tool): Tool {
  const off = {
    after: [],
    pools: [],
    needsApproval: false,
    retry: false,
    hedge: undefined,
    share: undefined,
  };
  return { ...tool, ...off } as Tool;
}

async function runSample(executor: Executor, { name, input }: Sample): Promise<string> {
  // A copy: what a tool does to its input is not to be seen by the next trial.
  const [outcome] = await executor.run([{ name, input: structuredClone(input) }]);
  // At once, since an output may be a part of the state, which goes on to change.
  return ending(outcome as Outcome);
}

function ending({ status, output, error }: Outcome): string {
  if (error === undefined) return `returned ${textOf(output, opaqueName)}`;
  return status === "failed" ? `failed with ${JSON.stringify(error.message)}` : `ended as ${error.code}`;
}

function opaqueName(what: string): string {
  return what.replace(/^an? /, "");
}

function stateText(state: unknown): string {
  return textOf(state, (what) => {
    throw new TypeError(
      `the state holds ${what}, whose content cannot be compared: give \`snapshot\`, which shows it as plain data`,
    );
  });
}
