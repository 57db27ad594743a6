/** Items as they go back: as they came, without what the API says of an item and then does not take. */
import type { ResponsesItem } from "./protocol.ts";

/** "Invalid 'input[2].id': string too long. Expected a string with maximum length 64": GitHub Copilot's are longer. */
const LONGEST_ID = 64;

/** The item as the API takes it back; the same object if nothing is to be altered. */
export function replayItem(item: ResponsesItem): ResponsesItem {
  const kept = (item.id?.length ?? 0) > LONGEST_ID ? without(item, "id") : item;
  switch (item.type) {
    case "reasoning":
      // "Unknown parameter: 'input[3].status'": https://github.com/1jehuang/jcode/issues/1028
      return without(kept, "status");
    case "function_call":
      // Put there by the client's `responses.parse`: https://github.com/openai/openai-python/issues/2720
      return without(kept, "parsed_arguments");
    case "message":
      return withoutParsed(kept);
    default:
      return kept;
  }
}

/** The item so that it is not known by its id. Other items than calls and messages must have one. */
export function withoutId(item: ResponsesItem): ResponsesItem {
  const { type } = item;
  return type === "function_call" || type === "custom_tool_call" || type === "message"
    ? without(item, "id")
    : item;
}

function withoutParsed(item: ResponsesItem): ResponsesItem {
  const { content } = item as { readonly content?: unknown };
  if (!Array.isArray(content)) return item;
  const parts = content as readonly object[];
  if (!parts.some((part) => "parsed" in part)) return item;
  return { ...item, content: parts.map((part) => without(part, "parsed")) } as ResponsesItem;
}

function without<Value extends object>(value: Value, field: string): Value {
  if (!(field in value)) return value;
  const { [field]: _, ...rest } = value as Record<string, unknown>;
  return rest as unknown as Value;
}
