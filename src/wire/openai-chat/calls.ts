/** From drafts to calls: with the id that the history gets, and each once. */
import type { CallRequest } from "../../core/call-request.ts";
import { readArguments, replayArguments } from "../arguments-text.ts";
import { SaidCalls } from "../said-calls.ts";
import { WireIds } from "../wire-id.ts";
import { argumentsOf, type Draft } from "./drafts.ts";
import type { ChatMessage, ChatToolCall } from "./protocol.ts";

/** A call as it is run, and as it goes back. */
export interface ChatCall {
  readonly request: CallRequest;
  readonly entry: ChatToolCall;
}

/** Makes the calls of one answer, in order. */
export class ChatCalls {
  readonly #ids: WireIds;
  readonly #said = new SaidCalls();

  constructor(legal: RegExp, history: readonly ChatMessage[]) {
    this.#ids = new WireIds(legal, history.flatMap(idsOf));
  }

  /** Makes the next call; undefined if it is one of the others, said again. */
  add(draft: Draft): ChatCall | undefined {
    const { name, custom, extra } = draft;
    const text = argumentsOf(draft);
    const input = custom ? { input: text } : readArguments(text);
    if (this.#said.has({ id: draft.id, name, text })) return undefined;
    const id = this.#ids.take(draft.id);
    const entry: ChatToolCall = custom
      ? { ...extra, id, type: "custom", custom: { name, input: text } }
      : { ...extra, id, type: "function", function: { name, arguments: replayArguments(text) } };
    // An id that was made here would come again in the next answer, so no idempotency key may be made of it.
    return { request: { ...(draft.id !== "" && { id }), name, ...input }, entry };
  }
}

function idsOf(message: ChatMessage): string[] {
  return message.role === "assistant" ? (message.tool_calls ?? []).map(({ id }) => id) : [];
}
