/** A response of any provider, its calls run and answered: what a loop of one's own appends to its history. */
import type { BatchOpenOptions, Executor } from "../core/executor.ts";
import type { TurnEvent } from "../core/loop-event.ts";
import type { Outcome } from "../core/outcome.ts";
import type { EncodedResult } from "../core/result.ts";
import { encodeOutcome } from "../results/encode.ts";
import type { StopReason, Usage, Wire } from "../wire/wire.ts";
import { streamedResponse, wholeResponse } from "./response.ts";
import { takeTurn } from "./turn.ts";

/** A turn whose calls have been run. */
export interface AnsweredTurn<Message> {
  /** What to append to the history: what the model said, and what answers its calls, if it made any. */
  readonly messages: Message[];
  /** Whether there is nothing to ask the model for: it made no calls, and was not paused. `stop` says why it stopped. */
  readonly done: boolean;
  readonly text: string;
  readonly stop: StopReason;
  readonly usage: Usage;
  /** How the calls ended, in call order. */
  readonly outcomes: readonly Outcome[];
}

/** What `runTurn` takes beside the response: the options of `executor.open`, and the history. */
export interface RunTurnOptions<Message> extends BatchOpenOptions {
  /** What the model was asked with. Given, no call gets an id that another one in it has; only some servers need that. */
  readonly history?: readonly Message[] | undefined;
}

/**
 * Runs the calls of a response, whole or streamed, and answers them. While a stream goes on, calls that only read run
 * already. A refused turn leaves nothing for the history. An abort during the stream rejects, one during the calls is answered.
 *
 * @throws TuttiError `model-failed` when the stream breaks off, Cancellation when the signal aborts meanwhile: the history
 *   then goes on as though the turn had not been asked for
 */
export async function answerTurn<Message, Response extends object, Event>(
  wire: Wire<Message, Response, Event, unknown>,
  { executor, response }: { readonly executor: Executor; readonly response: Response | AsyncIterable<Event> },
  { history, ...options }: RunTurnOptions<Message>,
): Promise<AnsweredTurn<Message>> {
  const read =
    Symbol.asyncIterator in response
      ? streamedResponse(wire.assemble({ history }), () => response)
      : wholeResponse(async () => wire.read(response, { history }));
  const origin = options.origin ?? { turn: executor.events.nextTurn() };
  const tell = (event: NewTurnEvent) =>
    executor.events.tell({ ...event, ...origin, at: executor.clock.now() });
  tell({ type: "turn.started", wire: wire.name });
  const taken = await takeTurn(read, {
    wire,
    batch: executor.open({ ...options, origin }),
    results: executor.results,
    signal: options.signal,
    onText: (text) => tell({ type: "turn.text", text }),
    onEnd: (end) => tell({ type: "turn.ended", ...end }),
    onAnswered: (answers) => tell({ type: "turn.answered", answers }),
  });
  const { turn, messages, outcomes, broken } = taken;
  if (broken !== undefined) tell({ type: "turn.broken", error: broken.error });
  if (broken !== undefined && outcomes.length === 0) throw broken.error;
  const { text, stop, usage } = turn;
  const done = stop === "refused" || (stop !== "paused" && outcomes.length === 0);
  return { messages: [...messages], done, text, stop, usage, outcomes };
}

/** An event of a turn that is yet to be stamped. */
type NewTurnEvent = TurnEvent extends infer Event
  ? Event extends TurnEvent
    ? Omit<Event, "at" | "run" | "turn">
    : never
  : never;

/** What `answerCalls` is given for each call: its outcome, or the result that was made of it. */
export type Answers = readonly Outcome[] | readonly EncodedResult[];

/** The results to write: those that were made already, within a budget, stay as they are. */
export function toResults(answers: Answers): EncodedResult[] {
  return answers.map((answer) => ("parts" in answer ? answer : encodeOutcome(answer)));
}
