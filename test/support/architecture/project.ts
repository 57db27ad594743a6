/** A project as the rules of the house see it: paths and texts. The real one and a counterexample look alike. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSource, type SourceFile } from "./source-file.ts";

/** What the rules read of a `package.json`. */
export interface Manifest {
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** What a rule looks at. */
export interface Project {
  /** Text by path from the root, with `/`. */
  readonly files: ReadonlyMap<string, string>;
  /** The TypeScript files of `src`, parsed. */
  readonly src: readonly SourceFile[];
  /** The TypeScript files of the viewer's page, parsed. */
  readonly page: readonly SourceFile[];
  /** The TypeScript files of `test`, parsed. */
  readonly test: readonly SourceFile[];
  readonly manifest: Manifest;
}

/** Something that a rule does not allow, and where. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** One rule of the house. */
export interface Rule {
  /** What holds, in one present-tense sentence. */
  readonly title: string;
  /** Every place where it does not hold. */
  check(project: Project): Finding[];
}

/** A project of these files. */
export function createProject(files: ReadonlyMap<string, string>): Project {
  const parsed = (folder: string) =>
    [...files]
      .filter(([path]) => path.startsWith(folder) && /\.tsx?$/.test(path))
      .map(([path, text]) => parseSource(path, text));
  return {
    files,
    src: parsed("src/"),
    page: parsed("viewer/src/"),
    test: parsed("test/"),
    manifest: JSON.parse(files.get("package.json") ?? "{}") as Manifest,
  };
}

/** This repository: what git tracks, and what is new in `src`, `viewer` and `test`. */
export function readRepository(): Project {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const list = (...args: string[]) =>
    execFileSync("git", ["ls-files", "-z", ...args], { cwd: root, encoding: "utf8" })
      .split("\0")
      .filter((path) => path !== "" && existsSync(root + path));
  const paths = [...list("--cached"), ...list("--others", "--exclude-standard", "src", "viewer", "test")];
  return createProject(new Map(paths.sort().map((path) => [path, readFileSync(root + path, "utf8")])));
}

/** Findings as text, a line each, each with the place that an editor opens. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings.map(({ path, line, message }) => `${path}:${line}  ${message}`).join("\n");
}

/** A rule that looks at one line after the other of some files. */
export function lineFindings(
  files: Iterable<readonly [path: string, text: string]>,
  pattern: RegExp,
  message: (match: string) => string,
): Finding[] {
  return [...files].flatMap(([path, text]) =>
    text.split("\n").flatMap((content, i) => {
      const match = pattern.exec(content);
      return match === null ? [] : [{ path, line: i + 1, message: message(match[0]) }];
    }),
  );
}
