/** OpenAI's Responses API: `POST /v1/responses`. A history is a list of items, so a message here is one item. */
import type { EncodedResult } from "../../core/result.ts";
import type { Tool } from "../../core/tool.ts";
import { mustAnswerAll } from "../must-answer-all.ts";
import { repairHistory, type RepairOptions } from "../repair.ts";
import type { ReadOptions, Turn, Wire } from "../wire.ts";
import { ResponsesAssembler } from "./assembler.ts";
import { failedResponse } from "./failure.ts";
import { responsesHistory } from "./history.ts";
import type {
  ResponsesCallOutput,
  ResponsesEvent,
  ResponsesFunctionCall,
  ResponsesInputMessage,
  ResponsesMessage,
  ResponsesResponse,
  ResponsesTool,
} from "./protocol.ts";
import { fromPlain, toPlain } from "./plain.ts";
import { outputItem } from "./results.ts";
import { isCall, isCutOff, stopOf, toTurn } from "./turn.ts";

/** The wire of OpenAI's Responses API, and of servers that speak it. */
export const openaiResponses: Wire<ResponsesMessage, ResponsesResponse, ResponsesEvent, ResponsesTool> =
  Object.freeze({
    name: "openai-responses",
    tools: (tools: readonly Tool[]) => tools.map(definition),
    user: (text: string): ResponsesInputMessage => ({ role: "user", content: text }),
    read,
    assemble: (options: ReadOptions<ResponsesMessage> = {}) => new ResponsesAssembler(options.history),
    results,
    repair: (messages: readonly ResponsesMessage[], options?: RepairOptions) =>
      repairHistory(responsesHistory, messages, options),
    toPlain,
    fromPlain,
  });

/**
 * A tool whose input is a string is described as one that takes free text. `strict` is said, since the API turns it on
 * otherwise and then refuses most schemas.
 */
function definition({ name, description, inputSchema }: Tool): ResponsesTool {
  return inputSchema["type"] === "string"
    ? { type: "custom", name, description }
    : { type: "function", name, description, parameters: { ...inputSchema, type: "object" }, strict: false };
}

function read(
  { output = [], status, incomplete_details: incomplete, error, usage, model, store }: ResponsesResponse,
  { history = [] }: ReadOptions<ResponsesMessage> = {},
): Turn<ResponsesMessage> {
  if (status === "failed" || status === "cancelled") throw failedResponse(error, status);
  const stop = stopOf(status, incomplete?.reason);
  const cutOff = output.findIndex(isCutOff);
  const end = stop === "end" ? output.length : output.length - 1;
  const whole = cutOff === -1 ? end : Math.min(cutOff, end);
  const pieces = output.map((item, i) => ({ item, committed: i < whole }));
  return toTurn({ pieces, stop, usage, model, stored: store !== false, history });
}

function results(turn: Turn<ResponsesMessage>, encoded: readonly EncodedResult[]): ResponsesCallOutput[] {
  const calls = turn.messages.filter(isCall);
  mustAnswerAll(calls, encoded);
  return encoded.map((result, i) => outputItem(calls[i] as ResponsesFunctionCall, result));
}
