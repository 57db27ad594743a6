import assert from "node:assert/strict";
import { test } from "node:test";
import { toolError, type ExecutorOptions, type Tool } from "../../src/index.ts";
import { brief, calls, errorOf, pooled, Stage, touch } from "../support/stage.ts";

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

test("a pool whose back-end fails without exception opens: calls fail at once, and a probe closes it", async () => {
  const { stage, executor } = pooled({
    api: { concurrency: 2, circuit: { failures: 3, forMs: 0, openMs: 1_000 } },
  });
  const down = () => toolError({ message: "down", cause: { status: 503 } });
  const first = executor.run(calls(6));
  await stage.settle();
  for (const as of ["1", "2", "3"]) await stage.fail(as, down());
  // The fourth runs already; those that wait fail at once.
  await stage.fail("4", down());
  const outcomes = await first;
  assert.deepEqual(brief(outcomes), [
    "rate-limited",
    "rate-limited",
    "rate-limited",
    "rate-limited",
    "unavailable",
    "unavailable",
  ]);
  assert.equal(
    errorOf(outcomes[5]).message,
    "not executed: api has been failing and is left alone; try again in 1 s",
  );
  assert.equal(errorOf(outcomes[5]).retryable, true);
  const [refused] = await executor.run([touch("refused")]);
  assert.equal(errorOf(refused).code, "unavailable");
  await stage.clock.advance(1_000);
  const probing = executor.run([touch("probe"), touch("beside")]);
  await stage.settle();
  assert.deepEqual(stage.started.slice(4), ["probe"]);
  await stage.finish("probe");
  assert.deepEqual(stage.started.slice(4), ["probe", "beside"]);
  await stage.finish("beside");
  assert.deepEqual(brief(await probing), ["probe done", "beside done"]);
  const well = executor.run([touch("well"), touch("too")]);
  await stage.settle();
  stage.finishAll();
  assert.deepEqual(brief(await well), ["well done", "too done"]);
});

test("what waits for a probe fails with it", async () => {
  const { stage, executor } = pooled({ api: { circuit: { failures: 1, forMs: 0, openMs: 1_000 } } });
  const down = () => toolError({ message: "down", cause: { status: 503 } });
  const first = executor.run(calls(1));
  await stage.fail("1", down());
  await first;
  await stage.clock.advance(1_000);
  const probing = executor.run([touch("probe"), touch("beside"), touch("too")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["1", "probe"]);
  await stage.fail("probe", down());
  assert.deepEqual(brief(await probing), ["rate-limited", "unavailable", "unavailable"]);
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
});

test("G5: what waits for a probe that is told to come again later starts when it may", async () => {
  const { stage, executor } = pooled({ api: { circuit: { failures: 1, forMs: 0, openMs: 1_000 } } });
  const first = executor.run(calls(1));
  await stage.fail("1", toolError({ message: "down", cause: { status: 503 } }));
  await first;
  await stage.clock.advance(1_000);
  const probing = executor.run([touch("probe"), touch("beside")]);
  await stage.settle();
  await stage.fail("probe", toolError({ message: "busy", retryAfterMs: 500, cause: { status: 429 } }));
  await stage.clock.advance(500);
  assert.deepEqual(stage.started, ["1", "probe", "beside"]);
  await stage.finish("beside");
  assert.deepEqual(brief(await probing), ["rate-limited", "beside done"]);
  await stage.settle();
  assert.equal(stage.clock.pending, 0);
});

test("a pool whose probe is answered, be it with an error of another kind, closes", async () => {
  const { stage, executor } = pooled({ api: { circuit: { failures: 1, forMs: 0, openMs: 1_000 } } });
  const first = executor.run(calls(1));
  await stage.fail("1", toolError({ message: "down", cause: { status: 502 } }));
  await first;
  await stage.clock.advance(1_000);
  const probing = executor.run([touch("probe"), touch("beside")]);
  await stage.fail("probe", toolError({ message: "not found", cause: { status: 404 } }));
  await stage.finish("beside");
  assert.deepEqual(brief(await probing), ["tool-error", "beside done"]);
});

test("a probe that is cancelled before it starts does not leave the pool shut", async () => {
  const { stage, executor } = pooled({ api: { circuit: { failures: 1, forMs: 0, openMs: 1_000 } } });
  const first = executor.run(calls(1));
  await stage.fail("1", toolError({ message: "down", cause: { status: 503 } }));
  await first;
  await stage.clock.advance(1_000);
  const controller = new AbortController();
  const probing = executor.run([touch("probe", { obeys: true })], { signal: controller.signal });
  await stage.settle();
  controller.abort();
  await probing;
  const again = executor.run([touch("again")]);
  await stage.finish("again");
  assert.deepEqual(brief(await again), ["again done"]);
});
