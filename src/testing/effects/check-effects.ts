/**
 * `checkEffects`: tries out what tools declare. Calls that do not conflict may change places and overlap, so from every state
 * that is tried each pair of them is run in both orders, and at once; what a call returns, and the state, must be the same.
 *
 * 1. From the states that `callsBefore` calls lead to, all pairs are tried. So what is found right holds for every batch of
 *    up to `callsBefore` + 2 of these calls, as far as each call does its work in one step.
 * 2. Each trial has a state of its own, and trials run one after another.
 */
import { conflict, writtenBy } from "../../core/effects.ts";
import { aFunction, knownKeys, show } from "../../core/options.ts";
import type { Tool } from "../../core/tool.ts";
import {
  EffectsReport,
  idleWrite,
  missingConflict,
  needlessConflict,
  orderDifference,
  overlapDifference,
  undeclaredWrite,
  type EffectsFinding,
  type Swapped,
} from "./effects-report.ts";
import { resolveSamples, type EffectsSamples, type Sample } from "./samples.ts";
import { findStarts, type Start } from "./starts.ts";
import { runTrial, type Run, type Workshop } from "./trials.ts";

/** The tools to check, or a function that makes them so that they work on this state. */
export type CheckedTools<State> = Tool | readonly Tool[] | ((state: State) => Tool | readonly Tool[]);

/** Makes the state of a trial, always the same. It may set back what the tools share, as trials never overlap. */
export type MakeState<State> = () => State | Promise<State>;

/** What `checkEffects` takes in place of `makeState`. */
export interface CheckEffectsOptions<State> {
  readonly makeState: MakeState<State>;
  /**
   * Shows all that matters of a state as plain data, such as the files of a folder. Where the order of what is in it is
   * no difference to anybody, it puts that in order.
   *
   * @default the state itself
   */
  readonly snapshot?: ((state: State) => unknown) | undefined;
  /**
   * Calls that lead to the states from which pairs are tried. Each one more multiplies the trials by the number of samples,
   * at most.
   *
   * @default 1
   */
  readonly callsBefore?: number | undefined;
}

const OPTIONS = ["makeState", "snapshot", "callsBefore"];

/**
 * Checks what tools declare as `effects` by trying their calls: for each pair of samples, and each sample with itself, whether
 * the order matters. It sees what the samples and states show, and no more.
 *
 * @throws TypeError for a sample that its tool does not accept or whose effects are unknown, and for a state or a tool that
 * cannot be compared with itself
 */
export async function checkEffects<State>(
  tools: CheckedTools<State>,
  samples: EffectsSamples,
  makeState: MakeState<State> | CheckEffectsOptions<State>,
): Promise<EffectsReport> {
  const { callsBefore, workshop } = resolveOptions(tools, makeState);
  const calls = await resolveSamples(workshop.toolsOf(await workshop.makeState()), samples);
  const run: Run = (order, together) => runTrial(workshop, order, together);
  const starts = await findStarts(run, calls, callsBefore);
  const tooWeak: EffectsFinding[] = [];
  const tooStrong: EffectsFinding[] = [];
  const idle = new Set<Sample>();
  for (const [i, call] of calls.entries()) {
    const writing = starts.find(({ state, alone }) => alone[i]?.state !== state);
    const declaresWrite = writtenBy(call.effects).length > 0;
    if (writing !== undefined && !declaresWrite)
      tooWeak.push(undeclaredWrite(call, writing.state, writing.alone[i]?.state as string));
    if (writing !== undefined || !declaresWrite) continue;
    idle.add(call);
    tooStrong.push(idleWrite(call, starts.length));
  }
  const pairs = calls.flatMap((first, i) => calls.slice(i).map((second) => [first, second] as const));
  for (const [first, second] of pairs) {
    const apart = conflict(first.effects, second.effects);
    // A write that does nothing is told once; and one that says the same twice tells nothing of other inputs.
    if (apart && (first === second || idle.has(first) || idle.has(second))) continue;
    const swapped = await findDifference(run, [first, second], starts);
    if (swapped !== undefined && !apart) tooWeak.push(missingConflict(swapped));
    if (swapped === undefined && apart) tooStrong.push(needlessConflict(first, second, starts.length));
  }
  return new EffectsReport({ tooWeak, tooStrong, pairs: pairs.length, states: starts.length });
}

/** From the first state that shows it, what the order of two calls changes, or that they run at once. */
async function findDifference(
  run: Run,
  [first, second]: readonly [Sample, Sample],
  starts: readonly Start[],
): Promise<Swapped | undefined> {
  const mayOverlap = !conflict(first.effects, second.effects);
  for (const { before } of starts) {
    const forth = await run([...before, first, second]);
    const back = first === second ? forth : await run([...before, second, first]);
    let difference = orderDifference([first, second], forth, back);
    if (difference === undefined && mayOverlap) {
      const atOnce = await run([...before, first, second], true);
      difference = overlapDifference([first, second], forth, atOnce);
    }
    if (difference !== undefined) return { first, second, before, difference };
  }
  return undefined;
}

function resolveOptions<State>(
  tools: CheckedTools<State>,
  given: MakeState<State> | CheckEffectsOptions<State>,
): { readonly callsBefore: number; readonly workshop: Workshop<State> } {
  if (given === undefined)
    throw new TypeError("`checkEffects` must have a function that makes the state as its third argument");
  const options = typeof given === "function" ? { makeState: given } : given;
  knownKeys("options", options, OPTIONS);
  const { makeState, snapshot = theState, callsBefore = 1 } = options;
  aFunction("makeState", makeState);
  aFunction("snapshot", snapshot);
  if (!Number.isInteger(callsBefore) || callsBefore < 0) {
    throw new TypeError(`\`callsBefore\` must be a number of calls, 0 or more, got ${show(callsBefore)}`);
  }
  const toolsOf = (state: State) => {
    const made = typeof tools === "function" ? tools(state) : tools;
    const list: readonly Tool[] = Array.isArray(made) ? made : [made as Tool];
    for (const tool of list) checkTool(tool);
    return list;
  };
  return { callsBefore, workshop: { makeState, snapshot, toolsOf } };
}

function checkTool(tool: Tool): void {
  if (typeof (tool as Tool | undefined)?.checkInput !== "function")
    throw new TypeError(
      `\`tools\` must be tools from defineTool, or a function that makes them, got ${show(tool)}`,
    );
}

function theState(state: unknown): unknown {
  if (state !== undefined) return state;
  throw new TypeError("`makeState` must return the state, or `snapshot` tell what it is, got undefined");
}
