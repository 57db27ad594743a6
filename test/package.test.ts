/**
 * The package as a user gets it: packed, installed into an empty project without the optional peers, imported, run and
 * type-checked there. It is built in a copy, so that nobody's `dist` is touched.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync, globSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../", import.meta.url));
const tsc = join(repository, "node_modules/typescript/bin/tsc");

let temporary: string;
let project: string;
/** The paths in the tarball, from the root of the package. */
let packed: string[];
/** What `exports` lists, as an import names it. */
let entries: string[];

before(
  async () => {
    temporary = await mkdtemp(join(tmpdir(), "tutti-package-"));
    project = join(temporary, "project");
    const tarball = await pack(join(temporary, "copy"));
    packed = (await run("tar", ["-tzf", tarball], temporary))
      .trim()
      .split("\n")
      .map((path) => path.replace(/^package\//, ""));
    await mkdir(project);
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await run("npm", ["install", tarball, "--prefer-offline", "--no-audit", "--no-fund"], project);
    const { exports } = JSON.parse(await readFile(installed("package.json"), "utf8")) as { exports: object };
    entries = Object.keys(exports)
      .filter((entry) => !entry.endsWith(".json"))
      .map((entry) => entry.replace(/^\./, "tutti"));
  },
  { timeout: 120_000 },
);

after(() => rm(temporary, { recursive: true, force: true }));

test("the tarball holds what is built and the papers, and nothing else", () => {
  const pages = globSync("docs/*.md", { cwd: repository });
  const papers = [
    "package.json",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "schema/trace.schema.json",
    ...pages,
  ];
  const expected = papers.filter((path) => existsSync(join(repository, path)));
  assert.deepEqual(packed.filter((path) => !path.startsWith("dist/")).sort(), expected.sort());

  const sources = globSync("**/*.ts", { cwd: join(temporary, "copy/src") }).map((path) => path.slice(0, -3));
  const built = new Set(
    sources.flatMap((stem) => [".js", ".js.map", ".d.ts"].map((end) => `dist/${stem}${end}`)),
  );
  const app = packed.filter((path) => path.startsWith("dist/viewer/app/"));
  const ends = app.map((path) => path.replace(/^.*\/app\/(\w+)(?:-[\w-]+)?\./, "$1."));
  assert.deepEqual(ends.sort(), ["index.css", "index.html", "viewer.js"]);
  const code = packed.filter((path) => /\.(?:[cm]?[jt]s|map)$/.test(path) && !app.includes(path));
  assert.deepEqual(new Set(code), built);
  assert.deepEqual(
    packed.filter((path) => /\.test\.|(?:^|\/)test\//.test(path)),
    [],
  );
});

test("source maps carry their sources", () => {
  for (const path of packed.filter((file) => file.endsWith(".map"))) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(installed(path), "utf8")) as {
      sources: string[];
      sourcesContent?: string[];
    };
    assert.equal(sourcesContent?.length, sources.length, path);
  }
});

test("an empty project imports every entry without the optional peers, and runs a batch", async () => {
  assert.ok(!existsSync(join(project, "node_modules/@anthropic-ai")), "an optional peer was installed");
  await writeFile(
    join(project, "app.js"),
    `import { createExecutor, defineTool } from "tutti";
     for (const entry of ${JSON.stringify(entries)}) await import(entry);
     const add = defineTool({
       name: "add",
       description: "Adds two numbers.",
       input: { type: "object", properties: { a: { type: "number" } }, required: ["a", "b"] },
       effects: "none",
       execute: async ({ a, b }) => a + b,
     });
     const outcomes = await createExecutor({ tools: [add] }).run([
       { id: "1", name: "add", input: { a: 20, b: 22 } },
       { id: "2", name: "subtract", input: {} },
       { id: "3", name: "add", input: { a: "20" } },
     ]);
     for (const { status, output, error } of outcomes) console.log(status, output ?? error.code);`,
  );
  assert.deepEqual((await run(process.execPath, ["app.js"], project)).trim().split("\n"), [
    "ok 42",
    "failed unknown-tool",
    "failed invalid-input",
  ]);
});

test("an isolated tool of an installed package runs in a thread", async () => {
  await writeFile(join(project, "double.js"), "export const execute = ({ n }) => 2 * n;");
  await writeFile(
    join(project, "threads.js"),
    `import { createExecutor, defineTool } from "tutti";
     const double = defineTool({
       name: "double",
       description: "Doubles.",
       input: { type: "object" },
       effects: "none",
       isolate: "thread",
       module: new URL("./double.js", import.meta.url),
     });
     const [outcome] = await createExecutor({ tools: [double] }).run([{ name: "double", input: { n: 21 } }]);
     console.log(outcome.output ?? outcome.error);`,
  );
  assert.equal((await run(process.execPath, ["threads.js"], project)).trim(), "42");
});

test("the viewer of an installed package serves its app", async () => {
  await writeFile(
    join(project, "view.js"),
    `import { serveTrace } from "tutti/viewer";
     const viewer = await serveTrace([]);
     const html = await (await fetch(viewer.url)).text();
     const [, script] = /src="([^"]+)"/.exec(html);
     console.log((await fetch(new URL(script, viewer.url))).status);
     await viewer.close();`,
  );
  assert.equal((await run(process.execPath, ["view.js"], project)).trim(), "200");
});

test("types resolve for every entry, and refuse what is wrong", async () => {
  await typeCheck("all-entries.ts", {
    text: entries.map((entry, i) => `import * as entry${i} from "${entry}";\nvoid entry${i};`).join("\n"),
    // A peer that is not there has no types either.
    skipLibCheck: true,
  });
  await typeCheck("root.ts", {
    text: `import { createExecutor, defineTool, type Outcome } from "tutti";
      const echo = defineTool({
        name: "echo",
        description: "Echoes.",
        input: { type: "object" },
        effects: "none",
        execute: (_input, { signal }) => signal.aborted,
      });
      export const outcomes: Outcome[] = await createExecutor({ tools: [echo] }).run([]);
      // @ts-expect-error no such status: the types are there, and not any
      outcomes[0]?.status === "nonsense";
      // @ts-expect-error \`tools\` is missing
      createExecutor({});`,
    skipLibCheck: false,
  });
});

test("the command is installed, and explains itself", async () => {
  const help = await run(join(project, "node_modules/.bin/tutti"), ["--help"], project);
  assert.match(help, /^Usage: tutti\b/m);
});

/** Packs a copy of the repository, and says where the tarball is. */
async function pack(copy: string): Promise<string> {
  const left = new Set(["node_modules", ".git", "dist"]);
  await cp(repository, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"), "dir");
  await run("npm", ["pack", "--pack-destination", temporary], copy);
  const tarball = (await readdir(temporary)).find((name) => name.endsWith(".tgz"));
  assert.ok(tarball !== undefined, "npm pack left no tarball");
  return join(temporary, tarball);
}

function installed(path: string): string {
  return join(project, "node_modules/tutti", path);
}

async function typeCheck(name: string, options: { text: string; skipLibCheck: boolean }): Promise<void> {
  await writeFile(join(project, name), options.text);
  const config = {
    compilerOptions: {
      target: "es2023",
      lib: ["es2023", "dom"],
      module: "nodenext",
      strict: true,
      noEmit: true,
      types: [],
      skipLibCheck: options.skipLibCheck,
    },
    files: [name],
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify(config));
  await run(process.execPath, [tsc, "-p", "tsconfig.json"], project);
}

/** Runs a command with this Node first on the path, and says all that it said when it fails. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env: { ...process.env, PATH: path } });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    const hint = args[0] === "install" ? " (this test needs the npm registry, for the dependencies)" : "";
    throw new Error(`${command} ${args.join(" ")} failed${hint}:\n${stdout ?? ""}${stderr ?? ""}`, {
      cause: error,
    });
  }
}
