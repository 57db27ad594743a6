/** Texts as a terminal shows them: in columns, in so many characters, without what it would obey. */
import stringWidth from "string-width";
import { visible } from "../trace/visible.ts";

/** What is seen as one character, whatever it is made of. */
const graphemes = new Intl.Segmenter();

/** How many columns a text takes: a Chinese character takes two, and so does an emoji. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** A text in so many columns at least, flush left. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Rows of cells in columns as wide as their widest cell: the first `left` of them flush left, the others right. */
export function inColumns(rows: readonly (readonly string[])[], left = 1): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const padding = " ".repeat((widths[column] ?? 0) - widthOf(cell));
        return column < left ? cell + padding : padding + cell;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A text of at most `width` columns: where it is longer, its end is left out, and that is shown. */
export function clip(text: string, width: number): string {
  let taken = 0;
  let kept = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    taken += widthOf(segment);
    if (taken > width) return width < 1 ? "" : `${text.slice(0, kept)}…`;
    if (taken < width) kept = index + segment.length;
  }
  return text;
}

/** A text in lines of at most `width` columns, broken between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trimStart();
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A text without the characters that a terminal obeys: a model, or a tool's error, must not move its cursor. */
export function withoutControls(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, "");
}

/** A text in one line, in which nothing is hidden but what holds emoji together. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, " "));
}
