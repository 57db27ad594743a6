/** What the model is told of a call: an outcome in parts that any provider can carry. Made in `results/`, written by a wire. */

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
