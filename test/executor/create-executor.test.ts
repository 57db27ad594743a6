/** The executor as users have it: the engine, with a budget for results. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { batchTool } from "../../src/core/batch-tool.ts";
import { defineTool } from "../../src/core/tool.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { widenSchema } from "../../src/executor/widen-schema.ts";
import { encodeOutcomes } from "../../src/results/encode.ts";
import { textOf } from "../support/results.ts";

function tool(name: string, output: unknown = "ok") {
  return defineTool({
    name,
    description: "A tool.",
    input: { type: "object" },
    effects: "read",
    execute: () => output,
  });
}

function names(...options: Parameters<typeof createExecutor>): string[] {
  return createExecutor(...options).tools.map(({ name }) => name);
}

test("read_result is the last of the tools, unless the budget is off or there is nothing to read", () => {
  assert.deepEqual(names({ tools: [tool("b"), tool("a")] }), ["b", "a", "read_result"]);
  assert.deepEqual(names({ tools: [tool("a")], maxResultTokens: Infinity }), ["a"]);
  assert.deepEqual(names({ tools: [] }), []);
});

test("a tool of one's own called read_result stays, and no note names it", async () => {
  const tools = [tool("read_result", "mine"), tool("long", "x".repeat(100_000))];
  const executor = createExecutor({ tools });
  assert.deepEqual(executor.tools, tools);
  const outcomes = await executor.run([
    { name: "read_result", input: {} },
    { name: "long", input: {} },
  ]);
  const [mine, long] = (await encodeOutcomes(executor, outcomes)).map(textOf);
  assert.equal(mine, "mine");
  assert.match(long ?? "", /\[cut: [\d,]+ of 100,000 characters shown\]$/);
});

test("by default a result has at most 10,000 tokens, and a batch 40,000", async () => {
  const executor = createExecutor({ tools: [tool("long", "東".repeat(100_000))] });
  const lengths = async (count: number) => {
    const outcomes = await executor.run(Array(count).fill({ name: "long", input: {} }));
    return (await encodeOutcomes(executor, outcomes)).map((result) => textOf(result).length);
  };
  assert.ok((await lengths(1)).every((length) => length > 9_850 && length < 10_100));
  assert.ok((await lengths(8)).every((length) => length > 4_900 && length < 5_100));
});

test("with references on, the model is shown schemas that take them, and inputs are checked as ever", async () => {
  const count = defineTool({
    name: "count",
    description: "A tool.",
    input: { type: "object", properties: { to: { type: "integer" } } },
    effects: "none",
    execute: ({ to }) => to,
  });
  const tools = [count, batchTool()];
  const executor = createExecutor({ tools, references: true });
  const [shown, batch, reader] = executor.tools;
  assert.deepEqual(shown?.inputSchema, widenSchema(count.inputSchema, "exact"));
  assert.notDeepEqual(shown.inputSchema, count.inputSchema);
  assert.equal(batch, tools[1], "what is in a list of calls takes any text");
  assert.equal(JSON.stringify(reader?.inputSchema).includes("pattern"), false);
  const [outcome] = await executor.run([{ name: "count", input: { to: "two" } }]);
  assert.equal(outcome?.error?.code, "invalid-input");
  const texts = createExecutor({ tools, references: "template" });
  assert.deepEqual(texts.tools[0]?.inputSchema, widenSchema(count.inputSchema, "template"));
  assert.deepEqual(createExecutor({ tools, maxResultTokens: Infinity }).tools, tools);
});

test("misuse is named by the budget and by the engine", () => {
  const misuse: readonly (readonly [object, RegExp])[] = [
    [{ tools: [], maxResultTokens: -1 }, /^`maxResultTokens` must be a positive integer, got -1$/],
    [{ tools: [], concurrency: 0 }, /^`concurrency` must be a positive integer, got 0$/],
    [{ tools: "none" }, /^`tools` must be an array of tools, got "none"$/],
    [{ tools: [null] }, /^`tools\[0\]` must come from defineTool, got null$/],
    [{ tools: [], references: "all" }, /^`references` must be true, false or "template", got "all"$/],
    [{ tools: [], colour: 1 }, /^`createExecutor` has no option `colour`/],
  ];
  for (const [options, message] of misuse) {
    assert.throws(() => createExecutor(options as Parameters<typeof createExecutor>[0]), {
      name: "TypeError",
      message,
    });
  }
});
