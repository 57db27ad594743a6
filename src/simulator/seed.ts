/** Chance that can be repeated: the same key gives the same numbers and the same text, in any process. */
import { createHash } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Text of letters and digits that depends on nothing but `key`; for ids. Maximum length: 32. */
export function createToken(key: string, length: number): string {
  return Array.from(digest(key).subarray(0, length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join(
    "",
  );
}

/** A source of numbers from 0 to 1 (exclusive) that depends on nothing but `key` (mulberry32). */
export function createRandom(key: string): () => number {
  let state = digest(key).readUInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
