/** Fields of JSON that may be anything. */
import { isObject } from "../../core/is-object.ts";

/** A text, or a number as one; anything else is an empty text. */
export function stringOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A field that is a number. */
export function numberAt(value: unknown, key: string): number | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** The texts of a content that is a text or a list of parts. */
export function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  if (isObject(content) && Array.isArray(content["parts"])) return textIn(content["parts"]);
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => (isObject(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("\n")
    .trim();
}
