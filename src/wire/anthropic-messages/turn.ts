/**
 * From Anthropic's content blocks to a turn: the same for a whole answer and for a stream, be it cut off or not.
 *
 * Owns which calls are final (G9), and what goes back into the history. All blocks go back as they came, thinking with
 * its signature, server tools with their results, types that are new, in order: the API checks. Two are altered, since
 * the API refuses them although it sent them: blank text, and a call whose input is no object.
 */
import { isObject } from "../../core/is-object.ts";
import type { CallRequest } from "../../core/call-request.ts";
import type {
  AnthropicBlock,
  AnthropicMessage,
  AnthropicText,
  AnthropicToolUse,
  AnthropicUsage,
} from "./protocol.ts";
import { modelName } from "../model-name.ts";
import type { StopReason, Turn, Usage } from "../wire.ts";

/** A block, and its input as far as that was streamed as text. */
export interface Piece {
  /** A call's has the id that goes back. */
  readonly block: AnthropicBlock;
  readonly inputText: string;
  /** The id that a call came with; empty if it had none. */
  readonly ownId?: string;
  /** Whether a call was said before, word for word. */
  readonly isEcho?: boolean;
}

/** What is known of an answer. */
export interface Answer {
  readonly pieces: readonly Piece[];
  /** The provider's stop reason, if it came. */
  readonly stop: string | null | undefined;
  readonly usage: AnthropicUsage | undefined;
  readonly model: string | undefined;
}

const STOPS: ReadonlyMap<string, StopReason> = new Map([
  ["tool_use", "calls"],
  ["end_turn", "end"],
  ["stop_sequence", "end"],
  ["max_tokens", "truncated"],
  ["model_context_window_exceeded", "truncated"],
  ["refusal", "refused"],
  ["pause_turn", "paused"],
]);

/**
 * Whether a stop reason says that the last block is whole. A stop sequence does not: it may have been met inside the
 * arguments of a call. Nor does a reason that is not known yet.
 */
export function isWhole(stop: string | null | undefined): boolean {
  return stop === "tool_use" || stop === "end_turn" || stop === "pause_turn";
}

/** The turn that an answer is; its first `committed` pieces are final. */
export function toTurn({ pieces, stop, usage, model }: Answer, committed: number): Turn<AnthropicMessage> {
  const calls = pieces.flatMap((piece, index) => {
    if (!isToolUse(piece.block) || piece.isEcho === true) return [];
    return index < committed ? [toCall(piece)] : [{ ...toCall(piece), truncated: true }];
  });
  const content = pieces
    .filter(({ block, isEcho }, index) => isEcho !== true && (index < committed || !isUseless(block)))
    .map(replay)
    .filter((block) => !isBlank(block));
  return {
    // What is not known here passes through as it came, so the type tells less than there is.
    messages: content.length === 0 ? [] : [{ role: "assistant", content: content as AnthropicToolUse[] }],
    calls,
    text: pieces.map(({ block }) => (isText(block) ? block.text : "")).join(""),
    stop: toStop(stop, calls.length),
    usage: toUsage(usage),
    ...modelName(model),
  };
}

/** The call of a piece that is one. */
export function toCall({ block, inputText, ownId }: Piece): CallRequest {
  const { id, name, input } = block as AnthropicToolUse;
  // An id that was made here would come again in the next answer, so no idempotency key may be made of it.
  const named = { ...(ownId !== "" && { id }), name };
  if (inputText !== "") return { ...named, inputText };
  // A server that speaks this protocol may send the input as text, or leave it out.
  return typeof input === "string" ? { ...named, inputText: input } : { ...named, input: input ?? {} };
}

/** Whether a block is a call of a tool that the provider runs: `server_tool_use`, `mcp_tool_use`. */
export function isServerCall(block: AnthropicBlock): block is AnthropicToolUse {
  return block.type.endsWith("_tool_use");
}

/** Whether a block is a call for the client. Server tools have types of their own; a `caller` changes nothing. */
export function isToolUse(block: AnthropicBlock): block is AnthropicToolUse {
  return block.type === "tool_use";
}

/** Whether a call's arguments were cut off, or were never JSON, so that it cannot have run. */
export function isCutOff({ input }: AnthropicToolUse): boolean {
  return isObject(input) && Object.keys(input).join() === "INVALID_JSON";
}

function toStop(stop: string | null | undefined, calls: number): StopReason {
  const reason = STOPS.get(stop ?? "") ?? "truncated";
  if (reason === "truncated" || reason === "refused") return reason;
  // What decides is whether there are calls: the API refuses to go on while one is unanswered.
  if (calls > 0) return "calls";
  return reason === "calls" ? "end" : reason;
}

function toUsage(usage: AnthropicUsage | undefined): Usage {
  const cached = usage?.cache_read_input_tokens ?? 0;
  return {
    inputTokens: (usage?.input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0) + cached,
    outputTokens: usage?.output_tokens ?? 0,
    cachedInputTokens: cached,
  };
}

function replay({ block, inputText }: Piece): AnthropicBlock {
  if (inputText !== "") return withInput(block, inputText);
  if (!isToolUse(block) || isObject(block.input)) return block;
  const { input } = block;
  return withInput(block, typeof input === "string" ? input : JSON.stringify(input ?? {}));
}

function withInput(block: AnthropicBlock, text: string): AnthropicBlock {
  return { ...block, input: parseObject(text) } as AnthropicBlock;
}

/**
 * "tool_use.input: Input should be a valid dictionary". Text that is no object goes back inside one, under the key that
 * Anthropic's guide to fine-grained tool streaming uses.
 */
function parseObject(text: string): object {
  try {
    const value: unknown = text === "" ? {} : JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Cut off, or invalid: the model reads what it wrote.
  }
  return { INVALID_JSON: text.toWellFormed() };
}

/** What the API refuses, or would run, if it was cut off: thinking without its signature, and a call for a server's tool. */
function isUseless(block: AnthropicBlock): boolean {
  if (block.type === "thinking") return ((block as { signature?: unknown }).signature ?? "") === "";
  return isServerCall(block);
}

/** "text content blocks must be non-empty", and "must contain non-whitespace text". */
function isBlank(block: AnthropicBlock): boolean {
  return isText(block) && block.text.trim() === "";
}

function isText(block: AnthropicBlock): block is AnthropicText {
  return block.type === "text" && typeof (block as AnthropicText).text === "string";
}
