import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRequest } from "../../src/index.ts";
import { Stage, touch } from "../support/stage.ts";

/** The keys that the tools see of a batch in a new executor, in call order. */
async function keysOf(calls: readonly CallRequest[], ends?: readonly string[]): Promise<string[]> {
  const stage = new Stage();
  const running = stage.executor({ tools: [stage.tool("touch"), stage.tool("other")] }).run(calls);
  await stage.settle();
  const keys = new Map<unknown, string>();
  for (const label of ends ?? stage.started) {
    const { context } = stage.visit(label);
    keys.set(context.call.index, context.idempotencyKey);
    assert.equal(context.idempotencyKey, keys.get(context.call.index));
    await stage.finish(label);
  }
  await running;
  return calls.flatMap((_, i) => keys.get(i) ?? []);
}

const NAMED = ["toolu_1", "toolu_2", "toolu_3"].map((id) => touch(id));

test("a call's key is the same after a restart, and whatever order the calls end in (case 73, engine)", async () => {
  const keys = await keysOf(NAMED);
  assert.deepEqual(await keysOf(NAMED), keys);
  assert.deepEqual(await keysOf(NAMED, ["toolu_3", "toolu_1", "toolu_2"]), keys);
  assert.equal(new Set(keys).size, 3);
});

test("two calls of a batch never share a key, even where the provider gave both the same id", async () => {
  for (const ids of [
    ["x", "x", "x"],
    ["x", "x", "x:2", "x:2", "x"],
    ["x:2", "x", "x"],
    [undefined, undefined, ""],
    ["b1.1", undefined, "b1.2"],
  ]) {
    const calls = ids.map((id, i) => ({ id, name: "touch", input: { as: String(i) } }));
    const keys = await keysOf(calls);
    assert.equal(new Set(keys).size, ids.length, `${ids.join()} → ${keys.join()}`);
    assert.deepEqual(await keysOf(calls), keys);
  }
});

test("one id used for two tools makes two keys", async () => {
  const keys = await keysOf([
    { id: "x", name: "touch", input: { as: "1" } },
    { id: "x", name: "other", input: { as: "2" } },
  ]);
  assert.equal(new Set(keys).size, 2);
});

test("a call that was given up on still knows its key", async () => {
  const stage = new Stage();
  const running = stage.executor({ timeoutMs: 5, graceMs: 5 }).run([touch("deaf")]);
  await stage.clock.advance(10);
  await running;
  assert.equal(stage.visit("deaf").context.idempotencyKey, "touch:deaf");
});
