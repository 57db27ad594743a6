/** What a reader is told: each file begins with what it is, and each exported symbol has a sentence. */
import type { Comment, Node } from "oxc-parser";
import type { Finding, Rule } from "./project.ts";
import type { SourceFile } from "./source-file.ts";

const HEADER_LINES = 12;

/** Headers. */
export const headers: Rule = {
  title: `every file of src and of the page begins with a header of at most ${HEADER_LINES} lines`,
  check: ({ src, page }) =>
    [...src, ...page].flatMap((file) => {
      const { path, lineOf } = file;
      const header = headerOf(file);
      if (header === undefined) return [{ path, line: 1, message: "begins without a header" }];
      const lines = lineOf(header.end) - lineOf(header.start) + 1;
      if (lines <= HEADER_LINES) return [];
      return [{ path, line: lineOf(header.start), message: `has a header of ${lines} lines` }];
    }),
};

/** Exported symbols. */
export const documentation: Rule = {
  title: "every exported symbol of src and of the page has a sentence of JSDoc",
  check: ({ src, page }) => [...src, ...page].flatMap(undocumented),
};

function headerOf({ text, comments }: SourceFile): Comment | undefined {
  const start = /^#!.*\n/.exec(text)?.[0].length ?? 0;
  // The parser counts a hashbang among the comments.
  const first = comments.find((comment) => comment.start >= start);
  return first?.start === start && isJsDoc(first) ? first : undefined;
}

function isJsDoc({ type, value }: Comment): boolean {
  return type === "Block" && value.startsWith("*");
}

function undocumented(file: SourceFile): Finding[] {
  const header = headerOf(file);
  const declared = new Map<string, number>();
  const documented = new Set<string>();
  const exported = new Set<string>();
  for (const node of file.program.body) {
    const exports = node.type === "ExportNamedDeclaration" && node.source === null;
    const comment = commentBefore(file, node.start);
    for (const name of declaredNames(exports ? node.declaration : node)) {
      declared.set(name, node.start);
      if (exports) exported.add(name);
      if (comment !== undefined && comment !== header && hasSentence(comment)) documented.add(name);
    }
    if (!exports) continue;
    for (const { local } of node.specifiers) if (local.type === "Identifier") exported.add(local.name);
  }
  // What is imported and exported again is documented where it comes from.
  return [...declared]
    .filter(([name]) => exported.has(name) && !documented.has(name))
    .map(([name, start]) => ({
      path: file.path,
      line: file.lineOf(start),
      message: `${name} is exported without a sentence of JSDoc`,
    }));
}

function declaredNames(node: Node | null): string[] {
  if (node?.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  // Functions, classes, interfaces, types and enums: each has its name in `id`.
  const id = node !== null && "id" in node ? node.id : null;
  return id?.type === "Identifier" ? [id.name] : [];
}

function commentBefore({ text, comments }: SourceFile, start: number): Comment | undefined {
  return comments.findLast(
    (comment) => comment.end <= start && isJsDoc(comment) && text.slice(comment.end, start).trim() === "",
  );
}

/** A sentence: words before the first tag, with a full stop somewhere. */
function hasSentence({ value }: Comment): boolean {
  const words = value
    .replace(/^[ \t]*\*+/gm, "")
    .split(/^\s*@/m, 1)
    .join("");
  return /\w.*[.:!?]/s.test(words);
}
