/**
 * Results as Chat Completions takes them: one `tool` message per call, all of them adjacent. "An assistant message with
 * 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
 *
 * A tool message holds text only ("Content blocks are expected to be either text or image_url type" is what OpenAI says,
 * most servers take no images there), so images stand in one message of the user's behind the last of them.
 */
import type { EncodedResult, ImagePart } from "../../core/result.ts";
import type { ChatContentPart, ChatMessage, ChatToolCall, ChatToolMessage } from "./protocol.ts";

/** The messages that answer calls: `results` has one per call. */
export function resultMessages(
  calls: readonly ChatToolCall[],
  results: readonly EncodedResult[],
): ChatMessage[] {
  const images = results.flatMap(({ parts }, i) => imagesOf(calls[i] as ChatToolCall, parts));
  return [
    ...results.map((result, i) => toolMessage((calls[i] as ChatToolCall).id, result)),
    ...(images.length > 0 ? [{ role: "user" as const, content: images }] : []),
  ];
}

/** The message that answers a call. The protocol has no mark for a failure: its text says so. */
export function toolMessage(id: string, { parts }: EncodedResult): ChatToolMessage {
  const texts = parts.map((part) => (part.type === "text" ? part.text : "(an image, shown below)"));
  return { role: "tool", tool_call_id: id, content: texts.join("\n") };
}

function imagesOf(call: ChatToolCall, parts: EncodedResult["parts"]): ChatContentPart[] {
  const images = parts.filter((part): part is ImagePart => part.type === "image");
  if (images.length === 0) return [];
  const name = call.type === "custom" ? call.custom.name : call.function.name;
  return [
    { type: "text", text: `From the result of ${name} (${call.id}):` },
    ...images.map(({ mediaType, data }): ChatContentPart => ({
      type: "image_url",
      image_url: { url: `data:${mediaType};base64,${data}` },
    })),
  ];
}
