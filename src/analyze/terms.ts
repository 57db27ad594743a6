/**
 * Values as terms that can be looked for in texts: the whole, its segments (of paths, URLs, sentences), its words. Case,
 * escapes, URL encoding, leading zeros and thousands separators make no difference, so that a value is known in disguise.
 */

/** Words that say nothing of where a text comes from. */
const COMMON = new Set(
  (
    "a an and any are as at be by can do does for from has have how i if in into is it its me my no not of on or our out " +
    "so than that the their them then there these this to up us use was we what when where which who why will with you your " +
    "http https www com org net true false null none"
  ).split(" "),
);

/** A value, taken apart. All folded. */
export interface Terms {
  readonly whole: string;
  /** What stands between separators: of a path, a URL, a sentence. */
  readonly segments: readonly string[];
  readonly words: readonly string[];
}

/** Takes a value apart. */
export function termsOf(value: string): Terms {
  const whole = foldCase(value).trim();
  const segments = whole
    .split(/[\s/\\?&=#,;:()[\]{}"'<>|`]+/)
    .map((segment) => segment.replace(/^[.!-]+|[.!-]+$/g, ""))
    .filter((segment) => segment !== "" && segment !== whole && !isCommon(segment));
  const words = wordsOf(readings(whole)).filter((word) => !isCommon(word));
  return { whole, segments: [...new Set(segments)], words: [...new Set(words)] };
}

/** A text as it is searched: lower case, and once more without its escapes where it has any. */
export function fold(text: string): string {
  return readings(foldCase(text));
}

/** The words of a folded text: letters and digits. Leading zeros go: `03` is 3. */
export function wordsOf(folded: string): string[] {
  return (folded.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.replace(/^0+(?=\d+$)/, ""));
}

/** The letters and the digits of a word that has both: `llama3` is `llama` and `3`. */
export function partsOf(word: string): readonly string[] {
  const parts = word.match(/\p{N}+|\p{L}+/gu) ?? [];
  return parts.length < 2 ? [] : parts.map((part) => part.replace(/^0+(?=\d+$)/, ""));
}

/** A folded text without anything but letters and digits: `foo_bar` and `foo-bar` are one. */
export function squash(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Whether a word is in every text. */
export function isCommon(word: string): boolean {
  return COMMON.has(word);
}

/** Whether a term is a number and nothing else. */
export function isNumber(term: string): boolean {
  return /^[-+]?[\d.,]*\d[\d.,]*%?$/.test(term);
}

function foldCase(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** A text, and its other readings behind it. */
function readings(text: string): string {
  const all = [text];
  if (text.includes("\\")) all.push(unescape(text));
  if (/%[0-9a-f]{2}/.test(text)) all.push(decode(text));
  if (/\d,\d{3}/.test(text)) all.push(text.replace(/(\d),(?=\d{3}(?!\d))/g, "$1"));
  return all.join("\n");
}

function unescape(text: string): string {
  return text
    .replace(/\\+u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)).toLowerCase())
    .replace(/\\+[nrt]/g, " ")
    .replace(/\\+(.)/g, "$1");
}

/** Byte for byte where the whole is no valid encoding. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/g, (codes) => {
    try {
      return decodeURIComponent(codes).toLowerCase();
    } catch {
      return " ";
    }
  });
}
