/** Anthropic's histories in no provider's terms, and the other way round. */
import { isObject } from "../../core/is-object.ts";
import type { EncodedResult, ResultPart } from "../../core/result.ts";
import { leftOut, NO_RESULT, spoken, thought, type PlainCall, type PlainMessage } from "../plain-history.ts";
import { WireIds, WORD_ID } from "../wire-id.ts";
import type {
  AnthropicBlock,
  AnthropicImage,
  AnthropicMessage,
  AnthropicText,
  AnthropicToolResult,
  AnthropicToolUse,
} from "./protocol.ts";
import { toolResult } from "./tool-result.ts";
import { isToolUse } from "./turn.ts";

/** Reads a history that is in order. */
export function toPlain(messages: readonly AnthropicMessage[]): PlainMessage[] {
  const results = new Map<string, EncodedResult>();
  for (const block of messages.flatMap(blocksOf)) {
    if (block.type !== "tool_result") continue;
    // The API lets an empty result go without its content.
    const { tool_use_id: id = "", content = "", is_error: isError } = block as Partial<AnthropicToolResult>;
    results.set(id, { isError: isError === true, parts: partsOf(content) });
  }
  return turnsOf(messages).flatMap(({ role, blocks }): PlainMessage[] => {
    const parts = spoken(blocks.flatMap(toPart));
    if (role === "user") return parts.length === 0 ? [] : [{ by: "user", parts }];
    const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
    if (role === "system") return [{ by: "system", text }];
    const calls = blocks.filter(isToolUse).map(({ id, name, input }): PlainCall => ({
      id,
      name,
      input: isObject(input) ? input : {},
      result: results.get(id) ?? NO_RESULT,
    }));
    const thoughts = blocks.map((block) => (block as { readonly thinking?: unknown }).thinking);
    return [{ by: "model", text, ...thought(thoughts), calls }];
  });
}

/** Writes a history. The API has no place for a system's word in the middle: it is the user's. */
export function fromPlain(history: readonly PlainMessage[]): AnthropicMessage[] {
  const ids = new WireIds(WORD_ID);
  return history.flatMap((message): AnthropicMessage[] => {
    switch (message.by) {
      case "system":
        return message.text.trim() === "" ? [] : [{ role: "user", content: message.text }];
      case "user": {
        const blocks = spoken(message.parts).map(toBlock);
        return blocks.length === 0 ? [] : [{ role: "user", content: blocks as AnthropicText[] }];
      }
      case "model": {
        const { text, calls } = message;
        const uses = calls.map(({ id, name, input }): AnthropicToolUse => ({
          type: "tool_use",
          id: ids.take(id),
          name,
          input,
        }));
        const content = [...(text.trim() === "" ? [] : [{ type: "text" as const, text }]), ...uses];
        const answers = uses.map((use, i) => toolResult(use, (calls[i] as PlainCall).result));
        return [
          ...(content.length === 0 ? [] : [{ role: "assistant" as const, content }]),
          ...(answers.length === 0 ? [] : [{ role: "user" as const, content: answers }]),
        ];
      }
    }
  });
}

interface PlainTurn {
  /** Some clients write a system's word in the middle of a history. */
  readonly role: AnthropicMessage["role"] | "system";
  readonly blocks: AnthropicBlock[];
}

/** The turns of a history: the API takes messages of one role in a row as one. */
function turnsOf(messages: readonly AnthropicMessage[]): PlainTurn[] {
  const turns: PlainTurn[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === "assistant" && last?.role === "assistant") last.blocks.push(...blocksOf(message));
    else turns.push({ role: message.role, blocks: [...blocksOf(message)] });
  }
  return turns;
}

function blocksOf({ content }: AnthropicMessage): readonly AnthropicBlock[] {
  return typeof content === "string" ? [{ type: "text", text: content } as AnthropicBlock] : content;
}

function partsOf(content: AnthropicToolResult["content"]): ResultPart[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content.flatMap(toPart);
}

/** Thoughts, calls and the provider's own tools are no parts of what was said. */
function toPart(block: AnthropicBlock): ResultPart[] {
  if (block.type === "text") return [{ type: "text", text: (block as AnthropicText).text }];
  if (block.type === "document" || block.type === "search_result") return [leftOut(block.type)];
  if (block.type !== "image") return [];
  const { source } = block as AnthropicImage;
  if (source.type === "base64") return [{ type: "image", mediaType: source.media_type, data: source.data }];
  return [{ type: "text", text: "(an image)" }];
}

function toBlock(part: ResultPart): AnthropicText | AnthropicImage {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "image", source: { type: "base64", media_type: part.mediaType, data: part.data } };
}
