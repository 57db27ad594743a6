/** A history in no provider's terms: what a conversation has in common on all of them, to take it from one to another. */
import type { EncodedResult, ImagePart, ResultPart } from "../core/result.ts";

/** A call with its result. */
export interface PlainCall {
  /** The id that it had; it may be none, or one that another provider refuses. */
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: EncodedResult;
}

/** What somebody said. */
export type PlainMessage =
  | { readonly by: "user"; readonly parts: readonly ResultPart[] }
  /** Whoever built the request, in the middle of a history. */
  | { readonly by: "system"; readonly text: string }
  | { readonly by: "model"; readonly text: string; readonly calls: readonly PlainCall[] };

/** The input of a call whose arguments are text: JSON, or the free text of a custom tool. */
export function plainInput(text: string, isFree = false): Record<string, unknown> {
  if (isFree) return { input: text };
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    if (isObject(value)) return value;
  } catch {
    // No JSON: the model reads what it wrote.
  }
  return { INVALID_JSON: text };
}

/** A result that is text, of a protocol that has no mark for errors: the form of Tutti's own says that it is one. */
export function plainResult(text: string): EncodedResult {
  return { isError: text.startsWith('{"error":{"code":'), parts: [{ type: "text", text }] };
}

/** The result of a call of which none is there, which a repaired history has not. */
export const NO_RESULT: EncodedResult = { isError: false, parts: [{ type: "text", text: "(no output)" }] };

/** The image behind an address: its data, if the address holds them, else a text that names it. */
export function plainImage(url: string): ResultPart {
  const [, mediaType, data] = /^data:(image\/(?:png|jpeg|gif|webp));base64,(.*)$/.exec(url) ?? [];
  if (mediaType === undefined || data === undefined) return { type: "text", text: `(an image: ${url})` };
  return { type: "image", mediaType: mediaType as ImagePart["mediaType"], data };
}

/** The address that holds an image's data. */
export function dataUrl({ mediaType, data }: ImagePart): string {
  return `data:${mediaType};base64,${data}`;
}

/** The texts of parts, without those that are blank. */
export function spoken(parts: readonly ResultPart[]): readonly ResultPart[] {
  return parts.filter((part) => part.type !== "text" || part.text.trim() !== "");
}

/** Whether a value is an object with fields. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
