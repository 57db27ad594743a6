/**
 * Results as Gemini takes them: one content of the user's with a part per call, and no part beside them. "Please ensure that
 * the number of function response parts is equal to the number of function call parts of the function call turn."
 *
 * An id goes back only if one came: some endpoints demand it, others say "Unknown name "id"". What has none is paired by its
 * place.
 */
import type { EncodedResult, ImagePart } from "../../core/result.ts";
import { errorIn } from "../error-text.ts";
import type { GeminiCallPart, GeminiResultPart } from "./protocol.ts";

/** "MIME type must be image/png, image/jpeg, image/webp, image/heic, or image/heif." */
const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp"]);

/** How results are written for a model. */
export interface ResultOptions {
  /** Whether images go inside a result. */
  readonly images: boolean;
}

/** The part that answers a call. */
export function resultPart(
  { functionCall: { id = "", name } }: GeminiCallPart,
  { isError, parts }: EncodedResult,
  { images }: ResultOptions,
): GeminiResultPart {
  const goesInside = (part: ImagePart) => images && IMAGES.has(part.mediaType);
  const text = parts
    .map((part) => (part.type === "text" ? part.text : goesInside(part) ? "(an image)" : leftOut(part)))
    .join("\n");
  const blobs = parts
    .filter((part) => part.type === "image")
    .filter(goesInside)
    .map(({ mediaType: mimeType, data }) => ({ inlineData: { mimeType, data } }));
  return {
    functionResponse: {
      ...(id !== "" && { id }),
      name,
      // 'Use "output" key to specify function output and "error" key to specify error details'
      // An error of Tutti's is such an object already.
      response: isError ? { error: errorIn(text) ?? text } : { output: text },
      ...(blobs.length > 0 && { parts: blobs }),
    },
  };
}

function leftOut({ mediaType }: ImagePart): string {
  return `(an image, left out: this model takes no ${mediaType} in a result)`;
}
