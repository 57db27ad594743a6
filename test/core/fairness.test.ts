import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toolError } from "../../src/index.ts";
import { calls, pooled, Stage } from "../support/stage.ts";

test("conversations that share an executor share its slots fairly", async () => {
  const stage = new Stage();
  const executor = stage.executor({ concurrency: 4 });
  const long = executor.run(calls(40, "a"));
  await stage.settle();
  const short = executor.run(calls(4, "b"));
  for (let i = 1; i <= 4; i++) await stage.finish(`a${i}`);
  // Four slots came free: the newcomer gets as many as make it even.
  assert.equal(stage.started.slice(4).filter((label) => label.startsWith("b")).length, 2);
  for (let i = 0; i < 40; i++) {
    stage.finishAll();
    await stage.settle();
  }
  await Promise.all([long, short]);
});

test("a free slot goes to the conversation that holds the fewest, for any number of them and any tools", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 5, max: 30 }), { minLength: 2, maxLength: 5 }),
      fc.integer({ min: 2, max: 8 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      async (sizes, concurrency, seed) => {
        let drawn = seed;
        const random = () => (drawn = (drawn * 48_271 + 1) % 2_147_483_647);
        const stage = new Stage();
        const tools = [stage.tool("touch"), stage.tool("pooled", { pools: ["p"] })];
        const executor = stage.executor({ tools, concurrency, pools: { p: { concurrency: 100 } } });
        const runs = sizes.map((n, c) =>
          executor.run(
            Array.from({ length: n }, (_, i) => ({
              name: i % 2 === 0 ? "touch" : "pooled",
              input: { as: `${c}.${i}` },
            })),
          ),
        );
        const left = [...sizes];
        const held = sizes.map(() => 0);
        const of = (label: string) => Number(label.split(".")[0]);
        await stage.settle();
        const going = [...stage.started];
        for (const label of going) {
          held[of(label)] = (held[of(label)] as number) + 1;
          left[of(label)] = (left[of(label)] as number) - 1;
        }
        for (let last = going.shift(); last !== undefined; last = going.shift()) {
          held[of(last)] = (held[of(last)] as number) - 1;
          const fewest = Math.min(...held.filter((_, c) => (left[c] as number) > 0));
          const before = stage.started.length;
          await stage.finish(last);
          const next = stage.started.slice(before);
          assert.equal(next.length, Number.isFinite(fewest) ? 1 : 0, "one slot came free");
          for (const label of next) {
            const c = of(label);
            assert.equal(
              held[c],
              fewest,
              `${label} started where ${held.join()} were held, ${left.join()} waited`,
            );
            held[c] = (held[c] as number) + 1;
            left[c] = (left[c] as number) - 1;
            going.splice(random() % (going.length + 1), 0, label);
          }
        }
        await Promise.all(runs);
      },
    ),
    { numRuns: 50 },
  );
});

test("conversations that wait for the end of a pause share the slots behind it fairly", async () => {
  const { stage, executor } = pooled({ api: { concurrency: 8 } });
  const refused = executor.run(calls(1));
  await stage.fail("1", toolError({ message: "busy", cause: { status: 429 }, retryAfterMs: 50 }));
  await refused;
  const runs = ["a", "b"].map((prefix) => executor.run(calls(8, prefix)));
  await stage.clock.advance(50);
  const heldBy = (prefix: string) => stage.started.filter((label) => label.startsWith(prefix)).length;
  assert.deepEqual([heldBy("a"), heldBy("b")], [4, 4]);
  stage.finishAll();
  await stage.settle();
  stage.finishAll();
  await Promise.all(runs);
});
