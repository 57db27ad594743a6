/**
 * The tables of options in the pages, held against the types.
 *
 * A table whose first column is "option" says above itself whose options they are: `<!-- options: PoolOptions -->`. Where
 * they are of several types, it names them all; a type can be told by a word, `<!-- options: tool: ToolFacts -->`, which
 * then stands before the option (tool `pools`), or in its path (`tool.pools`). A cell may name several options.
 */
import type { Finding } from "../architecture/project.ts";
import type { Option, DeclaredOptions } from "./declared-options.ts";

const MARK = /^<!-- options: (.*) -->$/;

interface Row {
  /** The word before the option; empty if there is none. */
  readonly label: string;
  readonly name: string;
  readonly default: string;
  readonly path: string;
  readonly line: number;
}

interface Table {
  readonly path: string;
  readonly line: number;
  /** The names of types by the words that tell them. */
  readonly types: ReadonlyMap<string, readonly string[]> | undefined;
  readonly rows: readonly Row[];
}

/** Every place where the tables of these pages, texts by path, and the types do not agree. */
export function checkOptionTables(pages: ReadonlyMap<string, string>, types: DeclaredOptions): Finding[] {
  const shown = new Set<string>();
  const findings = [...pages]
    .flatMap(([path, text]) => tablesIn(path, text))
    .flatMap((table) => checkTable(table, types, shown));
  return [...findings, ...notShown(types, shown)];
}

function checkTable({ path, line, types: marked, rows }: Table, types: DeclaredOptions, shown: Set<string>) {
  if (marked === undefined)
    return [{ path, line, message: "does not say whose options these are: <!-- options: … --> above it" }];
  const findings: Finding[] = [];
  for (const name of [...marked.values()].flat())
    if (types.find(name) === undefined) findings.push({ path, line, message: `there is no type ${name}` });
  for (const row of rows) {
    const names = marked.get(row.label) ?? [];
    const found = names.flatMap((name) => types.find(name)?.get(row.name) ?? []);
    for (const option of found) shown.add(placeOf(option));
    const message = found[0] === undefined ? unknown(row, names) : wrongDefault(row, found[0]);
    if (message !== undefined) findings.push({ path, line: row.line, message });
  }
  return findings;
}

function unknown({ label, name }: Row, names: readonly string[]): string {
  if (names.length === 0)
    return `"${label}" before \`${name}\` tells no type: the mark above the table does not`;
  return `${names.join(", ")} has no option \`${name}\``;
}

function wrongDefault({ name, default: said }: Row, option: Option): string | undefined {
  const is = option.required ? "required" : plain(option.default ?? "none");
  if (plain(said) === is) return undefined;
  return `\`${name}\` is said to be ${said}, and is ${is} by ${option.path}:${option.line}`;
}

/** Both sides in the same spelling: without marks, thousands' commas and a word for "without limit". */
function plain(text: string): string {
  const bare = text.replaceAll("`", "").replace(/(?<=\d),(?=\d{3})/g, "");
  return bare === "Infinity" ? "none" : bare;
}

function notShown(types: DeclaredOptions, shown: ReadonlySet<string>): Finding[] {
  const findings = new Map<string, Finding>();
  for (const type of types.names) {
    for (const option of types.find(type)?.values() ?? []) {
      const { name, path, line } = option;
      if (!shown.has(placeOf(option)))
        findings.set(placeOf(option), { path, line, message: `\`${name}\` of ${type} is in no table` });
    }
  }
  return [...findings.values()];
}

/** An option that several types inherit is one. */
function placeOf({ path, line }: Option): string {
  return `${path}:${line}`;
}

function tablesIn(path: string, text: string): Table[] {
  const lines = text.split("\n");
  return lines.flatMap((content, i) => {
    if (!/^\|\s*option\s*\|\s*default\s*\|/.test(content)) return [];
    const rows: Row[] = [];
    for (let at = i + 2; lines[at]?.startsWith("|") === true; at++)
      rows.push(...rowsIn(lines[at] as string, { path, line: at + 1 }));
    return [{ path, line: i + 1, types: typesIn(markAbove(lines, i)), rows }];
  });
}

function rowsIn(content: string, place: { readonly path: string; readonly line: number }): Row[] {
  const [, option = "", said = ""] = content.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const word = /^\w*/.exec(option)?.[0] ?? "";
  return [...option.matchAll(/`([\w.]+)`/g)].map(([, path = ""]) => {
    const parts = path.split(".");
    return { label: parts.at(-2) ?? word, name: parts.at(-1) as string, default: said, ...place };
  });
}

function markAbove(lines: readonly string[], at: number): string | undefined {
  const above = lines.slice(0, at).findLast((line) => line.trim() !== "");
  return MARK.exec(above ?? "")?.[1];
}

function typesIn(mark: string | undefined): ReadonlyMap<string, readonly string[]> | undefined {
  if (mark === undefined) return undefined;
  const types = new Map<string, string[]>();
  for (const part of mark.split(",")) {
    const [name = "", label = ""] = part
      .split(":")
      .map((word) => word.trim())
      .reverse();
    types.set(label, [...(types.get(label) ?? []), name]);
  }
  return types;
}
