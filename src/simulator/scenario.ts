/**
 * What a simulated model says, turn by turn, in no provider's terms: how a turn is spoken is `pacing.ts`, in which
 * protocol is the protocol's folder. A scenario comes from `parseScenario` and is plain data from then on.
 *
 * 1. A turn's blocks stand in the order thinking, text, server calls, calls: a provider refuses text after a call.
 * 2. Nothing here depends on who asks: the conversation itself says which turn it has reached (`turnsOf`).
 */
import type { StopReason } from "../wire/wire.ts";

/** How fast a model speaks. */
export interface Pacing {
  /** Milliseconds from the request to the first token. */
  readonly timeToFirstTokenMs: number;
  /** Tokens per second from then on; `Infinity` for all at once. */
  readonly tokensPerSecond: number;
}

/** A tool call for the client. */
export interface CallBlock {
  readonly kind: "call";
  /** The call's id as the scenario gives it; without one the protocol makes it from `token`. */
  readonly id: string | undefined;
  /** Letters and digits, the same whenever the scenario is read, different for every block. */
  readonly token: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly pauseMs: number;
}

/** One block of a turn. `pauseMs` is how long the model halts before it. */
export type Block =
  | {
      readonly kind: "thinking";
      readonly text: string;
      /** Undefined: the protocol derives it from the text. */
      readonly signature: string | undefined;
      readonly pauseMs: number;
    }
  | { readonly kind: "text"; readonly text: string; readonly pauseMs: number }
  | CallBlock
  | (Omit<CallBlock, "kind"> & { readonly kind: "server-call" })
  | {
      readonly kind: "server-result";
      readonly name: string;
      /** The `id` and `token` of the server call that it answers. */
      readonly id: string | undefined;
      readonly token: string;
      readonly result: unknown;
      readonly pauseMs: number;
    };

/** Where in a stream something goes wrong: after so many events, or half-way through a block. */
export type FailurePoint = { readonly afterEvents: number } | { readonly inBlock: number };

/** What goes wrong, `times` times, before the turn is answered well. */
export type Failure = { readonly times: number } & (
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfterSeconds: number | undefined;
      /** Undefined: the provider's own text for this status. */
      readonly message: string | undefined;
    }
  | { readonly kind: "cut"; readonly at: FailurePoint }
  | { readonly kind: "error-event"; readonly status: number; readonly at: FailurePoint }
  | { readonly kind: "token-limit"; readonly at: { readonly inBlock: number } }
);

/** One response of the model. */
export interface ScenarioTurn {
  readonly blocks: readonly Block[];
  readonly stop: StopReason;
  readonly pacing: Pacing;
  /** In the order in which requests for this turn meet them. */
  readonly failures: readonly Failure[];
  /** Tokens to report instead of an estimate. */
  readonly usage: { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined };
}

/**
 * Whether a turn's calls come in one response or in one response each; `"when-asked"`: in one only if the client has asked for
 * that in words; `"batched"`: one each, or all through the client's tool for a list of calls, if it has one.
 */
export type CallsPerTurn = (typeof CALLS_PER_TURN)[number];

/** All of them. */
export const CALLS_PER_TURN = ["all", "one", "when-asked", "batched"] as const;

/** A checked scenario. */
export interface Scenario {
  readonly name: string;
  /** Seeds ids and the sizes of a stream's pieces. */
  readonly seed: number;
  readonly callsPerTurn: CallsPerTurn;
  readonly turns: readonly ScenarioTurn[];
}

/**
 * The responses of a scenario, in order: response n answers a conversation with n messages of the model. With `"one"` a turn
 * of k calls becomes k responses of one call, each of which pays the time to its first token.
 */
export function turnsOf(
  scenario: Scenario,
  callsPerTurn: CallsPerTurn = scenario.callsPerTurn,
): readonly ScenarioTurn[] {
  return callsPerTurn === "one" ? scenario.turns.flatMap(spread) : scenario.turns;
}

/** The turn as a model gives it that was told to think first: the same, if it does so already. */
export function thinkFirst(turn: ScenarioTurn): ScenarioTurn {
  if (turn.blocks[0]?.kind === "thinking") return turn;
  const thinking: Block = { kind: "thinking", text: "Let me see.", signature: undefined, pauseMs: 0 };
  return {
    ...turn,
    blocks: [thinking, ...turn.blocks],
    failures: turn.failures.map((failure) => moveBlock(failure, 1)),
  };
}

function spread(turn: ScenarioTurn): ScenarioTurn[] {
  const first = turn.blocks.findIndex((block) => block.kind === "call");
  const last = turn.blocks.length - 1;
  if (first === -1 || first === last) return [turn];
  return turn.blocks.slice(first).map((call, i) => ({
    blocks: i === 0 ? turn.blocks.slice(0, first + 1) : [call],
    stop: first + i === last ? turn.stop : "calls",
    pacing: turn.pacing,
    failures: turn.failures
      .filter((failure) => Math.max(blockOf(failure) - first, 0) === i)
      .map((failure) => (i === 0 ? failure : moveBlock(failure, -blockOf(failure)))),
    // What was given for the whole turn says nothing about the output of its parts.
    usage: { inputTokens: turn.usage.inputTokens, outputTokens: undefined },
  }));
}

/** The block in which a failure strikes; 0 for one that strikes no block in particular. */
function blockOf(failure: Failure): number {
  return failure.kind !== "status" && "inBlock" in failure.at ? failure.at.inBlock : 0;
}

function moveBlock(failure: Failure, by: number): Failure {
  switch (failure.kind) {
    case "status":
      return failure;
    case "token-limit":
      return { ...failure, at: { inBlock: failure.at.inBlock + by } };
    case "cut":
    case "error-event":
      return "inBlock" in failure.at ? { ...failure, at: { inBlock: failure.at.inBlock + by } } : failure;
  }
}
