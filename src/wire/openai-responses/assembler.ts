/**
 * Puts an answer of the Responses API together, event by event.
 *
 * 1. A call is committed when its item is done and the next one has begun, or when the response is complete; in order, and
 *    never again (G9).
 * 2. An item's last state is its own `output_item.done`; what came before may be repeated, late or missing.
 */
import type { CallRequest } from "../../core/call.ts";
import { TuttiError } from "../../core/errors.ts";
import type { Assembler, Progress, StopReason, Turn } from "../wire.ts";
import type {
  ResponsesEvent,
  ResponsesEventFields,
  ResponsesItem,
  ResponsesMessage,
  ResponsesResponse,
} from "./protocol.ts";
import { Slots, type Slot } from "./slots.ts";
import { CallIds, isCall, stopOf, toTurn, type Piece } from "./turn.ts";

const NOTHING: Progress = Object.freeze({ committed: Object.freeze([]) });

/** Puts one answer together. */
export class ResponsesAssembler implements Assembler<ResponsesMessage, ResponsesEvent> {
  readonly #history: readonly ResponsesMessage[];
  readonly #slots = new Slots();
  /** Made with the first call, as it takes a look at the whole history. */
  #ids: CallIds | undefined;
  /** How many slots are final. */
  #settled = 0;
  #response: ResponsesResponse | undefined;
  #stop: StopReason | undefined;

  constructor(history: readonly ResponsesMessage[] = []) {
    this.#history = history;
  }

  get ended(): boolean {
    return this.#stop !== undefined;
  }

  push(event: ResponsesEvent): Progress {
    const fields = event as ResponsesEventFields;
    switch (event.type) {
      case "response.output_text.delta":
        this.#slots.of(fields).text += fields.delta ?? "";
        return { text: fields.delta ?? "", committed: NOTHING.committed };
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        this.#slots.of(fields).text += fields.delta ?? "";
        return NOTHING;
      case "response.function_call_arguments.done":
      case "response.custom_tool_call_input.done":
        this.#slots.of(fields).text = fields.arguments ?? fields.input ?? "";
        return NOTHING;
      case "response.output_item.added":
        this.#begin(fields);
        return this.#commit();
      case "response.output_item.done":
        this.#done(this.#slots.of(fields), fields.item);
        return this.#commit();
      case "response.created":
      case "response.in_progress":
        this.#response = fields.response;
        return NOTHING;
      case "response.completed":
      case "response.incomplete":
        this.#end(fields.response);
        return this.#commit();
      case "response.failed":
      case "error":
        throw failure(fields);
      default:
        return NOTHING;
    }
  }

  finish(): Turn<ResponsesMessage> {
    const pieces = this.#slots.all.flatMap((slot, i) => toPiece(slot, i < this.#settled));
    const isCut = this.#stop === "end" && pieces.some(({ item, committed }) => isCall(item) && !committed);
    return this.#turn(pieces, this.#stop === undefined || isCut ? "truncated" : this.#stop);
  }

  committed(): Turn<ResponsesMessage> {
    return this.#turn(
      this.#slots.all.slice(0, this.#settled).flatMap((slot) => toPiece(slot, true)),
      "end",
    );
  }

  #turn(pieces: readonly Piece[], stop: StopReason): Turn<ResponsesMessage> {
    const { usage, store } = this.#response ?? {};
    return toTurn({ pieces, stop, usage, stored: store !== false, history: this.#history });
  }

  #begin(fields: ResponsesEventFields): void {
    const slot = this.#slots.of(fields);
    if (!slot.done) slot.item = fields.item;
  }

  #done(slot: Slot, item: ResponsesItem | undefined): void {
    slot.item = item ?? slot.item;
    slot.done = true;
  }

  #end(response: ResponsesResponse | undefined): void {
    this.#response = response ?? this.#response;
    this.#stop = stopOf(response?.status, response?.incomplete_details?.reason);
    // Items that came with the last event only.
    for (const [index, item] of (response?.output ?? []).entries()) {
      const slot = this.#slots.of({ type: "", output_index: index });
      if (!slot.done && this.#stop === "end") this.#done(slot, item);
      slot.item ??= item;
    }
  }

  /** Settles the items that have become final. */
  #commit(): Progress {
    const { all } = this.#slots;
    const end = this.#stop === "end" ? all.length : all.length - 1;
    if (this.#settled >= end) return NOTHING;
    const committed: CallRequest[] = [];
    for (; this.#settled < end; this.#settled++) {
      const slot = all[this.#settled];
      if (slot !== undefined && !slot.done) break;
      if (slot?.item === undefined || !isCall(slot.item)) continue;
      this.#ids ??= new CallIds(this.#history);
      const call = this.#ids.take(slot.item);
      if (call !== undefined) committed.push(call.request);
    }
    return committed.length === 0 ? NOTHING : { committed };
  }
}

/** What there is of an item: of one that was cut off, what can go back. */
function toPiece(slot: Slot | undefined, committed: boolean): Piece[] {
  if (slot?.item === undefined) return [];
  const { item, text, done } = slot;
  if (done) return [{ item, committed }];
  if (item.type === "function_call")
    return [{ item: { ...item, arguments: text } as ResponsesItem, committed }];
  if (item.type === "custom_tool_call")
    return [{ item: { ...item, input: text } as ResponsesItem, committed }];
  if (item.type !== "message" || text === "") return [];
  const content = [{ type: "output_text", text, annotations: [] }];
  return [{ item: { ...item, content, status: "incomplete" } as ResponsesItem, committed }];
}

function failure({ response, message }: ResponsesEventFields): TuttiError {
  const text = response?.error?.message ?? message ?? "the response failed";
  return new TuttiError("model-failed", text, { cause: response?.error ?? message });
}
