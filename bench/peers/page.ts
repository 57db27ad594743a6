import type { Findings } from "./findings.ts";
export function sectionOf({ title, about, columns, rows, notes = [], better }: Findings): string {
  const table = [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return [`## ${title}`, ...about, table, ...notes, ...better].join("\n\n");
}
export async function writePage(_findings: readonly Findings[]): Promise<void> {}
