/**
 * Images: known by their magic number, never by a declared type. A provider refuses the whole conversation for an image
 * that "does not match the provided media type", and would again on each later turn.
 */
import type { ImageMediaType, ImagePart } from "../core/result.ts";
import { toBase64 } from "./bytes.ts";

/**
 * An image for a tool to return, alone or in an array: `return ["The chart:", image(await readFile(path))]`.
 *
 * @param data the image's bytes, or base64, or a `data:` URL
 * @throws TypeError when it is no PNG, JPEG, GIF or WebP
 */
export function image(data: Uint8Array | string): ImagePart {
  const part =
    typeof data === "string"
      ? imageFromBase64(data.replace(/^data:[^,]*;base64,/, ""))
      : imageFromBytes(data);
  if (part === undefined) {
    throw new TypeError("`data` must be a PNG, JPEG, GIF or WebP image, as bytes or as base64");
  }
  return part;
}

/** The image that bytes hold; undefined when they hold none. */
export function imageFromBytes(bytes: Uint8Array): ImagePart | undefined {
  const mediaType = imageMediaType(bytes);
  return mediaType && { type: "image", mediaType, data: toBase64(bytes) };
}

/** The image that a base64 text holds; undefined when it is no base64, or no image. */
export function imageFromBase64(data: string): ImagePart | undefined {
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return undefined;
  const mediaType = mediaTypeOfHead(atob(data.slice(0, 16)));
  return mediaType && { type: "image", mediaType, data };
}

/** The format of the image that bytes hold; undefined when they hold none. */
export function imageMediaType(bytes: Uint8Array): ImageMediaType | undefined {
  return mediaTypeOfHead(String.fromCharCode(...bytes.subarray(0, 12)));
}

/** `head` is the first 12 bytes, a character each. */
function mediaTypeOfHead(head: string): ImageMediaType | undefined {
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "image/webp";
  return undefined;
}
