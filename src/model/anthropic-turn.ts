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
import type { Executor } from "../core/executor.ts";
import type { AnthropicMessage, AnthropicTool } from "../wire/anthropic-messages/protocol.ts";
import { anthropicMessages } from "../wire/anthropic-messages/wire.ts";
import type { RepairOptions } from "../wire/repair.ts";
import type { Turn } from "../wire/wire.ts";
import {
  answerTurn,
  toResults,
  type AnsweredTurn,
  type Answers,
  type RunTurnOptions,
} from "./answered-turn.ts";

/** An executor's tools, for the `tools` of a request. */
export function anthropicTools({ tools }: Pick<Executor, "tools">): AnthropicTool[] {
  return anthropicMessages.tools(tools);
}

/**
 * Runs the calls of a response and answers them: that of `messages.create`, whole or streamed, or of `messages.stream`. See
 * `answerTurn`.
 *
 * @throws TuttiError `model-failed` when the stream breaks off, Cancellation when the signal aborts meanwhile
 */
export async function runTurn(
  executor: Executor,
  response: Message | AsyncIterable<RawMessageStreamEvent>,
  options: RunTurnOptions<MessageParam> = {},
): Promise<AnsweredTurn<MessageParam>> {
  return answerTurn(anthropicMessages, { executor, response }, options as RunTurnOptions<AnthropicMessage>);
}

/**
 * The user message that answers a turn's calls, for who runs them with `executor.run(turn.calls)`; none if it made no calls.
 * Its outcomes are encoded as they are; results that `encodeOutcomes` made of them are within the executor's budgets.
 *
 * @throws TuttiError `invalid-message` when there are more or fewer answers than calls
 */
export function answerCalls(turn: Turn<AnthropicMessage>, answers: Answers): AnthropicMessage[] {
  return anthropicMessages.results(turn, toResults(answers));
}

/** The history as the provider takes it: the identical list if it is in order. See `repairHistory`. */
export function repair(messages: MessageParam[], options?: RepairOptions): MessageParam[] {
  return anthropicMessages.repair(messages as AnthropicMessage[], options) as MessageParam[];
}
