/** Bytes: told apart by what they hold, never by a declared type. Needs no Node built-in. */
import type { ImageMediaType, ImagePart } from "../core/result.ts";

/** The bytes of a byte container; undefined for any other value. */
export function toBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

/** The image that bytes hold; undefined when they hold none. */
export function imageFromBytes(bytes: Uint8Array): ImagePart | undefined {
  const mediaType = mediaTypeOf(bytes);
  return mediaType && { type: "image", mediaType, data: toBase64(bytes) };
}

/** Bytes as text where they are text, else a note of what they are. */
export function bytesToText(bytes: Uint8Array): string {
  const text = decode(bytes);
  return text ?? `(${mediaTypeOf(bytes) ?? "binary data"}, ${bytes.length} bytes)`;
}

/**
 * An image for a tool to return, alone or in an array: `return ["The chart:", image(await readFile(path))]`.
 * Its format is read from the bytes.
 *
 * @param data the image's bytes, or base64, or a `data:` URL
 * @throws TypeError when it is no PNG, JPEG, GIF or WebP: a provider would refuse the whole conversation for it
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

/** The image that a base64 text holds; undefined when it is no base64, or no image. */
export function imageFromBase64(data: string): ImagePart | undefined {
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return undefined;
  const mediaType = mediaTypeOfHead(atob(data.slice(0, 16)));
  return mediaType && { type: "image", mediaType, data };
}

function toBase64(bytes: Uint8Array): string {
  // Built in from Node 25 on. Before, `btoa` takes characters, and a call takes some 100,000 arguments.
  const { toBase64: builtIn } = bytes as { toBase64?: () => string };
  if (builtIn !== undefined) return builtIn.call(bytes);
  let characters = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    characters += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(characters);
}

/** Valid UTF-8 without NUL is text. NUL is valid UTF-8 but no text file has it: grep and git draw the same line. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function mediaTypeOf(bytes: Uint8Array): ImageMediaType | undefined {
  return mediaTypeOfHead(String.fromCharCode(...bytes.subarray(0, 12)));
}

/** By magic number; `head` is the first 12 bytes, a character each. */
function mediaTypeOfHead(head: string): ImageMediaType | undefined {
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "image/webp";
  return undefined;
}
