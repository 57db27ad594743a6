/** Bytes, whatever holds them; without a Node built-in, as the library's root runs anywhere. */

/** The bytes of a byte container; undefined for any other value. */
export function toBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

/** The text that bytes are: valid UTF-8 without NUL, which no text file holds (grep and git draw the same line). */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Base64 of bytes. */
export function toBase64(bytes: Uint8Array): string {
  // Built in from Node 25 on. Before, `btoa` takes characters, and a call takes some 100,000 arguments.
  const { toBase64: builtIn } = bytes as { toBase64?: () => string };
  if (builtIn !== undefined) return builtIn.call(bytes);
  let characters = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    characters += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(characters);
}
