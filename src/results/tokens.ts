/**
 * How many tokens a result is. No provider's tokenizer is at hand for all of them, and a real one reads a few megabytes a
 * second, so the default adds up a cost per kind of character.
 *
 * Against o200k_base and cl100k_base it is 10 % too low to 25 % too high for English, code, JSON, logs, numbers,
 * hex and base64; right for Chinese, Japanese and Korean under cl100k_base, and up to 2.5 times too high for other scripts
 * where the vocabulary knows them well (o200k_base). An exact counter can be handed in.
 */
import type { ResultPart } from "../core/result.ts";

/** Counts the tokens of a text. */
export type CountTokens = (text: string) => number;

/**
 * What an image counts: the most that a model takes of it unless it sees in high resolution ("more than ~1,600 tokens, it will
 * first be scaled down", https://docs.anthropic.com/en/docs/build-with-claude/vision).
 */
export const IMAGE_TOKENS = 1_600;

/** No text has this many characters per token, but for long runs of blanks. */
const CHARACTERS_PER_TOKEN = 32;

// Costs in hundredths of a token.
const LOWER = 25;
const UPPER = 75;
const DIGIT = 55;
const PUNCTUATION = 55;
const LINE_END = 20;
const SPACE = 10;
/** Where letters and digits meet: ids, hex and base64 fall into short tokens. */
const TURN = 40;
const LATIN = 60;
const GREEK_OR_CYRILLIC = 60;
const ABUGIDA = 80;
const IDEOGRAPH = 100;
/** Half of a character beyond the basic plane: an emoji, mostly. */
const SURROGATE = 125;

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => asciiCost(code));

/** Estimates the tokens of a text, in one pass. */
export function estimateTokens(text: string): number {
  let cost = 0;
  let wasDigit = false;
  let wasLetter = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const step = code < 128 ? (ASCII[code] as number) : wideCost(code);
    const isDigit = code >= 0x30 && code <= 0x39;
    const isLetter = step === LOWER || step === UPPER;
    cost += step;
    if ((isDigit && wasLetter) || (isLetter && wasDigit)) cost += TURN;
    wasDigit = isDigit;
    wasLetter = isLetter;
  }
  return Math.ceil(cost / 100);
}

/** Counts results, by the user's counter or by the estimate. */
export class TokenMeter {
  readonly #count: CountTokens;

  constructor(countTokens: CountTokens | undefined) {
    this.#count = countTokens ?? estimateTokens;
  }

  /** The tokens of a text. A counter that throws, or gives no count, is replaced by the estimate for this text. */
  text(text: string): number {
    try {
      const tokens = this.#count(text);
      if (typeof tokens === "number" && tokens >= 0) return Math.ceil(tokens);
    } catch {
      // The batch must not fail for it.
    }
    return estimateTokens(text);
  }

  /** The tokens of all parts. */
  parts(parts: readonly ResultPart[]): number {
    return parts.reduce((sum, part) => sum + (part.type === "text" ? this.text(part.text) : IMAGE_TOKENS), 0);
  }

  /** The tokens of all parts, or `limit + 1` where they are more: what is far over it is not counted to its end. */
  upTo(parts: readonly ResultPart[], limit: number): number {
    let sum = 0;
    for (const part of parts) {
      sum += part.type === "text" ? this.#textUpTo(part.text, limit) : IMAGE_TOKENS;
      if (sum > limit) return limit + 1;
    }
    return sum;
  }

  #textUpTo(text: string, limit: number): number {
    const enough = Math.max(64, limit * CHARACTERS_PER_TOKEN);
    if (text.length > enough && this.text(text.slice(0, enough)) > limit) return limit + 1;
    return this.text(text);
  }
}

function asciiCost(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (character === " ") return SPACE;
  return code < 32 ? LINE_END : PUNCTUATION;
}

function wideCost(code: number): number {
  if (code < 0x250) return LATIN;
  if (code < 0x600) return GREEK_OR_CYRILLIC;
  if (code < 0x1100) return ABUGIDA;
  if (code >= 0xd800 && code < 0xe000) return SURROGATE;
  // Hangul, kana, ideographs, and their full-width companions.
  if (code < 0x1200 || code >= 0x2e80) return IDEOGRAPH;
  return GREEK_OR_CYRILLIC;
}
