/** A history in no provider's terms: what a conversation has in common on all of them, to take it from one to another. */
import { isObject } from "../core/is-object.ts";
import type { EncodedResult, ImagePart, ResultPart } from "../core/result.ts";
import { replayArguments } from "./arguments-text.ts";
import { errorIn } from "./error-text.ts";

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
  | {
      readonly by: "model";
      readonly text: string;
      /** What it thought, where that was recorded: it goes to no other provider. */
      readonly thinking?: string;
      readonly calls: readonly PlainCall[];
    };

/** The input of a call whose arguments are text: JSON, or the free text of a custom tool. */
export function plainInput(text: string, isFree = false): Record<string, unknown> {
  if (isFree) return { input: text };
  const value: unknown = JSON.parse(replayArguments(text));
  return isObject(value) ? value : { INVALID_JSON: text };
}

/** A result of a protocol that has no mark for errors: its first text says that it is one. */
export function plainResult(parts: readonly ResultPart[]): EncodedResult {
  const [first, ...others] = parts;
  if (first?.type !== "text") return { isError: false, parts };
  const error = errorIn(first.text);
  if (typeof error !== "string") return { isError: error !== undefined, parts };
  return { isError: true, parts: [{ type: "text", text: error }, ...others] };
}

/** A result for a protocol that has no mark for errors: its text says that it is one. */
export function markedResult(result: EncodedResult): EncodedResult {
  if (!result.isError) return result;
  const text = result.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  if (errorIn(text) !== undefined) return result;
  const images = result.parts.filter(({ type }) => type === "image");
  return { isError: true, parts: [{ type: "text", text: JSON.stringify({ error: text }) }, ...images] };
}

/** The result of a call of which none is there, which a repaired history has not. */
export const NO_RESULT: EncodedResult = { isError: false, parts: [{ type: "text", text: "(no output)" }] };

/** The image behind an address: its data, if the address holds them, else a text that names it. */
export function plainImage(url: string): ResultPart {
  const [, mediaType, data] = /^data:(image\/(?:png|jpeg|gif|webp));base64,(.*)$/.exec(url) ?? [];
  if (mediaType === undefined || data === undefined) return { type: "text", text: `(an image: ${url})` };
  return { type: "image", mediaType: mediaType as ImagePart["mediaType"], data };
}

/** What stands in the place of content that cannot go along, so that the model knows of it. */
export function leftOut(kind: string): ResultPart {
  return { type: "text", text: `(${kind}, left out)` };
}

/** The address that holds an image's data. */
export function dataUrl({ mediaType, data }: ImagePart): string {
  return `data:${mediaType};base64,${data}`;
}

/** What a model thought, where it is known. */
export function thought(texts: readonly unknown[]): { readonly thinking?: string } {
  const thinking = texts.filter((text) => typeof text === "string" && text.trim() !== "").join("\n");
  return thinking === "" ? {} : { thinking };
}

/** The texts of parts, without those that are blank. */
export function spoken(parts: readonly ResultPart[]): readonly ResultPart[] {
  return parts.filter((part) => part.type !== "text" || part.text.trim() !== "");
}
