/**
 * For a loop of one's own around Anthropic's client: the tools as the request wants them, and the calls of a response run
 * and answered.
 *
 *     const tools = anthropicTools(executor);
 *     do {
 *       const response = await client.messages.create({ model, max_tokens, messages, tools, stream: true });
 *       turn = await runTurn(executor, response);
 *       messages.push(...turn.messages);
 *     } while (!turn.done);
 */
import type {
  Message,
  MessageParam,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages/messages";
import type { BatchOpenOptions, Executor } from "../core/executor.ts";
import type { Outcome } from "../core/outcome.ts";
import { encodeOutcome } from "../results/encode.ts";
import { anthropicMessages } from "../wire/anthropic-messages.ts";
import type { AnthropicMessage, AnthropicTool } from "../wire/anthropic-protocol.ts";
import type { StopReason, Turn, Usage } from "../wire/wire.ts";
import { streamedResponse, wholeResponse } from "./response.ts";
import { takeTurn } from "./turn.ts";

/** A turn whose calls have been run. */
export interface AnsweredTurn {
  /** What to append to the history: the model's message, and the user message that answers its calls, if it made any. */
  readonly messages: MessageParam[];
  /** Whether there is nothing to ask the model for: it made no calls, and was not paused. `stop` says why it stopped. */
  readonly done: boolean;
  readonly text: string;
  readonly stop: StopReason;
  readonly usage: Usage;
  /** How the calls ended, in call order. */
  readonly outcomes: readonly Outcome[];
}

/** An executor's tools, for the `tools` of a request. */
export function anthropicTools({ tools }: Pick<Executor, "tools">): AnthropicTool[] {
  return anthropicMessages.tools(tools);
}

/**
 * Runs the calls of a response and answers them: that of `messages.create`, whole or streamed, or of `messages.stream`.
 * While a stream goes on, calls that only read run already. A refused turn leaves nothing for the history. Its options are
 * those of `executor.open`; an abort during the stream rejects, one during the calls is answered.
 *
 * @throws TuttiError `model-failed` when the stream breaks off, Cancellation when the signal aborts meanwhile: the history
 *   then goes on as though the turn had not been asked for
 */
export async function runTurn(
  executor: Executor,
  response: Message | AsyncIterable<RawMessageStreamEvent>,
  options: BatchOpenOptions = {},
): Promise<AnsweredTurn> {
  const taken = await takeTurn(toResponse(response), {
    wire: anthropicMessages,
    batch: executor.open(options),
    signal: options.signal,
  });
  const { turn, messages, outcomes, broken } = taken;
  if (broken !== undefined && outcomes.length === 0) throw broken.error;
  const { text, stop, usage } = turn;
  const done = stop === "refused" || (stop !== "paused" && outcomes.length === 0);
  return { messages: [...messages], done, text, stop, usage, outcomes };
}

/**
 * The user message that answers a turn's calls, for who runs them with `executor.run(turn.calls)`; none if it made no calls.
 *
 * @throws TuttiError `invalid-message` when there are more or fewer outcomes than calls
 */
export function answerCalls(turn: Turn<AnthropicMessage>, outcomes: readonly Outcome[]): AnthropicMessage[] {
  return anthropicMessages.results(turn, outcomes.map(encodeOutcome));
}

function toResponse(response: Message | AsyncIterable<RawMessageStreamEvent>) {
  return Symbol.asyncIterator in response
    ? streamedResponse(anthropicMessages.assemble(), () => response)
    : wholeResponse(async () => anthropicMessages.read(response));
}
