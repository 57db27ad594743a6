/** Rows with their columns under one another. */

/** Rows as lines: texts to the left, figures to the right. The first row says which is which: heads of figures begin with a blank. */
export function alignRows(rows: readonly (readonly string[])[]): string[] {
  const [head = []] = rows;
  const widths = head.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").trim().length)));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const text = cell.trim();
        return head[i]?.startsWith(" ") === true
          ? text.padStart(widths[i] ?? 0)
          : text.padEnd(widths[i] ?? 0);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A text cut to a width, its end kept if that says more. */
export function clip(text: string, width: number, keep: "start" | "end" = "start"): string {
  if (text.length <= width) return text;
  return keep === "start" ? `${text.slice(0, width - 1)}…` : `…${text.slice(text.length - width + 1)}`;
}
