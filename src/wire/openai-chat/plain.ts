/** Histories of Chat Completions in no provider's terms, and the other way round. */
import type { EncodedResult, ResultPart } from "../../core/result.ts";
import {
  dataUrl,
  leftOut,
  markedResult,
  NO_RESULT,
  plainImage,
  plainInput,
  plainResult,
  spoken,
  thought,
  type PlainCall,
  type PlainMessage,
} from "../plain-history.ts";
import { ANY_ID, SHORT_ID, WireIds } from "../wire-id.ts";
import type { ChatContentPart, ChatMessage, ChatToolCall } from "./protocol.ts";
import { resultMessages } from "./results.ts";

/** Reads a history that is in order. */
export function toPlain(messages: readonly ChatMessage[]): PlainMessage[] {
  const results = new Map<string, EncodedResult>();
  for (const message of messages) {
    if (message.role === "tool")
      results.set(message.tool_call_id, plainResult([{ type: "text", text: textOf(message.content) }]));
  }
  return messages.flatMap((message): PlainMessage[] => {
    switch (message.role) {
      case "tool":
        return [];
      case "system":
      case "developer":
        return [{ by: "system", text: textOf(message.content) }];
      case "user": {
        const parts = spoken(partsOf(message.content));
        return parts.length === 0 ? [] : [{ by: "user", parts }];
      }
      case "assistant": {
        const calls = (message.tool_calls ?? []).map((call) => toCall(call, results));
        const text = textOf(message.content ?? message.refusal ?? "");
        const { reasoning_content: content, reasoning } = message as unknown as Record<string, unknown>;
        return [{ by: "model", text, ...thought([content ?? reasoning]), calls }];
      }
    }
  });
}

/** Writes a history for a server that takes these ids. */
export function fromPlain(history: readonly PlainMessage[], legal: RegExp): ChatMessage[] {
  // A server that is not known may be OpenAI's, behind a gateway.
  const ids = new WireIds(legal === ANY_ID ? SHORT_ID : legal);
  return history.flatMap((message): ChatMessage[] => {
    switch (message.by) {
      case "system":
        return [{ role: "system", content: message.text }];
      case "user": {
        const parts = spoken(message.parts);
        return parts.length === 0 ? [] : [{ role: "user", content: contentOf(parts) }];
      }
      case "model": {
        const { text, calls } = message;
        const entries = calls.map(({ id, name, input }): ChatToolCall => ({
          id: ids.take(id),
          type: "function",
          function: { name, arguments: JSON.stringify(input) },
        }));
        if (text === "" && entries.length === 0) return [];
        return [
          {
            role: "assistant",
            content: text === "" ? null : text,
            ...(entries.length > 0 && { tool_calls: entries }),
          },
          ...resultMessages(
            entries,
            calls.map(({ result }) => markedResult(result)),
          ),
        ];
      }
    }
  });
}

function toCall(call: ChatToolCall, results: ReadonlyMap<string, EncodedResult>): PlainCall {
  const result = results.get(call.id) ?? NO_RESULT;
  return call.type === "custom"
    ? { id: call.id, name: call.custom.name, input: plainInput(call.custom.input, true), result }
    : { id: call.id, name: call.function.name, input: plainInput(call.function.arguments), result };
}

/** Content is a text, or a list of parts of which those that are texts count. */
function textOf(content: unknown): string {
  return partsOf(content)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
}

function partsOf(content: unknown): ResultPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) return [];
  return (
    content as Partial<
      Record<"type" | "text" | "refusal", string> & Record<"image_url", { readonly url: string }>
    >[]
  ).map(({ type, text, refusal, image_url: image }): ResultPart => {
    const said = text ?? refusal;
    if (said !== undefined) return { type: "text", text: said };
    return image === undefined ? leftOut(type ?? "content") : plainImage(image.url);
  });
}

/** Texts alone are one text: DeepSeek has refused lists. https://github.com/marimo-team/marimo/issues/7036 */
function contentOf(parts: readonly ResultPart[]): string | ChatContentPart[] {
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return texts.length === parts.length ? texts.join("\n\n") : parts.map(toContent);
}

function toContent(part: ResultPart): ChatContentPart {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "image_url", image_url: { url: dataUrl(part) } };
}
