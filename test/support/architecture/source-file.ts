/** A TypeScript file, parsed: what it imports, and its syntax tree for rules that look closer. */
import { posix } from "node:path";
import { parseSync, visitorKeys, type Comment, type Node, type Program } from "oxc-parser";

/** One import of a file. Re-exports from elsewhere and `import("…")`, as a value or as a type, are imports too. */
export interface Import {
  readonly specifier: string;
  /** The file of the repository that a relative specifier names. */
  readonly target: string | undefined;
  /** `type` is what leaves no trace at run time; `dynamic` is loaded only when it is reached. */
  readonly kind: "type" | "value" | "dynamic";
  readonly line: number;
}

/** A parsed file. Its path is from the root of the repository, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly imports: readonly Import[];
  /** The line, from 1, in which an offset of the text is. */
  readonly lineOf: (offset: number) => number;
}

/**
 * Parses a file.
 *
 * @throws Error that names the file when it is not TypeScript
 */
export function parseSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text, { sourceType: "module" });
  if (errors[0] !== undefined) throw new Error(`${path} cannot be parsed: ${errors[0].message}`);
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  const file = { path, text, program, comments, lineOf };
  return { ...file, imports: importsOf(file) };
}

/** Calls `visit` with every node of a tree, parents first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent);
  const fields = node as unknown as Record<string, unknown>;
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of [fields[key]].flat()) {
      if (typeof child === "object" && child !== null) walk(child as Node, visit, node);
    }
  }
}

/** The text of a string literal, or of a template up to its first hole. */
export function literalText(node: Node | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type === "TemplateLiteral") return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

function importsOf(file: Omit<SourceFile, "imports">): Import[] {
  const imports: Import[] = [];
  const add = (source: Node, kind: Import["kind"]) => {
    const specifier = literalText(source);
    if (specifier === undefined) return;
    const target = specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : undefined;
    imports.push({ specifier, target, kind, line: file.lineOf(source.start) });
  };
  walk(file.program, (node) => {
    if (node.type === "ImportExpression") add(node.source, "dynamic");
    if (node.type === "TSImportType") add(node.source, "type");
    if (node.type === "ExportAllDeclaration") add(node.source, node.exportKind ?? "value");
    // `import { type A }` keeps an empty import at run time (verbatimModuleSyntax): only `import type` is one.
    if (node.type === "ImportDeclaration") add(node.source, node.importKind ?? "value");
    if (node.type === "ExportNamedDeclaration" && node.source !== null) {
      add(node.source, node.exportKind ?? "value");
    }
  });
  return imports;
}
