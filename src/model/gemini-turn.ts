/**
 * For a loop of one's own around Google's client: the tools as the request wants them, and the calls of a response run and
 * answered.
 *
 *     const config = { tools: geminiTools(executor) };
 *     do {
 *       const response = await client.models.generateContentStream({ model, contents, config });
 *       turn = await runTurn(executor, response);
 *       contents.push(...turn.messages);
 *     } while (!turn.done);
 */
import type { Content, GenerateContentResponse, Tool } from "@google/genai";
import type { Executor } from "../core/executor.ts";
import type { GeminiContent, GeminiResponse } from "../wire/gemini/protocol.ts";
import { historyOptions } from "../wire/gemini/history.ts";
import { gemini, geminiWire } from "../wire/gemini/wire.ts";
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
export interface GeminiTurnOptions extends RunTurnOptions<Content> {
  /**
   * The model that gave the response: those before Gemini 3 take no images in results.
   *
   * @default one that takes them
   */
  readonly model?: string | undefined;
}

/** An executor's tools, for the `tools` of a request's config. */
export function geminiTools({ tools }: Pick<Executor, "tools">): Tool[] {
  return gemini.tools(tools) as Tool[];
}

/**
 * Runs the calls of a response and answers them: that of `generateContent`, or of `generateContentStream`. See `answerTurn`.
 *
 * @throws TuttiError `model-failed` when the stream breaks off, Cancellation when the signal aborts meanwhile
 */
export async function runTurn(
  executor: Executor,
  response: GenerateContentResponse | AsyncIterable<GenerateContentResponse>,
  { model, ...options }: GeminiTurnOptions = {},
): Promise<AnsweredTurn<Content>> {
  const read = response as GeminiResponse | AsyncIterable<GeminiResponse>;
  const turn = await answerTurn(
    wireOf(model),
    { executor, response: read },
    options as RunTurnOptions<GeminiContent>,
  );
  return turn as AnsweredTurn<Content>;
}

/**
 * The content that answers a turn's calls, for who runs them with `executor.run(turn.calls)`; none if it made no calls.
 * Its outcomes are encoded as they are; results that `encodeOutcomes` made of them are within the executor's budgets.
 *
 * @throws TuttiError `invalid-message` when there are more or fewer answers than calls
 */
export function answerCalls(
  turn: Turn<GeminiContent>,
  answers: Answers,
  { model }: Pick<GeminiTurnOptions, "model"> = {},
): GeminiContent[] {
  return wireOf(model).results(turn, toResults(answers));
}

/** What `repair` takes beside the history. */
export interface GeminiRepairOptions extends RepairOptions {
  /** The model that the history goes to. @default one since Gemini 3, which wants signatures */
  readonly model?: string | undefined;
}

/** The history as the provider takes it: the identical list if it is in order. See `repairHistory`. */
export function repair(contents: Content[], { model, ...options }: GeminiRepairOptions = {}): Content[] {
  return wireOf(model).repair(contents as GeminiContent[], options) as Content[];
}

function wireOf(model: string | undefined): typeof gemini {
  return model === undefined ? gemini : geminiWire(historyOptions(model));
}
