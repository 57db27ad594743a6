/** That package.json says what is there: entries, scripts, the packages that `src` imports; and that its lock is whole. */
import { isBuiltin } from "node:module";
import { lineFindings, type Finding, type Project, type Rule } from "./project.ts";

/** Optional peers, each with the files that may import it. Elsewhere a user who has not installed it would meet an error. */
const PEER_HOMES: Readonly<Record<string, readonly RegExp[]>> = {
  "@anthropic-ai/sdk": [/^src\/model\/anthropic-[^/]+\.ts$/, /^src\/cli\//],
  "@google/genai": [/^src\/model\/gemini-[^/]+\.ts$/, /^src\/cli\//],
  "@opentelemetry/api": [/^src\/otel\//],
  openai: [/^src\/model\/openai-[^/]+\.ts$/, /^src\/cli\//],
};

/** `exports` and `bin`. */
export const packageEntries: Rule = {
  title: "what package.json exports is in src, and every entry of src is exported",
  check: (project) => [...targetFaults(project), ...entryFaults(project)],
};

/** `scripts`. */
export const scripts: Rule = {
  title: "the scripts of package.json name files and scripts that exist",
  check: (project) => {
    const known = project.manifest.scripts ?? {};
    return Object.entries(known).flatMap(([name, command]) => {
      const called = [...command.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] as string);
      const files = command.match(/(?<![\w./*-])[\w.-]+(?:\/[\w.-]+)*\.(?:[cm]?[jt]s|json)\b/g) ?? [];
      const missing = [
        ...called.filter((script) => known[script] === undefined),
        ...files.filter((file) => !project.files.has(file)),
      ];
      return missing.map((what) => inManifest(project, `"${name}":`, `the script ${name} needs ${what}`));
    });
  },
};

/** `dependencies` and `peerDependencies`. */
export const dependencies: Rule = {
  title: "src imports every dependency, and declares every package that it imports",
  check: (project) => {
    const { dependencies: runtime = {}, peerDependencies: peers = {} } = project.manifest;
    const found = packageImports(project);
    const used = new Set(found.map(({ name }) => name));
    return [
      ...found
        .filter(({ name }) => runtime[name] === undefined && peers[name] === undefined)
        .map(({ path, line, name }) => ({ path, line, message: `imports ${name}, which is not declared` })),
      ...[...Object.keys(runtime), ...Object.keys(peers)]
        .filter((name) => !used.has(name))
        .map((name) => inManifest(project, `"${name}":`, `${name} is declared, yet src does not import it`)),
    ];
  },
};

/** Imports of optional peers. */
export const optionalPeers: Rule = {
  title: "an optional peer is imported only where it is needed, as a type or when it is reached",
  check: (project) =>
    packageImports(project).flatMap(({ path, line, name, kind }) => {
      if (project.manifest.peerDependenciesMeta?.[name]?.optional !== true && !PEER_HOMES[name]) return [];
      const homes = PEER_HOMES[name] ?? [];
      if (!homes.some((home) => home.test(path)))
        return [{ path, line, message: `${name} is not for this file` }];
      if (kind === "type" || (kind === "dynamic" && path.startsWith("src/cli/"))) return [];
      return [{ path, line, message: `${name} may be absent: import its types only` }];
    }),
};

/** `package-lock.json`. */
export const lockFile: Rule = {
  title: "the lock file holds every optional package, for any platform, and names no registry",
  check: ({ files }) => {
    const path = "package-lock.json";
    const text = files.get(path) ?? "{}";
    const { packages = {} } = JSON.parse(text) as {
      packages?: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const held = new Set(Object.keys(packages).map((key) => key.replace(/^.*node_modules\//, "")));
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    return [
      // A registry that lacks a package for another platform leaves it out: `npm ci` then refuses the file.
      ...wanted
        .filter((name) => !held.has(name))
        .map((name) => ({ path, line: lineOf(text, `"${name}":`), message: `${name} is missing` })),
      ...lineFindings([[path, text]], /"resolved": "http/, () => "names a registry"),
    ];
  },
};

function packageImports({ src }: Project) {
  return src.flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier, target }) => target === undefined && !isBuiltin(specifier))
      .map(({ specifier, kind, line }) => {
        const [scope = "", rest = ""] = specifier.split("/");
        return { path, line, kind, name: scope.startsWith("@") ? `${scope}/${rest}` : scope };
      }),
  );
}

/** What `exports` and `bin` point at that is not there. */
function targetFaults(project: Project): Finding[] {
  const { exports = {}, bin = {} } = project.manifest;
  const targets = Object.entries(exports).flatMap(([entry, target]) =>
    Object.values(typeof target === "string" ? [target] : target).map((file) => [entry, file] as const),
  );
  const missing = [...targets, ...Object.entries(bin)].flatMap(([entry, file]) => {
    const source = sourceOf(file) ?? file.replace(/^\.\//, "");
    return project.files.has(source)
      ? []
      : [inManifest(project, `"${file}"`, `${entry} leads to ${file}, but there is no ${source}`)];
  });
  const split = Object.entries(exports).flatMap(([entry, target]) => {
    const sources = typeof target === "string" ? [] : Object.values(target).map(sourceOf);
    return new Set(sources).size <= 1
      ? []
      : [inManifest(project, `"${entry}":`, `the types of ${entry} are not those of its code`)];
  });
  return [...missing, ...split];
}

/** The entries at the top of `src` that are not exported under their own name. */
function entryFaults(project: Project): Finding[] {
  const { exports = {} } = project.manifest;
  return project.src
    .filter(({ path }) => /^src\/[^/]+\.ts$/.test(path))
    .flatMap(({ path }) => {
      const stem = path.slice("src/".length, -".ts".length);
      const entry = stem === "index" ? "." : `./${stem}`;
      const target = exports[entry];
      const file = typeof target === "string" ? target : target?.["default"];
      if (file !== undefined && sourceOf(file) === path) return [];
      return [{ path, line: 1, message: `package.json does not export it as "${entry}"` }];
    });
}

function sourceOf(file: string): string | undefined {
  const stem = /^\.\/dist\/(.+?)(?:\.d\.ts|\.js)$/.exec(file)?.[1];
  return stem === undefined ? undefined : `src/${stem}.ts`;
}

function inManifest({ files }: Project, needle: string, message: string): Finding {
  return { path: "package.json", line: lineOf(files.get("package.json") ?? "", needle), message };
}

function lineOf(text: string, needle: string): number {
  return (text.split(needle, 1)[0] ?? "").split("\n").length;
}
