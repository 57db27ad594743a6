import assert from "node:assert/strict";
import { test } from "node:test";
import { createExecutor, defineTool, type BatchRunOptions, type ExecutorOptions } from "../../src/index.ts";
import { Stage, touch } from "../support/stage.ts";

const TOOL = {
  name: "look",
  description: "Looks.",
  input: { type: "object" },
  effects: "read",
  execute: () => {},
} as const;

function tool(options: object) {
  return defineTool({ ...TOOL, ...options } as never);
}

/** Options that are misused, and what the message must say. */
type Misuse = ReadonlyArray<readonly [object, RegExp]>;

const NO_COUNT = [0, -1, NaN, 1.5, "4", null, {}, -Infinity];
const NO_TIME = [0, -1, NaN, "10", null];

const TOOL_MISUSE: Misuse = [
  [{ name: undefined }, /^`name` must be a non-empty string, got undefined$/],
  [{ name: "" }, /`name` must be a non-empty string, got ""/],
  [{ name: 7 }, /`name`.*got 7/],
  [{ name: "two words" }, /`name` must be 1 to 64 letters, digits, "_" or "-", got "two words"/],
  [{ name: "functions.look" }, /got "functions\.look"/],
  [{ name: "x".repeat(65) }, /`name` must be 1 to 64/],
  [{ description: "" }, /`description` of `look` must be a non-empty string, got ""/],
  [{ description: undefined }, /`description` of `look`.*got undefined/],
  [
    { effects: undefined },
    /`effects` of `look` must be "none", "read", "write" or a function of the input, got undefined/,
  ],
  [{ effects: "reads" }, /`effects` of `look`.*got "reads"/],
  [{ effects: { reads: [] } }, /`effects` of `look`.*got an object/],
  [{ execute: undefined }, /`execute` of `look` must be a function, got undefined/],
  [{ after: "other" }, /`after` must be an array of strings, got "other"/],
  [{ after: ["a", ""] }, /`after\[1\]` must be a non-empty string, got ""/],
  [{ pools: [7] }, /`pools\[0\]` must be a non-empty string, got 7/],
  [{ onDependencyFailure: "stop" }, /`onDependencyFailure` must be "skip" or "run", got "stop"/],
  [{ output: 7 }, /`output` must be a Standard Schema .*got 7/],
  [{ timeout: 5 }, /`tool` has no option `timeout`; it knows name, description, .*timeoutMs/],
  ...NO_COUNT.filter((value) => value !== null).map(
    (concurrency) => [{ concurrency }, /`concurrency` must be a positive integer, got /] as const,
  ),
  ...["timeoutMs", "deadlineMs"].flatMap((name) =>
    NO_TIME.filter((value) => value !== null).map(
      (value) =>
        [
          { [name]: value },
          new RegExp(`\`${name}\` must be a number of milliseconds above 0, got `),
        ] as const,
    ),
  ),
];

test("every misuse of `defineTool` is a TypeError that names the option and what came", () => {
  for (const [options, message] of TOOL_MISUSE)
    assert.throws(() => tool(options), { name: "TypeError", message }, JSON.stringify(options));
  for (const options of [undefined, null, 7, "look", []])
    assert.throws(() => defineTool(options as never), {
      name: "TypeError",
      message: /`tool` must be an object, got /,
    });
});

const look = tool({});

const EXECUTOR_MISUSE: Misuse = [
  [{ tools: undefined }, /`tools` must be an array of tools, got undefined/],
  [{ tools: { look } }, /`tools` must be an array of tools, got an object/],
  [{ tools: [look, TOOL] }, /`tools\[1\]` must come from defineTool, got an object/],
  [{ tools: [null] }, /`tools\[0\]` must come from defineTool, got null/],
  [{ tools: [look, tool({})] }, /`tools` has two tools called `look`/],
  [{ tools: [tool({ pools: ["db"] })] }, /`pools` of `look` names `db`, which is not in `pools`/],
  [{ tools: [tool({ after: ["send"] })] }, /`after` of `look` names `send`, which is not in `tools`/],
  [{ tools: [tool({ after: ["look"] })] }, /`after` goes round in a cycle: look → look/],
  [
    { tools: [tool({}), ...chain("a", "b", "c")] },
    /`after` goes round in a cycle: (a → b → c → a|b → c → a → b|c → a → b → c)/,
  ],
  [{ pools: 7 }, /`pools` must be an object of pools by name, got 7/],
  [{ pools: ["db"] }, /`pools` must be an object of pools by name, got an array/],
  [{ pools: { db: 2 } }, /`pools\.db` must be an object, got 2/],
  [
    { pools: { db: {} } },
    /`pools\.db` limits nothing: it needs `concurrency`, `rate`, `adaptive` or `circuit`/,
  ],
  [{ pools: { db: { concurrency: 0 } } }, /`pools\.db\.concurrency` must be a positive integer, got 0/],
  [{ pools: { db: { concurrency: 1, limit: 2 } } }, /`pools\.db` has no option `limit`/],
  [{ pools: { executor: { concurrency: 1 } } }, /a pool cannot be called "executor"/],
  [{ pools: { "tool:look": { concurrency: 1 } } }, /a pool cannot be called "tool:look"/],
  [{ graceMs: -1 }, /`graceMs` must be a number of milliseconds, 0 or more, got -1/],
  [{ graceMs: NaN }, /`graceMs`.*got NaN/],
  [{ eager: true }, /`eager` must be "off" or "reads" or "all", got true/],
  [{ onFailure: "stop" }, /`onFailure` must be "continue" or "cancel-siblings", got "stop"/],
  [{ onEvent: {} }, /`onEvent` must be a function, got an object/],
  [{ clock: 7 }, /`clock` must be a Clock, got 7/],
  [{ clock: { now: () => 0 } }, /`clock\.setTimer` must be a function, got undefined/],
  [{ maxConcurrency: 4 }, /`createExecutor` has no option `maxConcurrency`; it knows tools, concurrency/],
  ...["concurrency", "maxCalls"].flatMap((name) =>
    NO_COUNT.filter((value) => value !== null).map(
      (value) => [{ [name]: value }, new RegExp(`\`${name}\` must be a positive integer, got `)] as const,
    ),
  ),
  ...["timeoutMs", "deadlineMs"].flatMap((name) =>
    NO_TIME.filter((value) => value !== null).map(
      (value) =>
        [{ [name]: value }, new RegExp(`\`${name}\` must be a number of milliseconds above 0`)] as const,
    ),
  ),
];

function chain(...names: readonly string[]) {
  return names.map((name, i) => tool({ name, after: [names[(i + 1) % names.length]] }));
}

test("every misuse of `createExecutor` is a TypeError that names the option and what came (case 26)", () => {
  for (const [options, message] of EXECUTOR_MISUSE)
    assert.throws(() => createExecutor({ tools: [look], ...options } as ExecutorOptions), {
      name: "TypeError",
      message,
    });
  for (const options of [undefined, null, [look]])
    assert.throws(() => createExecutor(options as never), {
      message: /`createExecutor` must be an object, got /,
    });
});

const BATCH_MISUSE: Misuse = [
  [{ signal: {} }, /`signal` must be an AbortSignal, got an object/],
  [{ signal: new AbortController() }, /`signal` must be an AbortSignal, got an object/],
  [{ signal: null }, /`signal` must be an AbortSignal, got null/],
  [{ deadlineMs: 0 }, /`deadlineMs` must be a number of milliseconds above 0, got 0/],
  [{ deadlineMs: NaN }, /`deadlineMs`.*got NaN/],
  [{ onFailure: "fail" }, /`onFailure` must be .*got "fail"/],
  [{ onEvent: "log" }, /`onEvent` must be a function, got "log"/],
  [
    { timeoutMs: 5 },
    /`options` has no option `timeoutMs`; it knows signal, deadlineMs, onFailure, parallel, onEvent/,
  ],
];

test("every misuse of `open` and `run` is a TypeError that names the option, and opens no batch", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  for (const [options, message] of BATCH_MISUSE) {
    assert.throws(() => executor.open(options as BatchRunOptions), { name: "TypeError", message });
    await assert.rejects(executor.run([touch("1")], options as BatchRunOptions), {
      name: "TypeError",
      message,
    });
  }
  assert.throws(() => executor.open({ eager: "yes" } as never), { message: /`eager` must be .*got "yes"/ });
  await assert.rejects(executor.run([touch("1")], { eager: "all" } as never), {
    name: "TypeError",
    message: /has no option `eager`/,
  });
  assert.throws(() => executor.open(null as never), { message: /`options` must be an object, got null/ });
  assert.deepEqual([executor.stats.batches, stage.clock.pending, stage.events], [0, 0, []]);
});

test("what is no call at all is a TypeError, and leaves nothing behind", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  for (const calls of [undefined, null, 7, {}, "touch"])
    await assert.rejects(executor.run(calls as never), {
      name: "TypeError",
      message: /`calls` must be an array of calls, got /,
    });
  for (const call of [undefined, null, 7, "touch"]) {
    const message = /a call must be an object, got /;
    await assert.rejects(executor.run([touch("1"), call as never]), { name: "TypeError", message });
    const batch = executor.open();
    assert.throws(() => batch.add(call as never), { name: "TypeError", message });
    assert.deepEqual(await batch.close(), []);
  }
  await stage.settle();
  assert.deepEqual([executor.stats.batches, stage.started], [0, []]);
});

test("`Infinity` is no limit, and `undefined` is the default", async () => {
  const stage = new Stage();
  const none = { concurrency: Infinity, maxCalls: Infinity, timeoutMs: Infinity, deadlineMs: Infinity };
  const executor = stage.executor({
    ...none,
    graceMs: 0,
    eager: undefined,
    onFailure: undefined,
    pools: undefined,
  });
  const running = executor.run(
    Array.from({ length: 300 }, (_, i) => touch(String(i))),
    { signal: undefined },
  );
  await stage.settle();
  assert.equal(stage.started.length, 300);
  assert.equal(stage.clock.pending, 0);
  for (const label of stage.started) stage.visit(label).resolve(1);
  await running;
});

test("a tool is frozen, and knows nothing of what is done to its options later", () => {
  const after = ["other"];
  const made = tool({ after, pools: ["db", "db"] });
  after.push("another");
  assert.deepEqual([made.after, made.pools], [["other"], ["db"]]);
  assert.ok(Object.isFrozen(made));
});
