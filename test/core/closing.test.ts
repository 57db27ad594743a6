import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRequest } from "../../src/index.ts";
import { brief, errorOf, Stage, touch } from "../support/stage.ts";

/** One call of every kind of fate, in the order in which they stand in the batch. */
const MIXED: readonly CallRequest[] = [
  touch("slow"),
  { id: "a", name: "nobody", input: {} },
  { id: "b", name: "strict", input: { n: "one" } },
  touch("fast"),
  { id: "c", name: "touch", inputText: '{"as":' },
  { id: "d", name: "touch", input: { writes: [7] } },
  { id: "e", name: "touch", inputText: '{"as":"cut"}', truncated: true },
  { id: "f", name: "throws", input: {} },
  touch("hangs"),
];

function mixedStage() {
  const stage = new Stage();
  const strict = stage.tool("strict", { input: { type: "object", properties: { n: { type: "number" } } } });
  const throws = stage.tool("throws", {
    execute: () => {
      throw new Error("it broke");
    },
  });
  const tools = [stage.tool("touch", { timeoutMs: 50 }), strict, throws];
  return { stage, executor: stage.executor({ tools, graceMs: 5 }) };
}

test("G1: every call of a mixed batch has its own outcome, in call order (case 64)", async () => {
  const { stage, executor } = mixedStage();
  const running = executor.run(MIXED);
  await stage.settle();
  await stage.finish("fast");
  await stage.finish("slow");
  await stage.clock.runAll();
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), [
    "slow done",
    "unknown-tool",
    "invalid-input",
    "fast done",
    "invalid-json",
    "invalid-effects",
    "truncated",
    "tool-error",
    "timeout",
  ]);
  assert.deepEqual(
    outcomes.map(({ call }) => [call.index, call.id]),
    MIXED.map(({ id }, index) => [index, id]),
  );
});

test("G1, G8: outcomes stand in call order whatever order the calls end in (case 63)", async () => {
  const labels = ["1", "2", "3", "4", "5"];
  const ends = [labels, labels.toReversed(), ["3", "1", "5", "2", "4"]];
  const texts = [];
  for (const order of ends) {
    const stage = new Stage();
    const running = stage.executor().run(labels.map((label) => touch(label)));
    await stage.settle();
    for (const label of order) await stage.finish(label);
    texts.push(JSON.stringify(await running));
  }
  assert.deepEqual(texts, [texts[0], texts[0], texts[0]]);
  assert.deepEqual(
    (JSON.parse(texts[0] as string) as { output: string }[]).map(({ output }) => output),
    ["1 done", "2 done", "3 done", "4 done", "5 done"],
  );
});

test("G1: calls with one and the same id are two calls (case 44, engine)", async () => {
  const stage = new Stage();
  const running = stage.executor().run([
    { id: "same", name: "touch", input: { as: "first" } },
    { id: "same", name: "touch", input: { as: "second" } },
    { name: "touch", input: { as: "without" } },
  ]);
  await stage.settle();
  for (const label of ["second", "without", "first"]) await stage.finish(label);
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["first done", "second done", "without done"]);
  assert.equal(new Set(outcomes.map(({ call }) => call.key)).size, 3);
});

test("G1: an empty batch settles with no outcomes", async () => {
  const stage = new Stage();
  assert.deepEqual(await stage.executor().run([]), []);
  const batch = stage.executor().open();
  assert.deepEqual(await batch.close(), []);
});

test("a batch that is closed twice has the same outcomes, and takes no more calls", async () => {
  const stage = new Stage();
  const batch = stage.executor().open();
  batch.add(touch("one"));
  const closing = batch.close();
  assert.throws(() => batch.add(touch("two")), { name: "TuttiError", code: "batch-closed" });
  await stage.settle();
  await stage.finish("one");
  assert.deepEqual(brief(await closing), ["one done"]);
  assert.equal(await batch.close(), await closing);
});

test("G1: whatever a tool returns is an outcome (case 7, engine)", async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const values = [undefined, null, "", 0n, cyclic, Buffer.alloc(1024), new Error(""), new Map(), () => {}];
  const stage = new Stage();
  const running = stage.executor().run(values.map((_, i) => touch(String(i))));
  await stage.settle();
  for (const [i, value] of values.entries()) stage.visit(String(i)).resolve(value);
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    values.map(() => "ok"),
  );
  assert.equal(outcomes[4]?.output, cyclic);
});

test("calls beyond `maxCalls` are answered, not run, and the rest are (case 38)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ maxCalls: 20, concurrency: Infinity });
  const running = executor.run(Array.from({ length: 64 }, (_, i) => touch(String(i))));
  await stage.settle();
  assert.equal(stage.started.length, 20);
  for (const label of stage.started) await stage.finish(label);
  const outcomes = await running;
  assert.deepEqual(
    brief(outcomes).slice(0, 20),
    Array.from({ length: 20 }, (_, i) => `${i} done`),
  );
  for (const outcome of outcomes.slice(20)) {
    assert.equal(outcome.status, "skipped");
    const { code, message, retryable, mayHaveTakenEffect } = errorOf(outcome);
    assert.deepEqual(
      { code, retryable, mayHaveTakenEffect },
      { code: "over-limit", retryable: true, mayHaveTakenEffect: false },
    );
    assert.match(message, /^not executed: at most 20 calls/);
  }
});

test("a call that lacks arguments altogether runs with `{}` (case 45)", async () => {
  const inputs: unknown[] = [];
  const stage = new Stage();
  const note = stage.tool("note", { execute: (input) => inputs.push(input) });
  await stage
    .executor({ tools: [note] })
    .run([
      { name: "note" },
      { name: "note", inputText: "" },
      { name: "note", inputText: "{}" },
      { name: "note", input: {} },
    ]);
  assert.deepEqual(inputs, [{}, {}, {}, {}]);
});

test("G9: arguments that are no JSON, or JSON in a string, never run (cases 46, 56)", async () => {
  const stage = new Stage();
  const outcomes = await stage.executor().run([
    { name: "touch", inputText: '{"as":"cut' },
    { name: "touch", inputText: '"{\\"as\\":\\"twice encoded\\"}"' },
  ]);
  assert.deepEqual(brief(outcomes), ["invalid-json", "invalid-input"]);
  assert.match(errorOf(outcomes[0]).message, /^the arguments are not valid JSON: /);
  assert.ok(errorOf(outcomes[0]).cause instanceof SyntaxError);
  assert.match(errorOf(outcomes[1]).message, /string.*object/);
  assert.deepEqual(stage.started, []);
});

test("G9: a call that was cut off never runs, even where its arguments parse and pass (cases 55, 57)", async () => {
  const stage = new Stage();
  const running = stage
    .executor()
    .run([
      { name: "touch", input: { as: "cut" }, truncated: true },
      { name: "touch", inputText: '{"as":"cut too"}', truncated: true },
      { name: "nobody", inputText: "{", truncated: true },
      { name: "multi_tool_use.parallel", input: { tool_uses: [] }, truncated: true },
      touch("whole"),
    ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["whole"]);
  await stage.finish("whole");
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["truncated", "truncated", "truncated", "truncated", "whole done"]);
  assert.match(errorOf(outcomes[0]).message, /^not executed: .*cut off/);
  assert.equal(errorOf(outcomes[0]).retryable, true);
});

test("an unknown tool is answered with the names there are, and the others run (case 59)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ tools: [stage.tool("touch"), stage.tool("look")] });
  const odd = [
    "",
    "__proto__",
    "constructor",
    "a b\n",
    "x".repeat(500),
    undefined,
    7n,
    Symbol("s"),
  ] as string[];
  const running = executor.run([...odd.map((name) => ({ name, input: {} })), touch("known")]);
  await stage.settle();
  await stage.finish("known");
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), [...odd.map(() => "unknown-tool"), "known done"]);
  assert.equal(
    errorOf(outcomes[1]).message,
    'there is no tool "__proto__"; the tools are touch, look, read_result',
  );
  const none = await stage.executor({ tools: [] }).run([{ name: "any" }]);
  assert.equal(errorOf(none[0]).message, 'there is no tool "any"; there are no tools');
});
