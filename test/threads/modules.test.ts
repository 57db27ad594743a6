import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createExecutor, defineTool, type ExecutorOptions } from "../../src/index.ts";
import { errorOf, brief } from "../support/stage.ts";
import { isolated, isolating, moduleOf } from "../support/threads.ts";

test("a module that is missing, throws or has no `execute` fails the call with a message that names it", async (t) => {
  const names = ["missing", "broken", "nothing"];
  const executor = isolating(t, {
    tools: names.map((name) => isolated({ name, module: moduleOf(`${name}.ts`) })),
  });
  const outcomes = await executor.run(names.map((name) => ({ name })));
  const messages = outcomes.map((outcome) => errorOf(outcome).message);
  assert.match(messages[0] ?? "", /^cannot load file:.*missing\.ts: Cannot find module/);
  assert.match(messages[1] ?? "", /^cannot load file:.*broken\.ts: no such table$/);
  assert.match(messages[2] ?? "", /nothing\.ts exports no function `execute`; it exports name, run$/);
});

test("a module is named by a URL, by its text, or by an absolute path", async (t) => {
  const url = moduleOf("act.ts");
  for (const module of [url, url.href, fileURLToPath(url)]) {
    const executor = isolating(t, { tools: [isolated({ module })] });
    assert.deepEqual(brief(await executor.run([{ name: "act", input: { value: 1 } }])), [1]);
  }
});

const TOOL = { name: "look", description: "Looks.", input: { type: "object" }, effects: "read" } as const;
const module = moduleOf("act.ts");

const MISUSE: ReadonlyArray<readonly [object, RegExp]> = [
  [{ isolate: "process", module }, /`isolate` of `look` must be "thread", got "process"/],
  [{ isolate: true, module }, /`isolate` of `look` must be "thread", got true/],
  [{ isolate: "thread" }, /`module` of `look` must be a file URL or an absolute path, got undefined/],
  [
    { isolate: "thread", module: "./act.ts" },
    /got "\.\/act\.ts"; for a file beside this one write new URL\("\.\/tool\.ts", import\.meta\.url\)$/,
  ],
  [{ isolate: "thread", module: "act" }, /must be a file URL or an absolute path, got "act"/],
  [{ isolate: "thread", module: new URL("https://a.b/c.js") }, /got "https:\/\/a\.b\/c\.js"/],
  [{ isolate: "thread", module: 7 }, /must be a file URL or an absolute path, got 7/],
  [{ isolate: "thread", module, execute: () => {} }, /`look` has both `execute` and `module`/],
  [{ module }, /`module` of `look` is for isolated tools: add isolate: "thread"/],
  [{ module, execute: () => {} }, /`module` of `look` is for isolated tools/],
];

test("every misuse of an isolated tool is a TypeError that names the option and what came", () => {
  for (const [options, message] of MISUSE)
    assert.throws(() => defineTool({ ...TOOL, ...options } as never), { name: "TypeError", message });
  // @ts-expect-error one of both
  assert.throws(() => defineTool({ ...TOOL, isolate: "thread", module, execute: () => {} }));
  // @ts-expect-error a function has no module
  assert.throws(() => defineTool({ ...TOOL, module, execute: () => {} }));
});

test("every misuse of `threads` is a TypeError that names the option and what came", () => {
  const misuse: ReadonlyArray<readonly [object, RegExp]> = [
    [{ threads: 4 }, /`threads` must be an object, got 4/],
    [{ threads: { max: 0 } }, /`threads\.max` must be a positive integer, got 0/],
    [{ threads: { memoryMb: -1 } }, /`threads\.memoryMb` must be a positive integer, got -1/],
    [{ threads: { idleMs: 0 } }, /`threads\.idleMs` must be a number of milliseconds above 0, got 0/],
    [{ threads: { min: 1 } }, /`threads` has no option `min`; it knows max, memoryMb, idleMs/],
    [{ pools: { threads: { concurrency: 1 } } }, /a pool cannot be called "threads"/],
  ];
  for (const [options, message] of misuse)
    assert.throws(() => createExecutor({ tools: [isolated()], ...options } as ExecutorOptions), {
      name: "TypeError",
      message,
    });
});

/** Runs a program, and fails when it does not end by itself. */
async function run(program: string, ...flags: readonly string[]): Promise<string> {
  const source = `
    const { createExecutor, defineTool } = await import(${JSON.stringify(new URL("../../src/index.ts", import.meta.url))});
    const facts = { description: "Acts.", input: { type: "object" }, effects: "none" };
    const inline = defineTool({ ...facts, name: "inline", execute: () => "inline" });
    const isolated = defineTool({ ...facts, name: "isolated", isolate: "thread", module: ${JSON.stringify(module)} });
    ${program}`;
  const args = [...flags, "--input-type=module", "--eval", source];
  return (await promisify(execFile)(process.execPath, args, { timeout: 30_000 })).stdout.trim();
}

test("threads do not keep the process alive, and work in them does", async () => {
  const program = `
    const executor = createExecutor({ tools: [isolated], threads: { idleMs: 3_600_000 } });
    executor.run([{ name: "isolated", input: { value: "done" } }]).then(([{ output }]) => console.log(output));`;
  assert.equal(await run(program), "done");
});

test("where no thread can be started, the call says so instead of waiting for one", async () => {
  const preload =
    'import { isMainThread } from "node:worker_threads"; if (!isMainThread) throw new Error("not here");';
  const program = `
    const executor = createExecutor({ tools: [isolated], threads: { max: 2 } });
    const outcomes = await executor.run([{ name: "isolated" }, { name: "isolated" }]);
    for (const { error } of outcomes) console.log(error.message, "|", error.cause.cause.message);`;
  const output = await run(program, "--import", `data:text/javascript,${encodeURIComponent(preload)}`);
  assert.deepEqual(output.split("\n"), Array(2).fill("no thread could be started | not here"));
});

test("an executor without isolated calls loads neither the pool nor threads", async () => {
  // What the main thread loads is written down before anything else is loaded.
  const preload = `
    import { registerHooks } from "node:module";
    globalThis.loaded = [];
    registerHooks({ load: (url, context, next) => (globalThis.loaded.push(url), next(url, context)) });`;
  const program = `
    const executor = createExecutor({ tools: [inline, isolated] });
    const seen = () => ["/core/executor.ts", "/threads/threads.ts", "/piscina/"].map((part) =>
      loaded.some((url) => url.includes(part)));
    await executor.run([{ name: "inline" }]);
    console.log(...seen());
    await executor.run([{ name: "isolated" }]);
    console.log(...seen());`;
  const output = await run(program, "--import", `data:text/javascript,${encodeURIComponent(preload)}`);
  assert.deepEqual(output.split("\n"), ["true false false", "true true true"]);
});
