/**
 * For a loop of one's own around OpenAI's client: the tools as the request wants them, and the calls of a response run and
 * answered.
 *
 *     const tools = openaiChatTools(executor);
 *     do {
 *       const response = await client.chat.completions.create({ model, messages, tools, stream: true });
 *       turn = await runTurn(executor, response, { history: messages });
 *       messages.push(...turn.messages);
 *     } while (!turn.done);
 */
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions/completions";
import type { Executor } from "../core/executor.ts";
import type { ChatMessage, ChatTool } from "../wire/openai-chat/protocol.ts";
import { chatServer, type ChatServerName } from "../wire/openai-chat/servers.ts";
import { openaiChat, openaiChatWire } from "../wire/openai-chat/wire.ts";
import type { RepairOptions } from "../wire/repair.ts";
import type { Turn } from "../wire/wire.ts";
import {
  answerTurn,
  toResults,
  type AnsweredTurn,
  type Answers,
  type RunTurnOptions,
} from "./answered-turn.ts";

/** What `runTurn` takes beside the response. */
export interface OpenAIChatTurnOptions extends RunTurnOptions<ChatCompletionMessageParam> {
  /**
   * The server that gave the response: it decides which ids and which of the model's reasoning go back.
   *
   * @default one that takes back what it has sent, as most do; Mistral, for one, does not
   */
  readonly server?: ChatServerName | undefined;
}

/** An executor's tools, for the `tools` of a request. */
export function openaiChatTools({ tools }: Pick<Executor, "tools">): ChatTool[] {
  return openaiChat.tools(tools);
}

/**
 * Runs the calls of a response and answers them: that of `chat.completions.create`, whole or streamed. See `answerTurn`.
 *
 * @throws TuttiError `model-failed` when the stream breaks off, Cancellation when the signal aborts meanwhile
 */
export async function runTurn(
  executor: Executor,
  response: ChatCompletion | AsyncIterable<ChatCompletionChunk>,
  { server, ...options }: OpenAIChatTurnOptions = {},
): Promise<AnsweredTurn<ChatCompletionMessageParam>> {
  return answerTurn(wireOf(server), { executor, response }, options as RunTurnOptions<ChatMessage>);
}

/**
 * The messages that answer a turn's calls, for who runs them with `executor.run(turn.calls)`; none if it made no calls.
 * Its outcomes are encoded as they are; results that `encodeOutcomes` made of them are within the executor's budgets.
 *
 * @throws TuttiError `invalid-message` when there are more or fewer answers than calls
 */
export function answerCalls(turn: Turn<ChatMessage>, answers: Answers): ChatMessage[] {
  return openaiChat.results(turn, toResults(answers));
}

/** What `repair` takes beside the history. */
export interface OpenAIChatRepairOptions extends RepairOptions {
  /** The server that the history goes to: it decides which ids are taken. @default one that takes any */
  readonly server?: ChatServerName | undefined;
}

/** The history as the server takes it: the identical list if it is in order. See `repairHistory`. */
export function repair(
  messages: ChatCompletionMessageParam[],
  { server, ...options }: OpenAIChatRepairOptions = {},
): ChatCompletionMessageParam[] {
  return wireOf(server).repair(messages as ChatMessage[], options) as ChatCompletionMessageParam[];
}

function wireOf(server: ChatServerName | undefined): typeof openaiChat {
  return server === undefined ? openaiChat : openaiChatWire(chatServer(server));
}
