/**
 * One turn: the model's response is read, its calls are run as they are committed, and all of them are answered.
 *
 * 1. What a turn adds to the history is whole: the model's message with the results of all its calls, or nothing (G1).
 * 2. A turn that did not come whole is discarded, unless a call of it has written: then what the model had moved on from is
 *    kept and answered, so that the model knows (G7).
 */
import type { Batch } from "../core/batch.ts";
import { Cancellation } from "../core/cancel.ts";
import { TuttiError } from "../core/errors.ts";
import type { Answer } from "../core/loop-event.ts";
import type { Outcome } from "../core/outcome.ts";
import type { ResultEncoder } from "../core/result.ts";
import type { ModelResponse } from "./model.ts";
import { encodeOutcomes } from "../results/encode.ts";
import type { Turn, WireHistory } from "../wire/wire.ts";
import { untilAborted } from "./until-aborted.ts";

/** What a turn is taken with. */
export interface TurnOptions<Message> {
  readonly wire: WireHistory<Message>;
  /** Open, without calls; it is closed or discarded when the turn is over. Its signal is `signal`. */
  readonly batch: Batch;
  /** What makes results of the outcomes: the executor's. */
  readonly results: ResultEncoder;
  readonly signal: AbortSignal | undefined;
  /** Called with what the model adds to its text. It must not throw. */
  readonly onText?: ((text: string) => void) | undefined;
  /** Called when the model has stopped, before the calls that waited for it start. It must not throw. */
  readonly onEnd?: ((end: TurnEnd) => void) | undefined;
  /** Called with what the model will read, if the turn made calls. It must not throw. */
  readonly onAnswered?: ((answers: readonly Answer[]) => void) | undefined;
}

/** What is known of a response once the model has stopped. */
export type TurnEnd = Pick<Turn<unknown>, "stop" | "usage" | "model">;

/** What came of a turn. */
export interface TakenTurn<Message> {
  /** What the model said, as far as it came. */
  readonly turn: Turn<Message>;
  /** What the turn adds to the history. */
  readonly messages: readonly Message[];
  /** How the calls among `messages` ended, in call order. */
  readonly outcomes: readonly Outcome[];
  /** Why the turn did not come whole; undefined if it did. */
  readonly broken: Broken | undefined;
}

/** Why a turn did not come whole. */
export interface Broken {
  readonly error: TuttiError | Cancellation;
  /** Whether the response had begun. */
  readonly begun: boolean;
}

/** Takes a turn. What goes wrong with the response is told in `broken`. */
export async function takeTurn<Message>(
  response: ModelResponse<Message>,
  options: TurnOptions<Message>,
): Promise<TakenTurn<Message>> {
  const { batch, signal, onText, onEnd } = options;
  let begun = false;
  let added = 0;
  try {
    for await (const { text, committed } of untilAborted(response, signal)) {
      begun = true;
      if (text !== undefined) onText?.(text);
      for (const call of committed) batch.add(call);
      added += committed.length;
    }
  } catch (error) {
    return giveUp(response, options, { added, broken: { error: toError(error), begun } });
  }
  const turn = response.turn();
  const { stop, usage, model } = turn;
  onEnd?.({ stop, usage, ...(model !== undefined && { model }) });
  if (turn.stop === "refused") return giveUp(response, options, { added, broken: undefined });
  // What is left was cut off: it is answered, and not run (G9).
  for (const call of turn.calls.slice(added)) batch.add(call);
  const outcomes = await batch.close({ truncated: turn.stop === "truncated" });
  return { turn, messages: await answered(turn, outcomes, options), outcomes, broken: undefined };
}

async function giveUp<Message>(
  response: ModelResponse<Message>,
  options: TurnOptions<Message>,
  { added, broken }: { readonly added: number; readonly broken: Broken | undefined },
): Promise<TakenTurn<Message>> {
  const { batch } = options;
  const turn = response.turn();
  if (!batch.hasWritten) {
    await batch.discard(broken?.error);
    return { turn, messages: [], outcomes: [], broken };
  }
  const kept = response.committed();
  // Calls that were committed just when the signal aborted.
  for (const call of kept.calls.slice(added)) batch.add({ ...call, truncated: true });
  const outcomes = await batch.close({ truncated: true });
  return { turn, messages: await answered(kept, outcomes, options), outcomes, broken };
}

async function answered<Message>(
  turn: Turn<Message>,
  outcomes: readonly Outcome[],
  { wire, results, onAnswered }: Pick<TurnOptions<Message>, "wire" | "results" | "onAnswered">,
): Promise<Message[]> {
  const encoded = await encodeOutcomes({ results }, outcomes);
  const messages = wire.results(turn, encoded);
  if (outcomes.length > 0)
    onAnswered?.(encoded.map((result, i) => ({ call: (outcomes[i] as Outcome).call.key, result })));
  return [...turn.messages, ...messages];
}

function toError(error: unknown): TuttiError | Cancellation {
  if (error instanceof TuttiError || error instanceof Cancellation) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TuttiError("model-failed", message, { cause: error });
}
