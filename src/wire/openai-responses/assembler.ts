/**
 * Puts an answer of the Responses API together, event by event.
 *
 * 1. A call is committed when its item is done and the next one has begun, or when the response is complete; in order, and
 *    never again (G9).
 * 2. An item's last state is its own `output_item.done`; what came before may be repeated, late or missing. A call that ends
 *    with no arguments has those that came before.
 */
import type { CallRequest } from "../../core/call-request.ts";
import type { Assembler, Progress, StopReason, Turn } from "../wire.ts";
import { failedEvent } from "./failure.ts";
import type {
  ResponsesEvent,
  ResponsesEventFields,
  ResponsesItem,
  ResponsesMessage,
  ResponsesResponse,
  ResponsesUsage,
} from "./protocol.ts";
import { Slots, type Slot } from "./slots.ts";
import { CallIds, isCall, isCutOff, stopOf, textOf, toTurn, type Piece } from "./turn.ts";

const NOTHING: Progress = Object.freeze({ committed: Object.freeze([]) });

/** Puts one answer together. */
export class ResponsesAssembler implements Assembler<ResponsesMessage, ResponsesEvent> {
  readonly #history: readonly ResponsesMessage[];
  readonly #slots = new Slots();
  /** Made with the first call, as it takes a look at the whole history. */
  #ids: CallIds | undefined;
  #usage: ResponsesUsage | undefined;
  #model: string | undefined;
  #stored = true;
  #stop: StopReason | undefined;

  constructor(history: readonly ResponsesMessage[] = []) {
    this.#history = history;
  }

  get ended(): boolean {
    return this.#stop !== undefined;
  }

  push(event: ResponsesEvent): Progress {
    // What comes behind the end has been said before.
    if (this.#stop !== undefined) return NOTHING;
    const fields = event as ResponsesEventFields;
    switch (event.type) {
      case "response.output_text.delta": {
        const text = fields.delta ?? "";
        this.#slots.ofPart(fields).text += text;
        return text === "" ? NOTHING : { text, committed: NOTHING.committed };
      }
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        this.#slots.ofPart(fields).text += fields.delta ?? "";
        return NOTHING;
      case "response.function_call_arguments.done":
      case "response.custom_tool_call_input.done": {
        const slot = this.#slots.ofPart(fields);
        slot.text = fields.arguments || fields.input || slot.text;
        return NOTHING;
      }
      case "response.output_item.added":
        return this.#begin(fields);
      case "response.output_item.done":
        return this.#done(fields);
      case "response.created":
      case "response.in_progress":
        this.#note(fields.response);
        return NOTHING;
      case "response.completed":
      case "response.incomplete":
        return this.#end(fields);
      case "response.failed":
      case "error":
        throw failedEvent(fields);
      default:
        return NOTHING;
    }
  }

  finish(): Turn<ResponsesMessage> {
    return this.#turn(this.#slots.all.flatMap(toPiece), this.#stop ?? "truncated");
  }

  committed(): Turn<ResponsesMessage> {
    const settled = this.#slots.all.filter((slot) => slot.settled);
    return this.#turn(settled.flatMap(toPiece), "end");
  }

  #turn(pieces: readonly Piece[], stop: StopReason): Turn<ResponsesMessage> {
    const said = { usage: this.#usage, model: this.#model, stored: this.#stored };
    return toTurn({ pieces, stop, ...said, history: this.#history });
  }

  #begin({ item, output_index: index }: ResponsesEventFields): Progress {
    if (item === undefined) return NOTHING;
    const slot = this.#slots.ofBegun(item, index);
    if (!slot.done) slot.item = item;
    return this.#commit("");
  }

  #done({ item, output_index: index }: ResponsesEventFields): Progress {
    if (item === undefined) return NOTHING;
    return this.#commit(complete(this.#slots.ofDone(item, index), item));
  }

  #end({ type, response }: ResponsesEventFields): Progress {
    this.#note(response);
    const status = type === "response.incomplete" ? "incomplete" : response?.status;
    this.#stop = stopOf(status, response?.incomplete_details?.reason);
    let text = "";
    // Items that came with the last event only, or were not done before it; it may as well hold none.
    for (const [index, item] of (response?.output ?? []).entries()) {
      const slot = this.#slots.ofWhole(item, index);
      if (slot !== undefined && !slot.done) text += complete(slot, item);
    }
    return this.#commit(text);
  }

  #note(response: ResponsesResponse | undefined): void {
    this.#usage = response?.usage ?? this.#usage;
    this.#model = response?.model ?? this.#model;
    this.#stored = response?.store ?? this.#stored;
  }

  /** What an event told: its text, and the calls that have become final with it. */
  #commit(text: string): Progress {
    const isOver = this.#stop === "end";
    const isFinal = ({ done, item }: Slot) =>
      done ? item === undefined || !isCutOff(item) : isOver && item === undefined;
    const committed: CallRequest[] = [];
    for (const { item } of this.#slots.settle(isFinal, isOver)) {
      if (item === undefined || !isCall(item)) continue;
      this.#ids ??= new CallIds(this.#history);
      const call = this.#ids.take(item);
      if (call !== undefined) committed.push(call.request);
    }
    if (text !== "") return { text, committed };
    return committed.length === 0 ? NOTHING : { committed };
  }
}

/** Gives a slot its item's last state; returns the text that had not come in deltas. */
function complete(slot: Slot, item: ResponsesItem): string {
  // What was settled stays as it is, whatever else is said of it (G9).
  if (slot.settled) return "";
  const text = slot.done || slot.text !== "" ? "" : textOf(item);
  slot.item = isEmptyCall(item) && slot.text !== "" ? withText(item, slot.text) : item;
  slot.done = true;
  return text;
}

/** Servers have said a call's arguments, and then ended it without them: https://github.com/huggingface/tau/pull/712 */
function isEmptyCall(item: ResponsesItem): boolean {
  return isCall(item) && !(item.type === "custom_tool_call" ? item.input : item.arguments);
}

/** A call with what was said of it. */
function withText(item: ResponsesItem, text: string): ResponsesItem {
  const said = item.type === "custom_tool_call" ? { input: text } : { arguments: text };
  return { ...item, ...said };
}

/** What there is of an item: of one that was cut off, what can go back. */
function toPiece({ item, text, done, settled: committed }: Slot): Piece[] {
  if (item === undefined) return [];
  if (done || text === "") return done || isCall(item) ? [{ item, committed }] : [];
  if (isCall(item)) return [{ item: withText(item, text), committed }];
  if (item.type !== "message") return [];
  const content = [{ type: "output_text", text, annotations: [] }];
  return [{ item: { ...item, content, status: "incomplete" } as ResponsesItem, committed }];
}
