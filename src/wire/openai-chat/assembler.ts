/**
 * Puts an answer of the Chat Completions API together, chunk by chunk or whole.
 *
 * 1. A call is committed when the model has moved on and its arguments are whole, or when a stop reason came that is not a
 *    cut-off; in order, and never again (G9).
 * 2. Arguments that break off were cut off, whatever the stop reason says.
 */
import type { CallRequest } from "../../core/call-request.ts";
import { TuttiError } from "../../core/errors.ts";
import { isObjectText, isUnterminated } from "../arguments-text.ts";
import type { Assembler, Progress, StopReason, Turn } from "../wire.ts";
import { ChatCalls } from "./calls.ts";
import { argumentsOf, Drafts, type Draft } from "./drafts.ts";
import type { ChatChunk, ChatDelta, ChatMessage, ChatResponse, ChatUsage } from "./protocol.ts";
import { Reasoning } from "./reasoning.ts";
import type { ChatServer } from "./servers.ts";
import { isFailure, stopOf, toTurn, type ChatAnswer } from "./turn.ts";

/** An index that no server gives. */
const LEGACY = -1;
const NOTHING: Progress = Object.freeze({ committed: Object.freeze([]) });

/** Puts one answer together. */
export class ChatAssembler implements Assembler<ChatMessage, ChatChunk> {
  readonly #server: ChatServer;
  readonly #history: readonly ChatMessage[];
  readonly #drafts = new Drafts();
  readonly #reasoning: Reasoning;
  /** The calls that are final; made with the first of them, as it takes a look at the whole history. */
  #calls: ChatCalls | undefined;
  /** How many of the drafts are final. */
  #settled = 0;
  /** How long the arguments of the first draft that is not final were when that was last looked at. */
  #looked = 0;
  #content = "";
  #refusal = "";
  #stop: StopReason | undefined;
  #usage: ChatUsage | undefined;
  #model: string | null | undefined;

  constructor(server: ChatServer, history: readonly ChatMessage[] = []) {
    this.#server = server;
    this.#history = history;
    this.#reasoning = new Reasoning(server.reasoning);
  }

  get ended(): boolean {
    return this.#stop !== undefined;
  }

  push({ choices, usage, model, error }: ChatChunk): Progress {
    if (error !== undefined && error !== null) throw failure(error);
    this.#usage = usage ?? this.#usage;
    // Azure's first chunk, which is about the filter, leaves it empty.
    this.#model ||= model;
    // The answers of one request come mixed; the first is the one that is read.
    const choice = choices?.find(({ index }) => (index ?? 0) === 0);
    if (choice === undefined) return NOTHING;
    this.#usage = choice.usage ?? this.#usage;
    const text = this.#take(choice.delta ?? {});
    this.#end(choice.finish_reason ?? "");
    const committed = this.#commit();
    if (committed.length === 0) return text === "" ? NOTHING : { text, committed };
    return text === "" ? { committed } : { text, committed };
  }

  /** Takes an answer that came whole. */
  pushWhole({ choices, usage, model, error }: ChatResponse): void {
    if (error !== undefined && error !== null) throw failure(error);
    this.#usage = usage ?? undefined;
    this.#model = model;
    const choice = choices?.[0];
    if (choice === undefined) throw new TuttiError("model-failed", "the response holds no choice");
    const { tool_calls: calls, ...message } = choice.message;
    this.#take(message);
    for (const call of calls ?? []) this.#drafts.addWhole(call);
    // What came whole has ended, also where the server does not say how.
    this.#end(choice.finish_reason || "stop");
    this.#commit();
  }

  finish(): Turn<ChatMessage> {
    const { all } = this.#drafts;
    const isCut = this.#settled < all.length && this.#stop === "end";
    return this.#turn(all, {
      content: this.#content,
      refusal: this.#refusal,
      stop: this.#stop === undefined || isCut ? "truncated" : this.#stop,
    });
  }

  committed(): Turn<ChatMessage> {
    // The model has moved on from its text once it makes a call.
    const isSaid = this.#stop === "end" || this.#drafts.all.length > 0;
    return this.#turn(this.#drafts.all.slice(0, this.#settled), {
      content: isSaid ? this.#content : "",
      refusal: isSaid ? this.#refusal : "",
      stop: "end",
    });
  }

  #turn(drafts: readonly Draft[], said: Pick<ChatAnswer, "content" | "refusal" | "stop">): Turn<ChatMessage> {
    // Anew, from the first call on: the same calls get the same ids.
    const ids = new ChatCalls(this.#server.ids, drafts.length === 0 ? [] : this.#history);
    const make = (draft: Draft) => ids.add(draft) ?? [];
    return toTurn({
      ...said,
      committed: drafts.slice(0, this.#settled).flatMap(make),
      cut: drafts.slice(this.#settled).flatMap(make),
      reasoning: this.#reasoning.fields(),
      usage: this.#usage,
      model: this.#model,
    });
  }

  /** Takes what the model adds; says which text. */
  #take(delta: ChatDelta): string {
    const { content, refusal, tool_calls: calls, function_call: legacy } = delta;
    this.#reasoning.add(delta);
    for (const fragment of calls ?? []) this.#drafts.add(fragment);
    // Some servers send the old field beside the new one, empty.
    if ((legacy?.name ?? "") !== "" || (legacy?.arguments ?? "") !== "") this.#addLegacy(legacy);
    if (typeof refusal === "string") this.#refusal += refusal;
    const text = typeof content === "string" ? content : textOf(content);
    this.#content += text;
    return text;
  }

  #addLegacy(call: ChatDelta["function_call"]): void {
    if (call !== undefined) this.#drafts.add({ index: LEGACY, function: call });
  }

  #end(reason: string): void {
    if (reason === "") return;
    if (isFailure(reason)) throw failure(`the server ended the response with "${reason}"`);
    this.#stop ??= stopOf(reason);
  }

  /** Settles the drafts that have become final. */
  #commit(): readonly CallRequest[] {
    const { all } = this.#drafts;
    const isOver = this.#stop === "end";
    // The usual case first: the last call is being written, and those before it are settled.
    if (this.#settled >= all.length - (isOver ? 0 : 1)) return NOTHING.committed;
    const committed: CallRequest[] = [];
    for (let draft = all[this.#settled]; draft !== undefined; draft = all[this.#settled]) {
      const isLast = this.#settled === all.length - 1;
      // Other calls may come in many fragments while this one stays as it is.
      if (!isOver && (isLast || draft.text.length === this.#looked)) break;
      this.#looked = draft.text.length;
      const text = argumentsOf(draft);
      if (!draft.custom && !(isOver ? !isUnterminated(text) : isObjectText(text))) break;
      draft.final = text;
      this.#settled++;
      this.#looked = 0;
      this.#calls ??= new ChatCalls(this.#server.ids, this.#history);
      const call = this.#calls.add(draft);
      if (call !== undefined) committed.push(call.request);
    }
    return committed;
  }
}

/** Mistral sends content in parts; those that are thinking are not the answer. */
function textOf(content: unknown): string {
  if (!Array.isArray(content)) return "";
  return content
    .map((part: { readonly type?: unknown; readonly text?: unknown }) =>
      part.type === "text" && typeof part.text === "string" ? part.text : "",
    )
    .join("");
}

function failure(error: unknown): TuttiError {
  const message = (error as { readonly message?: unknown } | null)?.message ?? error;
  const text = typeof message === "string" ? message : JSON.stringify(message);
  return new TuttiError("model-failed", text, { cause: error });
}
