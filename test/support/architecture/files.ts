/** How files are called, how long they are, and how they export. */
import type { Finding, Project, Rule } from "./project.ts";
import { walk, type SourceFile } from "./source-file.ts";

const LONG = 300;
const REFUSED = 500;

/** Words that say nothing of what a file holds; a type or a constant lives with the code that owns it. */
const EMPTY_WORDS = new Set([
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "shared",
  "internal",
  "misc",
  "types",
  "constants",
]);

/** File size. */
export const size: Rule = {
  title: `no file of src or of the page has ${REFUSED} lines`,
  check: ({ src, page }) =>
    [...src, ...page]
      .filter(({ text }) => lines(text) >= REFUSED)
      .map(({ path, text }) => ({ path, line: REFUSED, message: `has ${lines(text)} lines: split it` })),
};

/** The files of `src` and of the page that are long, though not refused. */
export function longFiles({ src, page }: Project): string[] {
  return [...src, ...page]
    .filter(({ text }) => lines(text) > LONG)
    .map(({ path, text }) => `${path} is long: ${lines(text)} lines`);
}

/** File names. */
export const names: Rule = {
  title: "files and folders are kebab-case and say what they hold",
  check: ({ src, page, test }) =>
    [...src, ...page, ...support(test)].flatMap(({ path }) =>
      nameFaults(path).map((message) => ({ path, line: 1, message })),
    ),
};

/** Ways to export. */
export const exportForms: Rule = {
  title: "exports are named one by one: no default, no star, nothing experimental",
  check: ({ src, page, test }) => [...src, ...page, ...support(test)].flatMap(exportFaults),
};

function lines(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

function support(test: readonly SourceFile[]): SourceFile[] {
  return test.filter(({ path }) => path.startsWith("test/support/"));
}

function nameFaults(path: string): string[] {
  const faults: string[] = [];
  if (path.endsWith("/index.ts") && path !== "src/index.ts") faults.push("only the root has an index.ts");
  for (const part of path.replace(/(\.d)?\.tsx?$/, "").split("/")) {
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part)) faults.push(`${part} is not kebab-case`);
    const empty = part.split("-").find((word) => EMPTY_WORDS.has(word));
    if (empty !== undefined) faults.push(`"${empty}" says nothing of what is in it`);
  }
  return faults;
}

function exportFaults({ path, program, lineOf }: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const add = (start: number, message: string) => findings.push({ path, line: lineOf(start), message });
  walk(program, (node) => {
    if (node.type === "ExportDefaultDeclaration") add(node.start, "a default export has no name");
    if (node.type === "ExportAllDeclaration") add(node.start, "`export *` does not say what it exports");
    if (node.type === "ExportSpecifier") {
      if (node.exported.type === "Identifier" && node.exported.name === "default") {
        add(node.start, "a default export has no name");
      }
    }
    if (node.type === "Identifier" && node.name.startsWith("experimental_")) {
      add(node.start, `${node.name}: what is exported is meant`);
    }
  });
  return findings;
}
