/**
 * Texts as they are compared: folded (case, accents, escapes and separators of thousands make no difference), and as terms,
 * in which neither a plural nor a number's or month's being written out makes any.
 */

/** Words that say nothing of where a text comes from. */
const COMMON = wordSet(
  "a an and any are as at be by can do does for from has have how i if in into is it its me my no not of on or our out " +
    "so than that the their them then there these this to up us use was we what when where which who why will with you your " +
    "http https www com org net true false null none de der die das und la le les el los et y ou oder",
);

const ENDING = /\.[a-z][a-z0-9]{0,4}$/;

/** Folders that are in every repository. */
const FOLDERS = wordSet("src lib app test tests docs doc bin pkg packages home users user usr var etc");

const NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve|null first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth|" +
  "null january february march april may june july august september october november december|null jan feb mar apr may jun jul aug sep oct nov dec";

/** Numbers in words, and the months by their numbers. */
const NUMBER_OF: ReadonlyMap<string, string> = new Map(
  NUMBERS.split("|").flatMap((names) => names.split(" ").map((name, i) => [name, String(i)] as const)),
);

/** Longer words are hashes or encodings: their beginning tells them apart. */
const MAX_WORD = 48;

/** A text as it is searched: folded, and once more without its escapes where it has any. */
export function fold(text: string): string {
  return foldCase(readings(text));
}

/** A value as it is searched: folded, and without a `./` before it. */
export function foldValue(value: string): string {
  return foldCase(value)
    .trim()
    .replace(/^(\.\/)+(?=.)/, "");
}

/** The words of a folded text: letters and digits. Leading zeros go: `03` is 3. */
export function wordsOf(folded: string): string[] {
  const words = (isAscii(folded) ? folded.match(/[a-z0-9]+/g) : folded.match(/[\p{L}\p{N}]+/gu)) ?? [];
  return words.map((word) => withoutZeros(word.length > MAX_WORD ? word.slice(0, MAX_WORD) : word));
}

/** The identifiers, words and numbers of a text, as it was written. */
export function tokensIn(text: string): readonly string[] {
  const all = readings(text);
  return (isAscii(all) ? all.match(/[A-Za-z0-9_]+/g) : all.match(/[\p{L}\p{M}\p{N}_]+/gu)) ?? [];
}

/** The terms of an identifier, word or number: `taxRates2` is `tax`, `rate`, `2`, and as a whole `taxrates2`. */
export function termsOfToken(token: string): readonly string[] {
  const parts = (
    token.match(/\p{N}+|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{Lu}/gu) ?? []
  ).map(foldCase);
  const whole = foldCase(token).replaceAll("_", "").slice(0, MAX_WORD);
  const words = foldCase(token).split("_");
  return [...new Set([...parts, ...words, whole].filter((part) => part !== "").map(canonical))];
}

/** The terms of a value that tell it from others: without common words, and without the ending of a file. */
export function termsOf(value: string): readonly string[] {
  const tokens = tokensIn(value.replace(/\.[A-Za-z][A-Za-z0-9]{0,4}$/, ""));
  const terms = tokens.filter((token) => !isCommon(foldCase(token))).flatMap(termsOfToken);
  return [...new Set(terms)].filter((term) => !isCommon(term));
}

/** How a value is called for short, squashed: as a whole, and by its last part. */
export function namesOf(folded: string): readonly string[] {
  const names = (/\s/.test(folded) ? [folded] : [folded, lastPartOf(folded)]).map(squash);
  return [...new Set(names)].filter((name) => name !== "" && !isCommon(name));
}

/** The parts of a path, an address or a name with dots, squashed, without the ending and what is in every repository. */
export function partsOf(folded: string): readonly string[] {
  if (/\s/.test(folded)) return [];
  const parts = folded
    .replace(ENDING, "")
    .split(/[/\\.:#?&=_-]/)
    .map(squash);
  return parts.filter((part) => part.length > 0 && !isCommon(part) && !FOLDERS.has(part));
}

/** The last part of a path without its ending, squashed: `tax_rate.rb` is `taxrate`. */
export function stemOf(folded: string): string {
  return /\s/.test(folded) ? squash(folded) : squash(lastPartOf(folded).replace(ENDING, ""));
}

function lastPartOf(folded: string): string {
  return folded.split(/[/\\?#=]/).findLast((part) => part !== "") ?? folded;
}

/**
 * A word without its plural, and a number's or a month's name as the number. The end is cut off more than grammar has it, so
 * that no plural is missed: `address` and `addresses` are both `addr`.
 */
export function canonical(word: string): string {
  const number = NUMBER_OF.get(word);
  if (number !== undefined) return number;
  let end = word.length;
  while (end > 3 && (word[end - 1] === "s" || word[end - 1] === "e")) end--;
  const cut = word.slice(0, end);
  return withoutZeros(cut.length > 3 && cut.endsWith("y") ? `${cut.slice(0, -1)}i` : cut);
}

/** A folded text without anything but letters and digits: `foo_bar` and `foo-bar` are one. */
export function squash(folded: string): string {
  return isAscii(folded) ? folded.replace(/[^a-z0-9]+/g, "") : folded.replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Whether a word is in every text. */
export function isCommon(word: string): boolean {
  return COMMON.has(word);
}

/** Whether a folded value is a number and nothing else. */
export function isNumber(folded: string): boolean {
  return /^[-+#$€£]?[\d.,]*\d[\d.,]*%?$/.test(folded);
}

/** Where a folded term stands by itself in a folded text: not inside a longer word, path, name or address. */
export function* placesOf(term: string, text: string): Generator<number> {
  for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + 1)) {
    if (isStart(text, at) && isEnd(text, at + term.length)) yield at;
  }
}

/** Whether a folded term stands by itself in a folded text. */
export function standsIn(term: string, text: string): boolean {
  return placesOf(term, text).next().done === false;
}

function isStart(text: string, at: number): boolean {
  let before = at - 1;
  while (text.startsWith("./", before - 1) && before > 0) before -= 2;
  if (before < 0) return true;
  // "@src/a.ts" names a file to an agent; "ada@acme.example" is one address.
  if (text[before] === "@") return before === 0 || !isInner(text, before - 1);
  return !isInner(text, before);
}

function isEnd(text: string, at: number): boolean {
  const after = text[at] === "." || text[at] === "/" || text[at] === "@" || text[at] === "-" ? at + 1 : at;
  if (after === at) return !isInner(text, at);
  // The end of a sentence, and a folder's.
  return after >= text.length || !/[\p{L}\p{N}_./\\@*-]/u.test(text[after] as string);
}

function isInner(text: string, at: number): boolean {
  return at < text.length && /[\p{L}\p{N}_/\\.-]/u.test(text[at] as string);
}

function withoutZeros(word: string): string {
  return word.startsWith("0") ? word.replace(/^0+(?=\d+$)/, "") : word;
}

function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[øæœßłđ]/g, (letter) => LETTERS[letter] ?? letter);
}

const LETTERS: Readonly<Record<string, string>> = { ø: "o", æ: "ae", œ: "oe", ß: "ss", ł: "l", đ: "d" };

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[^\x00-\x7f]/.test(text);
}

/** A text, and its other readings behind it. */
function readings(text: string): string {
  const all = [text];
  if (text.includes("\\")) all.push(unescape(text));
  if (/%[0-9a-f]{2}/i.test(text)) all.push(decode(text));
  if (/\d,\d{3}/.test(text)) all.push(text.replace(/(\d),(?=\d{3}(?!\d))/g, "$1"));
  if (/&[a-z]+;/i.test(text))
    all.push(text.replace(/&([a-z])(?:uml|acute|grave|circ|tilde|cedil|ring|slash|lig);/gi, "$1"));
  return all.length === 1 ? text : all.join("\n");
}

function unescape(text: string): string {
  return text
    .replace(/\\{2,}/g, "\\")
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\[nrt]/g, " ")
    .replace(/\\(.)/g, "$1");
}

/** Byte for byte where the whole is no valid encoding. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return " ";
    }
  });
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
