/** Rows with their columns under one another. */

const GAP = 2;
const MIN_WIDTH = 8;

/**
 * Rows as lines: texts to the left, figures to the right. The first row says which is which: heads of figures begin with a
 * blank. Where a line is wider than `width`, the first column loses the beginnings of its texts.
 */
export function alignRows(rows: readonly (readonly string[])[], width = Infinity): string[] {
  const [head = []] = rows;
  const widths = head.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").trim().length)));
  const excess = widths.reduce((sum, one) => sum + one + GAP, -GAP) - width;
  if (excess > 0) widths[0] = Math.max(MIN_WIDTH, (widths[0] ?? 0) - excess);
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const text = i === 0 ? clip(cell.trim(), widths[0] ?? 0, "end") : cell.trim();
        return head[i]?.startsWith(" ") === true
          ? text.padStart(widths[i] ?? 0)
          : text.padEnd(widths[i] ?? 0);
      })
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

/** A text cut to a width, its end kept if that says more. */
export function clip(text: string, width: number, keep: "start" | "end" = "start"): string {
  if (text.length <= width) return text;
  return keep === "start" ? `${text.slice(0, width - 1)}…` : `…${text.slice(text.length - width + 1)}`;
}
