/**
 * From output items to a turn: the same for a whole answer and for a stream, be it cut off or not.
 *
 * All items go back as they came, in order, reasoning with its encrypted content: "Item '…' of type 'reasoning' was provided
 * without its required following item" is what the API says to less. Left out or altered is only what it refuses.
 */
import type { CallRequest } from "../../core/call-request.ts";
import { readArguments, replayArguments } from "../arguments-text.ts";
import { SaidCalls } from "../said-calls.ts";
import { WireIds } from "../wire-id.ts";
import { modelName } from "../model-name.ts";
import type { StopReason, Turn, Usage } from "../wire.ts";
import type {
  ResponsesCustomCall,
  ResponsesFunctionCall,
  ResponsesItem,
  ResponsesMessage,
  ResponsesUsage,
} from "./protocol.ts";
import { withoutLooseReasoning } from "./reasoning.ts";
import { replayItem } from "./replay.ts";

/** The ids that the API takes: "string too long. Expected a string with maximum length 64". */
export const CALL_ID = /^[^]{1,64}$/;

/** An item, and whether the model has moved on from it (G9). */
export interface Piece {
  readonly item: ResponsesItem;
  readonly committed: boolean;
}

/** What is known of an answer. */
export interface ResponsesAnswer {
  readonly pieces: readonly Piece[];
  readonly stop: StopReason;
  readonly usage: ResponsesUsage | null | undefined;
  readonly model: string | null | undefined;
  /** Whether the server keeps the items. */
  readonly stored: boolean;
  readonly history: readonly ResponsesMessage[];
}

/** Whether an item is a call for the client. Those of the provider's own tools have types of their own. */
export function isCall(item: {
  readonly type?: string;
}): item is ResponsesFunctionCall | ResponsesCustomCall {
  return item.type === "function_call" || item.type === "custom_tool_call";
}

/** Whether an item is a call that its server says was cut off. */
export function isCutOff(item: ResponsesItem): boolean {
  return isCall(item) && (item as { readonly status?: unknown }).status === "incomplete";
}

/** The text that an item says to the user; empty for anything but a message. */
export function textOf(item: ResponsesItem): string {
  return partsOf(item)
    .map(({ type, text = "" }) => (type === "output_text" ? text : ""))
    .join("");
}

/** Gives the calls of an answer the ids that the history gets. */
export class CallIds {
  readonly #ids: WireIds;
  readonly #said = new SaidCalls();

  constructor(history: readonly ResponsesMessage[]) {
    this.#ids = new WireIds(CALL_ID, history.flatMap(idOf));
  }

  /** The call as it goes back, and as it is run; undefined for one that was said before, word for word. */
  take(item: ResponsesFunctionCall | ResponsesCustomCall) {
    const { call_id: own, name } = item;
    const text = item.type === "custom_tool_call" ? asText(item.input) : asText(item.arguments);
    if (this.#said.has({ id: own ?? "", name, text })) return undefined;
    const id = this.#ids.take(own);
    const isCustom = item.type === "custom_tool_call";
    const read = isCustom ? { input: text } : readArguments(text);
    const request: CallRequest = { ...(own && { id }), name, ...read };
    const entry = isCustom
      ? { ...item, call_id: id, input: text }
      : { ...item, call_id: id, arguments: replayArguments(text) };
    return { entry, request };
  }
}

/** The turn that an answer is. A complete one with a call that is not is cut off there. */
export function toTurn(answer: ResponsesAnswer): Turn<ResponsesMessage> {
  const { pieces, stop, usage, model, stored, history } = answer;
  const items: ResponsesItem[] = [];
  const calls: CallRequest[] = [];
  const ids = pieces.some(({ item }) => isCall(item)) ? new CallIds(history) : undefined;
  for (const { item, committed } of pieces) {
    if (!isCall(item) || ids === undefined) {
      items.push(replayItem(item));
      continue;
    }
    const call = ids.take(item);
    if (call === undefined) continue;
    items.push(replayItem(call.entry));
    calls.push(committed ? call.request : { ...call.request, truncated: true });
  }
  return {
    // What is not known here passes through as it came, so the type tells less than there is.
    messages: withoutLooseReasoning(items, stored) as unknown as ResponsesMessage[],
    calls,
    text: pieces.map(({ item }) => textOf(item)).join(""),
    stop: stop === "end" ? endOf(calls, pieces) : stop,
    usage: toUsage(usage),
    ...modelName(model),
  };
}

/** What a response's status says. One that leaves it out is complete, one that still runs is not. */
export function stopOf(status: string | null | undefined, reason: string | null | undefined): StopReason {
  if ((status ?? "completed") === "completed") return "end";
  return status === "incomplete" && reason === "content_filter" ? "refused" : "truncated";
}

function endOf(calls: readonly CallRequest[], pieces: readonly Piece[]): StopReason {
  if (calls.some(({ truncated }) => truncated)) return "truncated";
  if (calls.length > 0) return "calls";
  const isRefusal = pieces.some(({ item }) => partsOf(item).some(({ type }) => type === "refusal"));
  return isRefusal ? "refused" : "end";
}

/** Arguments are text; servers that imitate the API have sent none, or the object itself. */
function asText(value: unknown): string {
  return typeof value === "string"
    ? value
    : value === undefined || value === null
      ? ""
      : JSON.stringify(value);
}

function idOf(message: ResponsesMessage): string[] {
  return isCall(message) ? [message.call_id] : [];
}

interface Part {
  readonly type: string;
  readonly text?: string;
}

function partsOf(item: ResponsesItem): readonly Part[] {
  const { content } = item as ResponsesItem & { readonly content?: unknown };
  return item.type === "message" && Array.isArray(content) ? (content as Part[]) : [];
}

function toUsage(usage: ResponsesUsage | null | undefined): Usage {
  return {
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    cachedInputTokens: usage?.input_tokens_details?.cached_tokens ?? 0,
  };
}
