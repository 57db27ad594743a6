/** What was cut is kept, and what cannot be kept costs no batch (contract §8). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { EncodedResult, ResultStore } from "../../src/core/result.ts";
import { memoryStore } from "../../src/results/memory-store.ts";
import { createResultBudget } from "../../src/results/result-budget.ts";
import { defineTool } from "../../src/core/tool.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { ok } from "../support/outcomes.ts";
import { cutOf, textOf } from "../support/results.ts";

const long = ok("x".repeat(100_000));
const maxResultTokens = { call: 500, batch: 500 };

async function noteOf(resultStore: ResultStore): Promise<string | undefined> {
  const [result] = await createResultBudget({ maxResultTokens, resultStore }).encode([long]);
  return /\[cut.*\]$/.exec(textOf(result as EncodedResult))?.[0];
}

const failing: readonly (readonly [string, () => Promise<void>])[] = [
  ["throws", () => { throw new Error("the disk is full"); }],
  ["rejects", () => Promise.reject(new Error("the disk is full"))],
]; // prettier-ignore

for (const [what, put] of failing) {
  test(`a store that ${what} fails no batch: the note says that the rest is not kept`, async () => {
    assert.match(
      (await noteOf({ put, get: () => undefined })) ?? "",
      /^\[cut: [\d,]+ of 100,000 characters shown; the rest could not be kept\]$/,
    );
  });
}

test("G10: a store that never answers holds up no batch for more than 5 seconds, and leaves no timer", async () => {
  const clock = new VirtualClock();
  const put = deferred<void>();
  const store = { put: () => put.promise, get: () => undefined };
  const encoded = createResultBudget({ maxResultTokens, resultStore: store, clock }).encode([long]);
  await clock.advance(5_000);
  assert.match(textOf((await encoded)[0] as EncodedResult), /could not be kept\]$/);
  assert.equal(clock.pending, 0);

  const kept = createResultBudget({ maxResultTokens, resultStore: { ...store, put: async () => {} }, clock });
  assert.match(textOf((await kept.encode([long]))[0] as EncodedResult), /to read on\]$/);
  assert.equal(clock.pending, 0);
});

test("the id is made of the content: the same result has the same one after a restart, another another", async () => {
  const ids = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, unit: "binary" }), async (seed) => {
      const text = `${seed.toWellFormed()}${"x".repeat(5_000)}`;
      const [result] = await createResultBudget({ maxResultTokens }).encode([ok(text)]);
      const id = cutOf(result as EncodedResult)?.id ?? "";
      assert.match(id, /^result_(?!(.{11})\1)[a-z0-9]{22}$/);
      assert.equal(ids.get(id) ?? text, text);
      ids.set(id, text);
    }),
  );
});

test("only what was cut is kept", async () => {
  const kept: string[] = [];
  const resultStore: ResultStore = { put: (id) => void kept.push(id), get: () => undefined };
  await createResultBudget({ maxResultTokens, resultStore }).encode([ok("short"), long]);
  assert.equal(kept.length, 1);
});

test("the store in memory forgets what is oldest, and refuses what is larger than itself", () => {
  const store = memoryStore({ maxBytes: 100 });
  store.put("a", "x".repeat(20));
  store.put("b", "y".repeat(20));
  store.put("a", "x".repeat(20));
  store.put("a", "x".repeat(20));
  store.put("c", "z".repeat(10));
  assert.equal(store.get("b")?.length, 20);
  store.put("c", "z".repeat(20));
  const kept = ["a", "b", "c"].map((id) => store.get(id)?.[0]);
  assert.deepEqual(kept, ["x", undefined, "z"]);
  assert.throws(() => store.put("d", "x".repeat(51)), {
    name: "RangeError",
    message: "a result of 102 bytes is larger than the whole store, which keeps 100",
  });
  assert.equal(store.get("c")?.length, 20);
});

test("without a budget there is no read_result, and nothing is cut", async () => {
  for (const off of [Infinity, { call: Infinity, batch: Infinity }]) {
    const budget = createResultBudget({ maxResultTokens: off });
    assert.equal(budget.tool, undefined);
    assert.equal(
      textOf((await budget.encode([ok("x".repeat(1_000_000))]))[0] as EncodedResult).length,
      1_000_000,
    );
  }
});

test("beside a tool of one's own called read_result the notes name no tool, and an own store is named", async () => {
  const own = defineTool({
    name: "read_result",
    description: "Reads.",
    input: { type: "object" },
    effects: "read",
    execute: () => "x".repeat(100_000),
  });
  const plain = createResultBudget({ maxResultTokens, tools: [own] });
  assert.equal(plain.tool, undefined);
  assert.match(
    textOf((await plain.encode([long]))[0] as EncodedResult),
    /\[cut: [\d,]+ of 100,000 characters shown\]$/,
  );
  const store = memoryStore();
  const stored = createResultBudget({ maxResultTokens, tools: [own], resultStore: store });
  const text = textOf((await stored.encode([long]))[0] as EncodedResult);
  const id = /shown; the whole is kept as "(result_\w+)"\]$/.exec(text)?.[1] ?? "";
  assert.equal(store.get(id)?.length, 100_000);
});

test("misuse is named", () => {
  const misuse: readonly (readonly [object, string])[] = [
    [{ maxResultTokens: 0 }, "`maxResultTokens` must be a positive integer, got 0"],
    [
      { maxResultTokens: "many" },
      '`maxResultTokens` must be a positive integer or { call, batch }, got "many"',
    ],
    [{ maxResultTokens: { call: 1.5 } }, "`maxResultTokens.call` must be a positive integer, got 1.5"],
    [{ maxResultTokens: { turn: 1 } }, "`maxResultTokens` has no option `turn`; it knows call, batch"],
    [{ countTokens: 4 }, "`countTokens` must be a function, got 4"],
    [{ resultStore: {} }, "`resultStore` must have the functions `put` and `get`, got an object"],
  ];
  for (const [options, message] of misuse)
    assert.throws(() => createResultBudget(options), { name: "TypeError", message });
  assert.throws(() => memoryStore({ maxBytes: -1 }), {
    message: "`maxBytes` must be a positive integer, got -1",
  });
});
