/**
 * The SHA-256 of a text, at once and without a platform: what writes traces runs where there is no `node:crypto`, and
 * `crypto.subtle` answers later, when the line has been written.
 */
import { sha256 as hash } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The hash of a text's UTF-8 bytes, in hexadecimal digits. */
export function sha256(text: string): string {
  return bytesToHex(hash(utf8ToBytes(text)));
}
