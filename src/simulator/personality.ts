/**
 * How a simulated model takes to calling in parallel. A scenario says what it wants done in a turn; its personality, and what
 * it was told and given, decide whether it asks for that at once, call by call, or through a tool that takes a list of calls.
 *
 * What is due is read off the calls that the conversation holds, so that a model may change its ways from turn to turn.
 */
import type { Prompt } from "./protocol.ts";
import type { Block, CallBlock, CallsPerTurn, Scenario, ScenarioTurn } from "./scenario.ts";
import { createToken } from "./seed.ts";

/** The name of the tool that takes a list of calls. */
const BATCH = "batch";

/** The turn that is due; undefined when the scenario has no more. */
export function dueTurn(
  scenario: Scenario,
  personality: Extract<CallsPerTurn, "when-asked" | "batched">,
  prompt: Prompt,
): ScenarioTurn | undefined {
  const rest = restOf(scenario, prompt);
  if (rest === undefined) return undefined;
  if (personality === "when-asked") return isAsked(prompt) ? rest : firstCall(rest);
  return prompt.tools.includes(BATCH) ? asOneBatch(rest) : firstCall(rest);
}

/** What is left of the turn that the conversation has come to. */
function restOf({ turns }: Scenario, { made }: Prompt): ScenarioTurn | undefined {
  let done = made.reduce((sum, { name, input }) => sum + (name === BATCH ? lengthOf(input) : 1), 0);
  for (const turn of turns) {
    const calls = turn.blocks.filter((block) => block.kind === "call");
    if (calls.length === 0 || done < calls.length) {
      return done === 0 ? turn : { ...turn, blocks: calls.slice(done), failures: [] };
    }
    done -= calls.length;
  }
  return undefined;
}

function firstCall(turn: ScenarioTurn): ScenarioTurn {
  const first = turn.blocks.findIndex(isCall);
  return first === -1 ? turn : { ...turn, blocks: turn.blocks.slice(0, first + 1), failures: [] };
}

function asOneBatch(turn: ScenarioTurn): ScenarioTurn {
  const calls = turn.blocks.filter(isCall);
  if (calls.length < 2) return turn;
  const batch: Block = {
    kind: "call",
    id: undefined,
    token: createToken(calls.map(({ token }) => token).join("/"), 22),
    name: BATCH,
    input: { calls: calls.map(({ name, input }) => ({ name, input })) },
    pauseMs: 0,
  };
  return { ...turn, blocks: [...turn.blocks.filter((block) => !isCall(block)), batch], failures: [] };
}

/** Whether anybody has told the model to make its calls together. */
function isAsked({ instructions }: Prompt): boolean {
  return /\b(in parallel|simultaneously|at once|at the same time|in (one|this one|the same|a single) (turn|response))\b/i.test(
    instructions,
  );
}

function isCall(block: Block): block is CallBlock {
  return block.kind === "call";
}

function lengthOf(input: unknown): number {
  const { calls } = (input ?? {}) as { readonly calls?: unknown };
  return Array.isArray(calls) ? calls.length : 1;
}
