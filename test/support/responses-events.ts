/** Events of the Responses API's streams, made by hand. */
import type { CallRequest } from "../../src/core/call-request.ts";
import type { ResponsesEvent, ResponsesMessage } from "../../src/wire/openai-responses/protocol.ts";
import { openaiResponses } from "../../src/wire/openai-responses/wire.ts";

type Json = Record<string, unknown>;

/** An event with its fields. */
export type Event = ResponsesEvent & Json;

/** An assembler that says what the events together committed. */
export function stream(history?: readonly ResponsesMessage[]) {
  const assembler = openaiResponses.assemble({ history });
  return {
    push: (...events: Event[]): CallRequest[] =>
      events.flatMap((event) => [...assembler.push(event).committed]),
    finish: () => assembler.finish(),
    committed: () => assembler.committed(),
    get ended() {
      return assembler.ended;
    },
  };
}

/** A call as an item. */
export function call(id: string, args: string, more: Json = {}): Json & { readonly type: string } {
  return { type: "function_call", id: `fc_${id}`, call_id: id, name: "get", arguments: args, ...more };
}

/** Reasoning as an item. */
export function reasoning(n: number, more: Json = {}): Json & { readonly type: string } {
  return { type: "reasoning", id: `rs_${n}`, summary: [], ...more };
}

/** A message as an item. */
export function message(n: number, text: string): Json & { readonly type: string } {
  const content = [{ type: "output_text", text, annotations: [] }];
  return { type: "message", id: `msg_${n}`, role: "assistant", status: "completed", content };
}

/** An item begins. */
export function added(output_index: number, item: Json): Event {
  return { type: "response.output_item.added", output_index, item };
}

/** A call's arguments grow. */
export function grows(output_index: number, item_id: string, delta: string): Event {
  return { type: "response.function_call_arguments.delta", output_index, item_id, delta };
}

/** An item is done. */
export function done(output_index: number, item: Json): Event {
  return { type: "response.output_item.done", output_index, item };
}

/** The response is over. */
export function ends(response: Json = {}): Event {
  const status = String((response["status"] ?? "completed") as string);
  return { type: `response.${status}`, response: { status, output: [], ...response } };
}
