import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRequest } from "../../src/index.ts";
import { brief, errorOf, schemaOf, Stage, touch } from "../support/stage.ts";

const WIDE = 5_000;
const NOTHING_LEFT = { running: 0, abandoned: 0, batches: 0, pools: {} };

/** Wide batches that would be as many frames deep if anything in the engine were recursive. */
const WIDTHS: Readonly<
  Record<
    string,
    { readonly calls: readonly CallRequest[]; readonly ends: string; readonly concurrency?: number }
  >
> = {
  "a chain of writes behind one that fails": {
    calls: [touch("fails", { writes: ["a"] }), ...writes(WIDE, "a")],
    ends: "dependency-failed",
  },
  "calls behind a barrier": {
    calls: [touch("fails", { writes: [""] }), ...writes(WIDE, "a", 0)],
    ends: "dependency-failed",
  },
  "unknown tools": {
    calls: [touch("fails"), ...Array.from({ length: WIDE }, () => ({ name: "nobody" }))],
    ends: "unknown-tool",
  },
  "dependants of one that fails": {
    calls: [touch("fails"), ...Array.from({ length: WIDE }, () => ({ name: "late", input: {} }))],
    ends: "dependency-failed",
  },
  "calls one by one": {
    calls: [touch("fails"), ...Array.from({ length: WIDE }, () => ({ name: "touch", inputText: "{" }))],
    ends: "invalid-json",
    concurrency: 1,
  },
  "calls that are refused behind a slow check": {
    calls: [
      { name: "checked", input: { as: "fails" } },
      ...Array.from({ length: WIDE }, () => ({ name: "touch", input: 7 })),
    ],
    ends: "invalid-input",
  },
  "calls whose effects fail behind a slow check": {
    calls: [
      { name: "checked", input: { as: "fails" } },
      ...Array.from({ length: WIDE }, () => ({ name: "touch", input: { writes: [7] } })),
    ],
    ends: "invalid-effects",
  },
  "calls in a wrapper": {
    calls: [
      touch("fails"),
      { name: "parallel", input: { calls: Array.from({ length: WIDE }, () => ({ name: "nobody" })) } },
    ],
    ends: "ok",
  },
};

function writes(count: number, path: string, from = 1): CallRequest[] {
  return Array.from({ length: count }, (_, i) => touch(`${i + from}`, { writes: [path] }));
}

for (const [what, { calls, ends, concurrency = 10 }] of Object.entries(WIDTHS)) {
  test(`G1: a batch of 5,000 ${what} settles`, async () => {
    const stage = new Stage();
    const tools = [
      stage.tool("touch"),
      stage.tool("late", { effects: "none", after: ["touch"] }),
      stage.tool("checked", { input: schemaOf(async (value) => ({ value })) }),
    ];
    const executor = stage.executor({ tools, maxCalls: Infinity, concurrency });
    const running = executor.run(calls);
    await stage.settle();
    await stage.fail("fails");
    const outcomes = await running;
    assert.equal(outcomes.length, calls.length);
    assert.equal(errorOf(outcomes[0]).code, "tool-error");
    const codes = outcomes.slice(1).map(({ status, error }) => error?.code ?? status);
    assert.deepEqual([...new Set(codes)], [ends]);
    assert.deepEqual(executor.stats, NOTHING_LEFT);
  });
}

test("G6: a batch of 5,000 that is aborted in mid-air settles at once", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const executor = stage.executor({ maxCalls: Infinity });
  const running = executor.run(
    [
      touch("runs", { writes: ["a"], obeys: true }),
      ...writes(WIDE, "a"),
      ...Array.from({ length: WIDE }, (_, i) => touch(`free ${i}`, { obeys: true })),
    ],
    { signal: user.signal },
  );
  await stage.settle();
  user.abort();
  await stage.settle();
  assert.deepEqual([...new Set(brief(await running))], ["cancelled"]);
  assert.equal(stage.started.length, 10);
  assert.deepEqual(executor.stats, NOTHING_LEFT);
});
