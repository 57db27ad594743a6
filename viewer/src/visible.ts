/** Texts of a trace as they are shown. */

/** Characters that change how others are drawn, or are drawn as nothing. Line breaks and tabs are what they look like. */
const HIDDEN = /(?![\n\r\t])[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A text whose hidden characters are written out, so that none is taken for another: `\u202e`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
