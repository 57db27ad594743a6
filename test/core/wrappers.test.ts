import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, errorOf, Stage, touch, type Part } from "../support/stage.ts";

function use(as: string, part: Part = {}) {
  return { recipient_name: "functions.touch", parameters: { as, ...part } };
}

test("the calls in `multi_tool_use.parallel` run by the same rules and are answered under its id (case 60)", async () => {
  const stage = new Stage();
  const running = stage.executor().run([
    touch("first", { writes: ["a"] }),
    {
      id: "wrapper",
      name: "multi_tool_use.parallel",
      input: {
        tool_uses: [
          use("locked", { reads: ["a"] }),
          use("free"),
          { recipient_name: "functions.nobody", parameters: {} },
          { recipient_name: "touch", parameters: '{"as":"by text"}' },
          { recipient_name: "touch", parameters: '{"as":' },
        ],
      },
    },
    touch("last", { writes: ["a"] }),
  ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["first", "free", "by text"]);
  await stage.finish("first");
  assert.deepEqual(stage.started, ["first", "free", "by text", "locked"]);
  await stage.finish("locked");
  assert.equal(stage.started.at(-1), "last");
  await stage.finish("free");
  await stage.fail("by text");
  await stage.finish("last");
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ call, status }) => [call.id, call.index, status]),
    [
      ["first", 0, "ok"],
      ["wrapper", 1, "ok"],
      ["last", 2, "ok"],
    ],
  );
  const answers = outcomes[1]?.output as {
    name: string;
    status: string;
    output?: unknown;
    error?: { code: string };
  }[];
  assert.deepEqual(
    answers.map(({ name, status, output, error }) => [name, status, output ?? error?.code]),
    [
      ["touch", "ok", "locked done"],
      ["touch", "ok", "free done"],
      ["nobody", "failed", "unknown-tool"],
      ["touch", "failed", "tool-error"],
      ["touch", "failed", "invalid-json"],
    ],
  );
  assert.doesNotThrow(() => JSON.stringify(answers));
});

test("other spellings of a wrapper are read too: `parallel`, with `calls`, `name` and `input` (case 60)", async () => {
  const stage = new Stage();
  const inputs = [
    { calls: [{ name: "touch", input: { as: "1" } }] },
    { tool_uses: [{ name: "touch", arguments: { as: "2" } }] },
  ];
  const running = stage
    .executor()
    .run([
      ...inputs.map((input) => ({ name: "parallel", input })),
      { name: "multi_tool_use.parallel", inputText: JSON.stringify({ tool_uses: [use("3")] }) },
      { name: "parallel", input: { calls: [] } },
    ]);
  await stage.settle();
  for (const label of ["1", "2", "3"]) await stage.finish(label);
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ output }) => (output as { output: unknown }[]).map((answer) => answer.output)),
    [["1 done"], ["2 done"], ["3 done"], []],
  );
});

test("what only looks like a wrapper is an unknown tool, and so is one inside another (case 60)", async () => {
  const stage = new Stage();
  const outcomes = await stage.executor().run([
    { name: "parallel", input: {} },
    { name: "parallel", input: { calls: "touch" } },
    { name: "parallel", input: { calls: [null] } },
    { name: "parallel", input: { calls: [{ name: 7 }] } },
    { name: "multi_tool_use.parallel", inputText: '{"tool_uses":[' },
    { name: "parallel", input: { calls: [{ name: "parallel", input: { calls: [] } }] } },
  ]);
  assert.deepEqual(
    brief(outcomes).slice(0, 5),
    Array.from({ length: 5 }, () => "unknown-tool"),
  );
  const inner = outcomes[5]?.output as { error: { code: string } }[];
  assert.equal(inner[0]?.error.code, "unknown-tool");
});

test("a tool that really has a wrapper's name is that tool", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ tools: [stage.tool("parallel")] })
    .run([{ name: "parallel", input: { as: "own", calls: [] } }]);
  await stage.settle();
  await stage.finish("own");
  assert.deepEqual(brief(await running), ["own done"]);
});

test("`maxCalls` counts the calls inside, and those beyond are answered inside", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ maxCalls: 3 })
    .run([
      { name: "parallel", input: { calls: ["1", "2", "3"].map((as) => ({ name: "touch", input: { as } })) } },
    ]);
  await stage.settle();
  for (const label of stage.started) await stage.finish(label);
  const [outcome] = await running;
  const answers = outcome?.output as { error?: { code: string } }[];
  const codes = answers.map(({ error }) => error?.code);
  assert.deepEqual(codes, [undefined, undefined, "over-limit"]);
});

test("G6: an abort ends the calls in a wrapper, and the wrapper says how", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const running = stage
    .executor({ concurrency: 1 })
    .run(
      [{ name: "parallel", input: { calls: [use("runs", { obeys: true }), use("waits")] } }, touch("next")],
      {
        signal: user.signal,
      },
    );
  await stage.settle();
  user.abort();
  await stage.settle();
  const [wrapper, next] = await running;
  const answers = wrapper?.output as { status: string; error: { code: string } }[];
  assert.deepEqual(
    answers.map(({ status }) => status),
    ["cancelled", "cancelled"],
  );
  assert.equal(errorOf(next).code, "cancelled");
});

test("G9: a wrapper that was cut off runs none of its calls; one in an open batch runs them by its rules", async () => {
  const stage = new Stage();
  const batch = stage.executor().open();
  batch.add({
    name: "parallel",
    input: { calls: [use("read", { reads: ["a"] }), use("write", { writes: ["b"] })] },
  });
  batch.add({ name: "parallel", input: { calls: [use("cut")] }, truncated: true });
  await stage.settle();
  assert.deepEqual(stage.started, ["read"]);
  const closing = batch.close({ truncated: true });
  await stage.finish("read");
  const [wrapper, cut] = await closing;
  const answers = wrapper?.output as { output?: string; error?: { code: string } }[];
  assert.deepEqual(
    answers.map(({ output, error }) => output ?? error?.code),
    ["read done", "truncated"],
  );
  assert.equal(errorOf(cut).code, "truncated");
});

test("G1: a circle through a wrapper fails the calls that close it, and the wrapper is answered", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch"), stage.tool("later", { after: ["touch"] })];
  const wrapped = {
    name: "parallel",
    input: { calls: [use("free"), { name: "later", parameters: { as: "later" } }] },
  };
  const running = stage
    .executor({ tools, references: true })
    .run([{ name: "touch", input: { as: "first", of: "$2" } }, wrapped, touch("other")]);
  for (const as of ["free", "other"]) await stage.finish(as);
  const [first, wrapper, other] = await running;
  assert.equal(
    errorOf(first).message,
    "not executed: calls wait for each other in a circle: 1 → 2 → 2.2 → 1",
  );
  assert.deepEqual(
    (wrapper?.output as { error?: { code: string } }[] | undefined)?.map(({ error }) => error?.code),
    [undefined, "invalid-reference"],
  );
  assert.equal(other?.status, "ok");
});

test("G3: a call that refers to a wrapper whose calls are held is held as well, so that no other conversation comes between", async () => {
  const stage = new Stage();
  const executor = stage.executor({ references: true });
  const batch = executor.open();
  batch.add({ name: "parallel", input: { calls: [use("held", { reads: ["x"], writes: ["y"] })] } });
  batch.add({ name: "touch", input: { as: "behind", reads: ["x"], of: "$1" } });
  await stage.settle();
  const other = executor.run([touch("other", { writes: ["x", "y"] })]);
  await stage.settle();
  const closing = batch.close();
  for (const as of ["other", "held", "behind"]) await stage.finish(as);
  assert.deepEqual(stage.started, ["other", "held", "behind"]);
  assert.ok([...(await other), ...(await closing)].every(({ status }) => status === "ok"));
});
