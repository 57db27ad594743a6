/**
 * Who may know whom: imports go down, never sideways between rooms of one level or between the adapters of one seam,
 * and never round in a cycle. A type that is imported is known as well as a value.
 */
import type { Finding, Project, Rule } from "./project.ts";
import type { Import, SourceFile } from "./source-file.ts";

const BELOW_L4 = [
  "core",
  "files",
  "limits",
  "results",
  "threads",
  "wire",
  "trace",
  "executor",
  "model",
  "agent",
  "bridges",
  "durable",
];

/** The rooms of the house, each with its level and what it may import. */
const ROOMS: Readonly<Record<string, { readonly level: number; readonly imports: readonly string[] }>> = {
  core: { level: 0, imports: [] },
  files: { level: 1, imports: ["core"] },
  http: { level: 1, imports: ["core"] },
  limits: { level: 1, imports: ["core"] },
  results: { level: 1, imports: ["core"] },
  threads: { level: 1, imports: ["core"] },
  wire: { level: 1, imports: ["core"] },
  trace: { level: 2, imports: ["core", "results"] },
  executor: { level: 2, imports: ["core", "limits", "results", "threads"] },
  model: { level: 2, imports: ["core", "wire", "results"] },
  bridges: { level: 2, imports: ["core", "wire"] },
  durable: { level: 2, imports: ["core", "wire"] },
  agent: { level: 3, imports: ["core", "wire", "results", "executor", "model"] },
  otel: { level: 3, imports: ["core", "results", "trace"] },
  testing: { level: 4, imports: BELOW_L4 },
  simulator: { level: 4, imports: ["core", "http", "wire"] },
  analyze: { level: 5, imports: ["core", "wire", "results", "trace"] },
  viewer: { level: 5, imports: ["core", "http", "trace", "agent"] },
  cli: { level: 6, imports: [...BELOW_L4, "otel", "testing", "simulator", "analyze", "viewer"] },
};

/** The names of files and folders that belong to one provider; the longer ones first. */
const PROVIDERS = ["anthropic", "openai-chat", "openai-responses", "openai", "gemini"];

/** Where providers are put together with the rest; entries, which have no room, do so too. */
const WIRING: ReadonlyArray<string | undefined> = ["simulator", "testing", "analyze", "cli", undefined];

/** Imports between rooms. */
export const imports: Rule = {
  title: "imports go down only, and never sideways between rooms of one level",
  check: ({ src }) =>
    eachImport(src, (file, { specifier, target }) => {
      if (target === undefined) return undefined;
      if (!target.startsWith("src/")) return `imports ${specifier}, which is outside of src`;
      const from = roomOf(file.path);
      const to = roomOf(target);
      if (from === to && from !== undefined) return undefined;
      if (to === undefined) return `imports the entry ${target}: entries are for users of the package`;
      if (from === undefined) return undefined;
      if (ROOMS[from] === undefined || ROOMS[from].imports.includes(to)) return undefined;
      return `${named(from)} may not import ${named(to)}`;
    }),
};

/** Folders of `src`. */
export const rooms: Rule = {
  title: "every folder of src is a room of the house",
  check: ({ src }) =>
    src
      .filter(({ path }) => {
        const room = roomOf(path);
        return room !== undefined && ROOMS[room] === undefined;
      })
      .map(({ path }) => ({ path, line: 1, message: `${roomOf(path)} has no level: add it to the rooms` })),
};

/** Imports between the files of providers. */
export const adapters: Rule = {
  title: "no provider's file imports another's, and what names no provider imports no provider's file",
  check: ({ src }) =>
    eachImport(src, (file, { target }) => {
      const to = providerOf(target ?? "");
      if (target === undefined || to === undefined) return undefined;
      const from = providerOf(file.path);
      if (from === undefined) {
        const wires = WIRING.includes(roomOf(file.path));
        return wires ? undefined : `names no provider, yet imports ${to}'s ${target}`;
      }
      // What two protocols of one provider share is the provider's: openai-chat may import openai, not the reverse.
      return from === to || from.startsWith(`${to}-`)
        ? undefined
        : `${from} may not import ${to}'s ${target}`;
    }),
};

/** What the viewer's page knows. */
export const pageImports: Rule = {
  title: "the page imports of src only what reads traces",
  check: ({ page }) =>
    eachImport(page, (_file, { specifier, target }) => {
      if (target === undefined || target.startsWith("viewer/src/") || roomOf(target) === "trace")
        return undefined;
      return `imports ${specifier}: what runs in a browser is the page's own, or of the room trace`;
    }),
};

/** The files at the top of `src`. */
export const entries: Rule = {
  title: "the entries at the top of src hold only re-exports",
  check: ({ src }) => src.filter(({ path }) => roomOf(path) === undefined).flatMap(ownStatements),
};

/** Files that import each other. */
export const cycles: Rule = {
  title: "no file of src or of the page imports itself, however long the way round",
  check: findCycles,
};

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, found: Import) => string | undefined,
): Finding[] {
  return files.flatMap((file) =>
    file.imports.flatMap((found) => {
      const message = judge(file, found);
      return message === undefined ? [] : [{ path: file.path, line: found.line, message }];
    }),
  );
}

function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function named(room: string): string {
  return `${room} (L${ROOMS[room]?.level ?? "?"})`;
}

function providerOf(path: string): string | undefined {
  const parts = path.replace(/\.ts$/, "").split("/");
  // An entry re-exports; only what is in a room adapts.
  if (parts.length < 3) return undefined;
  const belongs = (provider: string) =>
    parts.some((part) => part === provider || part.startsWith(`${provider}-`));
  return PROVIDERS.find(belongs);
}

function ownStatements({ path, program, lineOf }: SourceFile): Finding[] {
  const exported = new Set<string>();
  for (const node of program.body) {
    if (node.type !== "ExportNamedDeclaration" || node.source !== null) continue;
    for (const { local } of node.specifiers) if (local.type === "Identifier") exported.add(local.name);
  }
  return program.body
    .filter((node) => {
      if (node.type === "ImportDeclaration") {
        return (
          node.specifiers.length === 0 || !node.specifiers.every(({ local }) => exported.has(local.name))
        );
      }
      return node.type !== "ExportNamedDeclaration" || node.declaration !== null;
    })
    .map(({ start }) => ({
      path,
      line: lineOf(start),
      message: "an entry only re-exports: move this to a room",
    }));
}

function findCycles({ src, page }: Project): Finding[] {
  const files = [...src, ...page];
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const way: string[] = [];
  const found: Finding[] = [];
  const follow = (file: SourceFile) => {
    way.push(file.path);
    for (const { target, line } of file.imports) {
      const next = target === undefined ? undefined : byPath.get(target);
      if (next === undefined || done.has(next.path)) continue;
      const from = way.indexOf(next.path);
      if (from < 0) follow(next);
      else {
        const message = `closes a cycle: ${[...way.slice(from), next.path].join(" → ")}`;
        found.push({ path: file.path, line, message });
      }
    }
    way.pop();
    done.add(file.path);
  };
  for (const file of files) if (!done.has(file.path)) follow(file);
  return found;
}
