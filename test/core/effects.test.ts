import assert from "node:assert/strict";
import { test } from "node:test";
import type { Effects } from "../../src/index.ts";
import { brief, errorOf, schemaOf, Stage, touch } from "../support/stage.ts";

async function run(effects: unknown) {
  const stage = new Stage();
  const tool = stage.tool("odd", { effects: effects as Effects<Record<string, unknown>> });
  const running = stage
    .executor({ tools: [tool, stage.tool("touch")] })
    .run([{ name: "odd", input: {} }, touch("sibling")]);
  await stage.settle();
  for (const label of stage.started) await stage.finish(label);
  return { stage, outcomes: await running };
}

class Elsewhere {
  readonly path = "a";
}

const JUNK: ReadonlyArray<readonly [string, unknown, RegExp]> = [
  ["nothing", undefined, /must return \{ reads, writes, commutes \}, got undefined/],
  ["null", null, /got null/],
  ["a word", "read", /got string/],
  ["a list", ["a"], /got an array/],
  ["an empty list", [], /got an array/],
  ["a map", new Map([["writes", ["a"]]]), /must return \{ reads, writes, commutes \}/],
  ["an object of some class", new Elsewhere(), /must return \{ reads, writes, commutes \}/],
  ["a promise", Promise.resolve({ writes: ["a"] }), /got a promise/],
  ["a misspelt key", { write: ["a"] }, /returned `write`, which is none of `reads`, `writes` and `commutes`/],
  ["a resource for a list", { writes: "a" }, /`writes` must be an array of resources, got string/],
  ["a set for a list", { reads: new Set(["a"]) }, /`reads` must be an array of resources, got object/],
  ["a number", { writes: [7] }, /a resource must be a string or an array of strings, got 7/],
  ["an undefined resource", { reads: [undefined] }, /got undefined/],
  ["a way out of the root", { reads: ["../a"] }, /leads out of the root/],
  ["an empty segment", { writes: [["a", ""]] }, /must be a non-empty string, got ""/],
];

for (const [what, footprint, message] of JUNK) {
  test(`G3: \`effects\` that returns ${what} fails its call, which never runs`, async () => {
    const { stage, outcomes } = await run(() => footprint);
    assert.deepEqual(brief(outcomes), ["invalid-effects", "sibling done"]);
    assert.match(errorOf(outcomes[0]).message, /^not executed: the effects of `odd` are unknown: /);
    assert.match(errorOf(outcomes[0]).message, message);
    assert.deepEqual(stage.started, ["sibling"]);
  });
}

test("G2, G3: `effects` that throws fails its call, with the cause", async () => {
  const cause = new Error("no account in the input");
  const { stage, outcomes } = await run(() => {
    throw cause;
  });
  const error = errorOf(outcomes[0]);
  assert.equal(error.message, "not executed: the effects of `odd` are unknown: no account in the input");
  assert.equal(error.cause, cause);
  assert.deepEqual(stage.started, ["sibling"]);
});

test("G10: `effects` that is async and fails leaves no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const { stage, outcomes } = await run(async () => {
    throw new Error("too late");
  });
  await stage.settle();
  process.off("unhandledRejection", note);
  assert.deepEqual(brief(outcomes), ["invalid-effects", "sibling done"]);
  assert.deepEqual(unhandled, []);
});

test("no list, an empty list and `undefined` touch nothing; one resource may be in both", async () => {
  for (const footprint of [
    {},
    { reads: [] },
    { reads: undefined, writes: undefined },
    { reads: ["a"], writes: ["a"] },
  ]) {
    const { outcomes } = await run(() => footprint);
    assert.deepEqual(brief(outcomes), ["odd done", "sibling done"]);
  }
});

test("`effects` sees the input as the validator leaves it, once per call", async () => {
  const stage = new Stage();
  const seen: unknown[] = [];
  const tool = stage.tool("odd", {
    input: schemaOf((value) => ({ value: { ...(value as object), path: "by default" } })),
    effects: (input) => {
      seen.push(input);
      return { writes: [input["path"] as string] };
    },
    execute: (input) => input,
  });
  const outcomes = await stage.executor({ tools: [tool] }).run([{ name: "odd", input: { n: 1 } }]);
  assert.deepEqual(seen, [{ n: 1, path: "by default" }]);
  assert.equal(outcomes[0]?.output, seen[0]);
});

test("G3: a tool that changes its input while it runs moves no lock", async () => {
  const stage = new Stage();
  const path = ["a"];
  const tools = [stage.tool("touch"), stage.tool("odd", { effects: () => ({ writes: [path] }) })];
  const running = stage
    .executor({ tools })
    .run([
      { name: "odd", input: { as: "first" } },
      { name: "odd", input: { as: "second" } },
      touch("third", { writes: ["b"] }),
    ]);
  await stage.settle();
  path[0] = "b";
  assert.deepEqual(stage.started, ["first", "third"]);
  await stage.fail("first");
  await stage.finish("third");
  assert.deepEqual(brief(await running), ["tool-error", "dependency-failed", "third done"]);
});
