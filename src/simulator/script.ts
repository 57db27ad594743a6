/** What the server does for one request that was accepted: the turn, with the failure that this attempt meets. Pure. */
import { cutInBlock, endOf, limitInBlock, outputTokens, planTurn, type Timeline } from "./pacing.ts";
import type { Prompt, Protocol, Quirk, Refusal, TimedEvent } from "./protocol.ts";
import type { Failure, FailurePoint, ScenarioTurn } from "./scenario.ts";

/** What to send, and how it ends. */
export type Script =
  | { readonly kind: "refuse"; readonly refusal: Refusal; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: "stream"; readonly events: readonly TimedEvent[]; readonly end: "close" | "cut" }
  | { readonly kind: "message"; readonly atMs: number; readonly message: unknown }
  /** A response that was to be whole and never came. */
  | { readonly kind: "hang-up"; readonly atMs: number };

/** What a script is made from. */
export interface ScriptOptions {
  readonly protocol: Protocol;
  readonly prompt: Prompt;
  readonly quirks: ReadonlySet<Quirk>;
  /** What goes wrong this time. */
  readonly failure: Failure | undefined;
  readonly seed: number;
  /** Letters and digits for the response's id. */
  readonly token: string;
}

/** The failure that attempt n (from 0) at a turn meets, or undefined when they are used up. */
export function failureAt(turn: ScenarioTurn, attempt: number): Failure | undefined {
  let after = 0;
  return turn.failures.find((failure) => attempt < (after += failure.times));
}

/** What to send for a turn. */
export function writeScript(turn: ScenarioTurn, options: ScriptOptions): Script {
  const { protocol, failure } = options;
  const timeline = planTurn(turn, options.seed);
  switch (failure?.kind) {
    case undefined:
      return answer(timeline, turn, options);
    case "status":
      return {
        kind: "refuse",
        refusal: protocol.fail(failure.status, failure.message),
        retryAfterSeconds: failure.retryAfterSeconds,
      };
    case "token-limit":
      return answer(limitInBlock(timeline, failure.at.inBlock), turn, options);
    case "cut":
    case "error-event":
      return breakOff(timeline, failure, { ...options, turn });
  }
}

function answer(timeline: Timeline, turn: ScenarioTurn, options: ScriptOptions): Script {
  const { protocol, prompt } = options;
  const reply = replyOf(timeline, turn, options);
  return prompt.stream
    ? { kind: "stream", events: protocol.stream(reply), end: "close" }
    : { kind: "message", atMs: endOf(timeline), message: protocol.message(reply) };
}

function breakOff(
  timeline: Timeline,
  failure: Extract<Failure, { readonly at: FailurePoint }>,
  options: ScriptOptions & { readonly turn: ScenarioTurn },
): Script {
  const { protocol, prompt, turn } = options;
  const sent =
    "inBlock" in failure.at
      ? protocol.stream(replyOf(cutInBlock(timeline, failure.at.inBlock), turn, options))
      : protocol.stream(replyOf(timeline, turn, options)).slice(0, failure.at.afterEvents);
  const atMs = sent.at(-1)?.atMs ?? turn.pacing.timeToFirstTokenMs;
  if (failure.kind !== "error-event") {
    return prompt.stream ? { kind: "stream", events: sent, end: "cut" } : { kind: "hang-up", atMs };
  }
  const refusal = protocol.fail(failure.status);
  return prompt.stream
    ? { kind: "stream", events: [...sent, { atMs, event: protocol.errorEvent(refusal) }], end: "close" }
    : { kind: "refuse", refusal, retryAfterSeconds: undefined };
}

function replyOf(timeline: Timeline, { usage }: ScenarioTurn, { prompt, quirks, token }: ScriptOptions) {
  return {
    token,
    turn: prompt.turn,
    quirks,
    wishes: prompt.wishes,
    model: prompt.model,
    timeline,
    usage: {
      inputTokens: usage.inputTokens ?? prompt.inputTokens,
      outputTokens: usage.outputTokens ?? outputTokens(timeline),
    },
  };
}
