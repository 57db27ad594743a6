/** The options of Tutti as its types say them: names, and the defaults of their JSDoc. */
import type { Comment, Node } from "oxc-parser";
import type { SourceFile } from "../architecture/source-file.ts";

/** One option. */
export interface Option {
  readonly name: string;
  readonly required: boolean;
  /** What stands behind `@default`. */
  readonly default: string | undefined;
  readonly path: string;
  readonly line: number;
}

/** The options of one interface, inherited ones included, by name. */
export type OptionType = ReadonlyMap<string, Option>;

/** Finds the types that hold options, by their names. */
export class DeclaredOptions {
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #root: string;

  /** `root` is the file that exports them. */
  constructor(files: readonly SourceFile[], root: string) {
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#root = root;
  }

  /** The types of options that the root exports: those called so, and `Gather`, which is one. */
  get names(): readonly string[] {
    const names = this.#file(this.#root).program.body.flatMap((node) =>
      node.type === "ExportNamedDeclaration"
        ? node.specifiers.map(({ exported }) => (exported.type === "Identifier" ? exported.name : ""))
        : [],
    );
    return names.filter((name) => name.endsWith("Options") || name === "Gather");
  }

  /** The options of the type of this name; undefined if the root exports none. */
  find(name: string): OptionType | undefined {
    return this.#find(this.#root, name);
  }

  #find(path: string, name: string): OptionType | undefined {
    const file = this.#file(path);
    for (const node of file.program.body) {
      const declared = node.type === "ExportNamedDeclaration" ? (node.declaration ?? node) : node;
      if (declared.type === "TSInterfaceDeclaration" && declared.id.name === name) {
        const inherited = declared.extends.flatMap(({ expression }) =>
          expression.type === "Identifier" ? [...(this.#find(path, expression.name) ?? [])] : [],
        );
        return new Map([...inherited, ...optionsOf(file, declared.body.body)]);
      }
      if (declared.type === "TSTypeAliasDeclaration" && declared.id.name === name)
        return alternatives(file, declared.typeAnnotation);
    }
    const source = sourceOf(file, name);
    return source === undefined ? undefined : this.#find(source, name);
  }

  #file(path: string): SourceFile {
    const file = this.#files.get(path);
    if (file === undefined) throw new Error(`there is no ${path}`);
    return file;
  }
}

/** The file from which a file imports or exports a name. */
function sourceOf(file: SourceFile, name: string): string | undefined {
  for (const node of file.program.body) {
    if (node.type !== "ImportDeclaration" && node.type !== "ExportNamedDeclaration") continue;
    const named = node.specifiers.some(({ local }) => local.type === "Identifier" && local.name === name);
    if (!named || node.source === null) continue;
    return file.imports.find(({ specifier }) => specifier === node.source?.value)?.target;
  }
  return undefined;
}

/** Of several object types, an option that not all of them require is not required. */
function alternatives(file: SourceFile, type: Node): OptionType {
  const types = type.type === "TSUnionType" ? type.types : [type];
  const each = types.map((one) => (one.type === "TSTypeLiteral" ? optionsOf(file, one.members) : new Map()));
  const options = new Map<string, Option>();
  for (const [name, option] of each.flatMap((one): [string, Option][] => [...one])) {
    const required = each.every((one) => one.get(name)?.required === true);
    options.set(name, { ...option, required });
  }
  return options;
}

function optionsOf(file: SourceFile, members: readonly Node[]): Map<string, Option> {
  const options = new Map<string, Option>();
  for (const member of members) {
    if (member.type !== "TSPropertySignature" && member.type !== "TSMethodSignature") continue;
    if (member.key.type !== "Identifier") continue;
    // `?: undefined` says that there is no such option here.
    const type = member.type === "TSPropertySignature" ? member.typeAnnotation?.typeAnnotation : undefined;
    if (type?.type === "TSUndefinedKeyword") continue;
    const { name } = member.key;
    options.set(name, {
      name,
      required: !member.optional,
      default: defaultIn(commentBefore(file, member.start)),
      path: file.path,
      line: file.lineOf(member.start),
    });
  }
  return options;
}

function commentBefore({ text, comments }: SourceFile, start: number): Comment | undefined {
  return comments.findLast(({ end }) => end <= start && text.slice(end, start).trim() === "");
}

function defaultIn(comment: Comment | undefined): string | undefined {
  const words = comment?.value.replace(/^[ \t]*\*+ ?/gm, "");
  const said = /@default\s+(.*?)(?:\n\s*\n|\n@|$)/s.exec(words ?? "")?.[1];
  return said?.replace(/\s+/g, " ").trim();
}
