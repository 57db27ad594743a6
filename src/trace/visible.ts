/** Texts of a trace, or of a call, as they are shown to people. */

/** Characters that change how others are drawn, or are drawn as nothing. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Line breaks and tabs are what they look like, and joiners hold emoji together. */
const PLAIN = "\n\r\t\u200d";

/** A text whose hidden characters are written out (`\u202e`), but for plain ones, so that none is taken for another. */
export function visible(text: string, plain = PLAIN): string {
  return text.replace(HIDDEN, (character) => (plain.includes(character) ? character : writtenOut(character)));
}

function writtenOut(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
