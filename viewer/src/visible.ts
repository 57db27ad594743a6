/** Texts of a trace as they are shown. */

/** Characters that change how others are drawn, or are drawn as nothing. Line breaks and tabs are what they look like, and joiners hold emoji together. */
const HIDDEN = /(?![\n\r\t\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text whose hidden characters are written out, so that none is taken for another: `\u202e`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => writtenOut(character));
}

function writtenOut(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
