/**
 * The calls of one answer: each with an id of its own, and each once. The API's ids are unique; servers that speak its protocol
 * give one to two calls, or none, and the API refuses a history with such.
 */
import { SaidCalls } from "../said-calls.ts";
import { WireIds } from "../wire-id.ts";
import type { AnthropicBlock, AnthropicMessage, AnthropicToolUse } from "./protocol.ts";
import { isToolUse, type Piece } from "./turn.ts";

/** The ids that the API takes: "String should match pattern '^[a-zA-Z0-9_-]+$'". */
export const TOOL_USE_ID = /^[a-zA-Z0-9_-]+$/;

/** Gives the calls of one answer their ids, in order. */
export class AnswerCalls {
  readonly #ids: WireIds;
  readonly #said = new SaidCalls();

  /** No call gets an id that one of the history has. */
  constructor(history: readonly AnthropicMessage[] = []) {
    this.#ids = new WireIds(TOOL_USE_ID, history.flatMap(idsOf));
  }

  /** A call as it begins. */
  begin(block: AnthropicToolUse) {
    const ownId = block.id ?? "";
    return { block: { ...block, id: this.#ids.take(ownId) }, ownId };
  }

  /** Whether a call that is whole was said before, word for word and under the same id. */
  isEcho({ block, inputText, ownId = "" }: Piece): boolean {
    const { name, input } = block as AnthropicToolUse;
    return this.#said.has({ id: ownId, name, text: inputText === "" ? JSON.stringify(input) : inputText });
  }
}

function idsOf({ role, content }: AnthropicMessage): string[] {
  if (role !== "assistant" || typeof content === "string") return [];
  return (content as readonly AnthropicBlock[]).filter(isToolUse).map(({ id }) => id);
}
