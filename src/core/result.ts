/** What the model is told of a call: an outcome in parts that any provider can carry. Made in `results/`, written by a wire. */
import type { Outcome } from "./outcome.ts";

/** An image format that every provider with vision reads. */
export type ImageMediaType = "image/png" | "image/jpeg" | "image/gif" | "image/webp";

/** Text of a result; never empty. */
export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

/** An image of a result. A tool may return one, or an array that holds some. */
export interface ImagePart {
  readonly type: "image";
  readonly mediaType: ImageMediaType;
  /** The bytes in base64, so that a result survives being written as JSON. */
  readonly data: string;
}

/** One piece of a result. */
export type ResultPart = TextPart | ImagePart;

/** An outcome as the model reads it. */
export interface EncodedResult {
  readonly isError: boolean;
  /** At least one. */
  readonly parts: readonly ResultPart[];
}

/** Makes of the outcomes of a batch what the model reads. */
export interface ResultEncoder {
  /** Resolves to one result per outcome, in their order; the same outcomes give the same results (G8). It never rejects. */
  encode(outcomes: readonly Outcome[]): Promise<EncodedResult[]>;
}

/** Keeps whole what was cut. It may throw or reject: then the model is told that the rest is not to be had. */
export interface ResultStore {
  /**
   * Keeps a text. An id stands for one text, so to put it again changes nothing.
   *
   * @param id 1 to 64 lower-case letters, digits and `_`
   */
  put(id: string, text: string): void | Promise<void>;
  /** The text of an id; undefined if there is none. The id comes from the model, and may be anything. */
  get(id: string): string | undefined | Promise<string | undefined>;
}
