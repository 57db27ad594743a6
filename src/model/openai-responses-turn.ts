/**
 * For a loop of one's own around OpenAI's client: the tools as the request wants them, and the calls of a response run and
 * answered.
 *
 *     const tools = openaiResponsesTools(executor);
 *     do {
 *       const response = await client.responses.create({ model, input, tools, stream: true });
 *       turn = await runTurn(executor, response, { history: input });
 *       input.push(...turn.messages);
 *     } while (!turn.done);
 */
import type { Response, ResponseInputItem, ResponseStreamEvent } from "openai/resources/responses/responses";
import type { Executor } from "../core/executor.ts";
import type { ResponsesMessage, ResponsesTool } from "../wire/openai-responses/protocol.ts";
import { openaiResponses } from "../wire/openai-responses/wire.ts";
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
export function openaiResponsesTools({ tools }: Pick<Executor, "tools">): ResponsesTool[] {
  return openaiResponses.tools(tools);
}

/**
 * Runs the calls of a response and answers them: that of `responses.create`, whole or streamed. See `answerTurn`.
 *
 * @throws TuttiError `model-failed` when the response failed or the stream breaks off, Cancellation when the signal aborts
 *   meanwhile
 */
export async function runTurn(
  executor: Executor,
  response: Response | AsyncIterable<ResponseStreamEvent>,
  options: RunTurnOptions<ResponseInputItem> = {},
): Promise<AnsweredTurn<ResponseInputItem>> {
  const turn = await answerTurn(
    openaiResponses,
    { executor, response },
    options as RunTurnOptions<ResponsesMessage>,
  );
  return turn as AnsweredTurn<ResponseInputItem>;
}

/**
 * The items that answer a turn's calls, for who runs them with `executor.run(turn.calls)`; none if it made no calls.
 * Its outcomes are encoded as they are; results that `encodeOutcomes` made of them are within the executor's budgets.
 *
 * @throws TuttiError `invalid-message` when there are more or fewer answers than calls
 */
export function answerCalls(turn: Turn<ResponsesMessage>, answers: Answers): ResponsesMessage[] {
  return openaiResponses.results(turn, toResults(answers));
}

/** The history as the provider takes it: the identical list if it is in order. See `repairHistory`. */
export function repair(items: ResponseInputItem[], options?: RepairOptions): ResponseInputItem[] {
  return openaiResponses.repair(items as ResponsesMessage[], options) as ResponseInputItem[];
}
