import assert from "node:assert/strict";
import { test } from "node:test";
import { toolError, type ExecutorOptions, type Tool } from "../../src/index.ts";
import { brief, Stage, touch } from "../support/stage.ts";

const CIRCUIT = { failures: 1, forMs: 0, openMs: 100 } as const;

const answer = (status: number, more: object = {}) =>
  toolError({ message: `status ${status}`, cause: { status }, ...more });

/** An executor whose pool `api` has failed and is due for its probe. */
async function dueForProbe(stage: Stage, tools: readonly Tool[], options: Partial<ExecutorOptions> = {}) {
  const broken = stage.tool("broken", {
    pools: ["api"],
    effects: "none",
    execute: () => Promise.reject(answer(503)),
  });
  const executor = stage.executor({
    tools: [...tools, broken],
    pools: { api: { circuit: CIRCUIT } },
    ...options,
  });
  await executor.run([{ name: "broken" }]);
  await stage.clock.advance(CIRCUIT.openMs);
  return executor;
}

test("G5: calls inside the probe run on the slot that it lends, though others wait for its end", async () => {
  const stage = new Stage();
  const api = { pools: ["api"], effects: "none" } as const;
  const tools = [
    stage.tool("outer", {
      ...api,
      execute: async (_, context) => brief(await context.run([touch("a"), touch("b")])),
    }),
    stage.tool("touch", api),
  ];
  const executor = await dueForProbe(stage, tools);
  const running = executor.run([{ name: "outer" }]);
  const beside = executor.run([touch("beside")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["a"]);
  await stage.finish("a");
  await stage.finish("b");
  await stage.finish("beside");
  assert.deepEqual(brief(await running), [["a done", "b done"]]);
  assert.deepEqual(brief(await beside), ["beside done"]);
});

test("G5: what waits for a probe goes on when the probe is refused and told when to come again", async () => {
  const stage = new Stage();
  const executor = await dueForProbe(stage, [stage.tool("touch", { pools: ["api"] })]);
  const running = executor.run([touch("probe"), touch("beside")]);
  await stage.fail("probe", answer(429, { retryAfterMs: 50 }));
  await stage.clock.advance(49);
  assert.deepEqual(stage.started, ["probe"]);
  await stage.clock.advance(1);
  await stage.finish("beside");
  assert.deepEqual(brief(await running), ["rate-limited", "beside done"]);
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
});

test("G2, G10: a call whose failure opens a circuit ends in its own words, whatever that does to its siblings", async () => {
  const stage = new Stage();
  const executor = stage.executor({
    tools: [stage.tool("touch", { pools: ["api"], effects: "read" })],
    pools: { api: { concurrency: 1, circuit: CIRCUIT } },
    onFailure: "cancel-siblings",
  });
  const running = executor.run([touch("1"), touch("2")]);
  await stage.fail("1", answer(502));
  assert.deepEqual(
    (await running).map(({ error }) => error?.message),
    ["status 502", "cancelled because call 1 (touch) failed; it was not executed"],
  );
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
  assert.equal(executor.stats.abandoned, 0);
});

test("no second attempt joins a slow one while its back-end is left alone", async () => {
  const stage = new Stage();
  const api = { pools: ["api"], effects: "read" } as const;
  const tools = [
    stage.tool("touch", { ...api, idempotent: true, hedge: { afterMs: 10 } }),
    stage.tool("other", api),
  ];
  const executor = stage.executor({ tools, pools: { api: { concurrency: 2, circuit: CIRCUIT } } });
  const running = executor.run([touch("slow"), { name: "other" }]);
  await stage.clock.advance(15);
  await stage.fail("other", answer(503));
  assert.deepEqual(stage.started, ["slow", "other"]);
  assert.equal(executor.stats.running, 1);
  await stage.finish("slow");
  await running;
});
