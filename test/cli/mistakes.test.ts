/** What a user can get wrong: each is answered in one line that says what to do, with exit code 2 and no stack trace. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { tutti, type CommandOptions } from "../support/command-line.ts";

const index = JSON.stringify(new URL("../../src/index.ts", import.meta.url).href);
const exampleTools = fileURLToPath(new URL("../../examples/tools.ts", import.meta.url));
const define = `import { defineTool } from ${index};
const tool = (name, more) => defineTool({
  name, description: "A tool.", input: { type: "object" }, effects: "none", execute: () => 1, ...more });`;

const FILES: Readonly<Record<string, string>> = {
  "throws.mjs": `throw new Error("no database\\nat all");`,
  "syntax.mjs": `\nconst x = ;`,
  "lost.mjs": `import "./not-there.mjs";`,
  "nothing.mjs": `export const answer = 42;`,
  "empty.mjs": `export const tools = [];`,
  "stranger.mjs": `${define} export const tools = [tool("a"), { name: "b" }];`,
  "no-array.mjs": `${define} export const tools = { a: tool("a") };`,
  "twice.mjs": `${define} export const tools = [tool("a"), tool("a")];`,
  "bad-tool.mjs": `${define} export const tools = [tool("a", { effects: "reads" })];`,
  "options-word.mjs": `${define} export const tools = [tool("a")]; export const executor = "wide";`,
  "options-made.mjs": `import { createExecutor } from ${index}; ${define}
    export const tools = [tool("a")]; export const executor = createExecutor({ tools });`,
  "options-tools.mjs": `${define} export const executor = { tools: [tool("a")] }; export const a = tool("a");`,
  "options-typo.mjs": `${define} export const tools = [tool("a")]; export const executor = { pool: {} };`,
  "options-wrong.mjs": `${define} export const tools = [tool("a")]; export const executor = { approve: "yes" };`,
  "no-pool.mjs": `${define} export const tools = [tool("a", { pools: ["api"] })];`,
  "old.ts": `export const tools = [];`,
  "field.yaml": `turns:\n  - texxt: Hi.\n`,
  "not.yaml": `turns:\n  - text: [\n`,
  "good.yaml": `turns:\n  - text: Hi.\n`,
};

let folder: string;
const busy = createServer();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tutti-mistakes-"));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  await mkdir(join(folder, "folder.yaml"));
  busy.listen(0, "127.0.0.1");
  await once(busy, "listening");
});

after(async () => {
  busy.close();
  await rm(folder, { recursive: true, force: true });
});

/** A Node without type stripping, as far as a tools file is concerned. */
const NO_TYPES = `import { registerHooks } from "node:module";
  registerHooks({ load: (url, context, next) => {
    if (!url.endsWith("/old.ts")) return next(url, context);
    throw Object.assign(new TypeError('Unknown file extension ".ts" for ' + url), { code: "ERR_UNKNOWN_FILE_EXTENSION" });
  } });`;

const nowhere = "http://127.0.0.1:1";
const run = (file: string, ...more: string[]) => [
  "run",
  "Hi",
  "--tools",
  file,
  "--base-url",
  nowhere,
  ...more,
];

interface Mistake {
  readonly args: readonly string[] | (() => readonly string[]);
  readonly says: RegExp;
  readonly options?: CommandOptions;
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  "content left out of a trace that is not written": {
    args: ["run", "Hi", "--tools", "any.mjs", "--trace-content", "none"],
    says: /^tutti: --trace-content is for --trace; what --view shows is always whole$/,
  },
  "a folder to view": { args: ["view", "."], says: /^tutti: trace \.: it is a folder; name the file in it$/ },
  "a command that there is not": {
    args: ["dmeo"],
    says: /unknown command 'dmeo' \(Did you mean demo\?\); see: tutti --help/,
  },
  "an option that there is not": {
    args: ["demo", "--fast"],
    says: /unknown option '--fast'; see: tutti demo --help/,
  },
  "a scene that there is not": {
    args: ["demo", "--scene", "x"],
    says: /Allowed choices are customer, release/,
  },
  "a mode that there is not": { args: ["demo", "--mode", "x"], says: /Allowed choices are .*eager/ },
  "an argument too many": { args: ["demo", "now"], says: /too many arguments/ },

  "no prompt": { args: ["run", "--tools", "x.mjs"], says: /missing required argument 'prompt'/ },
  "no tools": { args: ["run", "Hi"], says: /required option '--tools <file>' not specified/ },
  "a tools file that is not there": {
    args: run("gone.mjs"),
    says: /tools file gone\.mjs: there is no such file/,
  },
  "a tools file that throws": { args: run("throws.mjs"), says: /throws\.mjs does not load: no database$/ },
  "a tools file that is no JavaScript": {
    args: run("syntax.mjs"),
    says: /does not load: Unexpected token/,
  },
  "a tools file that imports what is not there": {
    args: run("lost.mjs"),
    says: /does not load: Cannot find module/,
  },
  "a tools file without tools": {
    args: run("nothing.mjs"),
    says: /exports no tools; export an array of what defineTool returns/,
  },
  "an empty list of tools": { args: run("empty.mjs"), says: /its `tools` is empty/ },
  "a tool that is none": {
    args: run("stranger.mjs"),
    says: /`tools\[1\]` is not a tool; make it with defineTool/,
  },
  "tools that are no list": { args: run("no-array.mjs"), says: /`tools` must be an array/ },
  "two tools of one name": { args: run("twice.mjs"), says: /twice\.mjs: `tools` has two tools called `a`/ },
  "a tool with a wrong option": {
    args: run("bad-tool.mjs"),
    says: /`effects` of `a` must be "none", "read", "write" or a function of the input, got "reads"/,
  },
  "an executor's options that are none": {
    args: run("options-word.mjs"),
    says: /options-word\.mjs: `executor` must be an object of options, got "wide"; export const executor = \{ pools/,
  },
  "an executor in place of its options": {
    args: run("options-made.mjs"),
    says: /`executor` must be the options of an executor, not one itself; export const executor = \{ pools/,
  },
  "tools among an executor's options": {
    args: run("options-tools.mjs"),
    says: /`executor` cannot have `tools`; export them beside it/,
  },
  "an executor's option that there is not": {
    args: run("options-typo.mjs"),
    says: /options-typo\.mjs: `createExecutor` has no option `pool`; it knows .*pools/,
  },
  "an executor's option with a wrong value": {
    args: run("options-wrong.mjs"),
    says: /options-wrong\.mjs: `approve` must be a function, got "yes"/,
  },
  "a pool that is not there": {
    args: run("no-pool.mjs"),
    says: /no-pool\.mjs: `pools` of `a` names `api`, which is not in `pools`$/,
  },
  "a word that is no approval": {
    args: run(exampleTools, "--approve", "some"),
    says: /Allowed choices are ask, all, none/,
  },
  "TypeScript where Node cannot run it": {
    args: run("old.ts"),
    says: /Node \S+ does not run TypeScript; use Node 22\.18 or newer, or a \.js file/,
    options: { node: ["--import", `data:text/javascript,${encodeURIComponent(NO_TYPES)}`] },
  },
  "no key": {
    args: ["run", "Hi", "--tools", exampleTools],
    says: /ANTHROPIC_API_KEY is not set; set it, or use --base-url/,
  },
  "no key for OpenAI": {
    args: ["run", "Hi", "--tools", exampleTools, "--provider", "openai"],
    says: /OPENAI_API_KEY is not set; set it, or use --base-url/,
  },
  "no key for Gemini": {
    args: ["probe", "--provider", "gemini"],
    says: /GEMINI_API_KEY or GOOGLE_API_KEY is not set; set it, or use --base-url/,
  },
  "a provider that there is not": {
    args: ["run", "Hi", "--tools", exampleTools, "--provider", "acme"],
    says: /Allowed choices are anthropic, openai, openai-responses, gemini/,
  },
  "no key for a server elsewhere": {
    args: ["run", "Hi", "--tools", exampleTools, "--base-url", "http://example.com"],
    says: /ANTHROPIC_API_KEY is not set/,
  },
  "an address that is none": {
    args: run(exampleTools, "--base-url", "localhost"),
    says: /It must be a URL such as/,
  },
  "an address that is none, in the environment": {
    args: ["run", "Hi", "--tools", exampleTools],
    says: /`ANTHROPIC_BASE_URL` of the environment is invalid\. It must be a URL/,
    options: { env: { ANTHROPIC_BASE_URL: "nonsense" } },
  },
  "a number that is none": {
    args: run(exampleTools, "--max-turns", "many"),
    says: /It must be an integer above 0/,
  },
  "a word that is not known": {
    args: run(exampleTools, "--eager", "yes"),
    says: /Allowed choices are off, reads, all/,
  },
  "a trace that cannot be written": {
    args: run(exampleTools, "--trace", join("no", "such", "folder.jsonl")),
    says: /trace file .*folder\.jsonl cannot be written: ENOENT/,
  },

  "a scenario that is not there": {
    args: ["simulate", "gone.yaml"],
    says: /scenario gone\.yaml: there is no such file/,
  },
  "a scenario that is a folder": { args: ["simulate", "folder.yaml"], says: /cannot be read \(EISDIR\)/ },
  "a scenario with a wrong field": {
    args: ["simulate", "field.yaml"],
    says: /field\.yaml: turns\[0\]: expected only the fields .*, got "texxt"/,
  },
  "a scenario that is no YAML": { args: ["simulate", "not.yaml"], says: /not\.yaml:\d+: not YAML: / },
  "a quirk that there is not": {
    args: ["simulate", "good.yaml", "--quirk", "rude"],
    says: /Allowed choices are no-index, zero-index/,
  },
  "a port that is none": {
    args: ["simulate", "good.yaml", "--port", "80x"],
    says: /It must be an integer from 0 to 65535/,
  },
  "a port that is in use": {
    args: () => ["simulate", "good.yaml", "--port", String((busy.address() as AddressInfo).port)],
    says: /port \d+ is in use; choose another with --port, or leave it out/,
  },
};

// Each is a process; two cores take no more at once.
describe("a mistake is answered in one line", { concurrency: 4 }, () => {
  for (const [mistake, { args, says, options }] of Object.entries(MISTAKES)) {
    test(mistake, async () => {
      const line = typeof args === "function" ? args() : args;
      const { code, stdout, stderr } = await tutti(line, { cwd: folder, ...options });
      assert.match(stderr.trimEnd(), says);
      assert.match(stderr, /^tutti: [^\n]+\n$/);
      assert.deepEqual([code, stdout], [2, ""]);
    });
  }
});

test("a command that needs another says which there are", async () => {
  const { code, stdout, stderr } = await tutti(["trace"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^Usage: tutti trace/);
  assert.doesNotMatch(stderr, /outputHelp/);
});

for (const provider of ["anthropic", "openai", "openai-responses", "gemini"]) {
  test(`a server that is not there is told after the client has tried again (${provider})`, () =>
    tellsOfNoServer(provider));
}

async function tellsOfNoServer(provider: string): Promise<void> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  const address = `http://127.0.0.1:${port}`;
  const args = ["run", "Hi", "--tools", exampleTools, "--provider", provider, "--base-url", address];
  const { code, stdout, stderr } = await tutti(args);
  assert.equal(
    stderr,
    `tutti: cannot reach http://127.0.0.1:${port}/ (ECONNREFUSED); is the simulator running there?\n`,
  );
  assert.deepEqual([code, stdout], [2, ""]);
}

test("help and version are no mistakes", async () => {
  const [none, help, version] = await Promise.all([
    tutti([]),
    tutti(["run", "--help"]),
    tutti(["--version"]),
  ]);
  assert.deepEqual([none.code, help.code, version.code], [0, 0, 0]);
  assert.match(none.stdout, / demo [^]* run [^]* simulate /);
  assert.match(help.stdout, /ANTHROPIC_API_KEY/);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});
