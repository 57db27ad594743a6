/**
 * The parts of one answer while they come.
 *
 * 1. Each part stays as it came, with its signature. Text goes on in the piece before it only if neither is signed and both
 *    are thoughts, or neither: signatures hold for the part that they came on.
 *    https://ai.google.dev/gemini-api/docs/thought-signatures
 * 2. A piece is settled when a later one has begun, or the model has stopped; in order, and then no call in it changes (G9).
 */
import { TuttiError } from "../../core/errors.ts";
import { SaidCalls } from "../said-calls.ts";
import type { GeminiCall, GeminiPart } from "./protocol.ts";
import { StreamedArguments } from "./streamed-arguments.ts";

const NONE: readonly Piece[] = Object.freeze([]);

/** A part, and what was added to it. */
export interface Piece {
  part: GeminiPart;
  /** The text, where more of it may follow in the same piece. */
  text: string | undefined;
  /** The arguments of a call that comes in pieces. */
  readonly streamed: StreamedArguments | undefined;
}

/** The pieces of one answer. */
export class Pieces {
  readonly #all: Piece[] = [];
  #settled = 0;
  /** The last call that came in pieces. */
  #streamed: (Piece & { readonly streamed: StreamedArguments }) | undefined;
  /** The calls that came whole. */
  readonly #said = new SaidCalls();

  get all(): readonly Piece[] {
    return this.#all;
  }

  /** How many are settled. */
  get settled(): number {
    return this.#settled;
  }

  /**
   * Takes the next part.
   *
   * @throws TuttiError `model-failed` for arguments of no call
   */
  add(part: GeminiPart): void {
    if (part.functionCall) this.#addCall(part, part.functionCall);
    else if (isPlainText(part)) this.#addText(part, part.text);
    else this.#all.push({ part, text: undefined, streamed: undefined });
  }

  /** Settles what has become final, all of it if the model has stopped; says which pieces that are. */
  settle(hasStopped: boolean): readonly Piece[] {
    const all = this.#all;
    const from = this.#settled;
    const end = hasStopped ? all.length : all.length - 1;
    let settled = from;
    while (settled < end && all[settled]?.streamed?.isOpen !== true) settled++;
    this.#settled = settled;
    return settled === from ? NONE : all.slice(from, settled);
  }

  /** "Unable to submit request because it has an empty text parameter": Gemini sends some, unsigned ones are left out. */
  #addText(part: GeminiPart, text: string): void {
    if (text === "") return;
    const before = this.#all.at(-1);
    const goesOn = before?.text !== undefined && (before.part.thought ?? false) === (part.thought ?? false);
    if (goesOn) before.text += text;
    else this.#all.push({ part, text, streamed: undefined });
  }

  #addCall(part: GeminiPart, call: GeminiCall): void {
    if ((call.name ?? "") === "") return this.#goOn(part, call);
    if (call.partialArgs !== undefined || call.willContinue === true) {
      this.#streamed = { part, text: undefined, streamed: new StreamedArguments() };
      this.#streamed.streamed.take(call);
      this.#all.push(this.#streamed);
    } else if (!this.#isRepeated(call)) {
      this.#all.push({ part, text: undefined, streamed: undefined });
    }
  }

  /** What names no call goes on with the last one; an empty part ends it. Its signature may come with any of them. */
  #goOn({ thoughtSignature }: GeminiPart, call: GeminiCall): void {
    const piece = this.#streamed;
    if (piece?.streamed.isOpen === true) {
      piece.streamed.take(call);
      if (thoughtSignature !== undefined) piece.part = { thoughtSignature, ...piece.part };
      return;
    }
    if (call.partialArgs === undefined && Object.keys(call.args ?? {}).length === 0) return;
    throw new TuttiError("model-failed", "arguments came for no call", { cause: call });
  }

  /** A proxy may send a call again. Without an id that cannot be told from a model that makes the same call twice. */
  #isRepeated({ id = "", name = "", args = {} }: GeminiCall): boolean {
    return id !== "" && this.#said.has({ id, name, text: JSON.stringify(args) });
  }
}

/** Whether a part holds text, and nothing else that matters. */
function isPlainText(part: GeminiPart): part is GeminiPart & { readonly text: string } {
  if (typeof part.text !== "string") return false;
  for (const key in part) if (key !== "text" && key !== "thought") return false;
  return true;
}
