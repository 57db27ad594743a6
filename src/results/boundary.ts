/**
 * Where a text may be cut. Each of these gives the last such place that is not behind `index`, and none is inside a surrogate
 * pair: one lone surrogate makes a provider refuse the whole request.
 */

/** How far back the start of a character is looked for: the longest emoji there are have 15 to 30 units. */
const LONGEST_CHARACTER = 64;
/** How much of a text is given up for the end of a line. */
const LINE_SEARCH = 200;

// A fixed locale, so that a cut is the same on every machine (G8).
const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Between code points. */
export function pairBoundary(text: string, index: number): number {
  const end = Math.max(0, Math.min(index, text.length));
  return isHigh(text.charCodeAt(end - 1)) && isLow(text.charCodeAt(end)) ? end - 1 : end;
}

/** Between characters as a reader sees them; between code points where one is absurdly long. */
export function characterBoundary(text: string, index: number): number {
  const end = pairBoundary(text, index);
  if (end === 0 || end === text.length) return end;
  const start = pairBoundary(text, end - LONGEST_CHARACTER);
  const window = text.slice(start, end + LONGEST_CHARACTER);
  const found = CHARACTERS.segment(window).containing(end - start)?.index ?? 0;
  return found === 0 && start > 0 ? end : start + found;
}

/** Behind the end of a line, if one is near; else between characters. */
export function readableBoundary(text: string, index: number): number {
  const end = characterBoundary(text, index);
  const line = text.lastIndexOf("\n", end - 1) + 1;
  return end > 0 && line > end - Math.min(LINE_SEARCH, end / 10) ? line : end;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
