import assert from "node:assert/strict";
import { test } from "node:test";
import { toolError, type Outcome } from "../../src/index.ts";
import { brief, errorOf, Stage, touch } from "../support/stage.ts";

const refused = (retryAfterMs?: number) =>
  toolError({
    message: "too many",
    cause: { status: 429 },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
const broken = () => toolError({ message: "the connection broke", retryable: true });

/** Half of each bound: waits of 100, 200, … ms. */
const random = () => 0.5;

test("an attempt whose error says that nothing happened is made again, whatever the tool writes", async () => {
  const stage = new Stage();
  const running = stage.executor({ retry: true, random }).run([touch("a", { writes: ["x"] })]);
  await stage.fail("a", refused());
  assert.deepEqual(stage.started, ["a"]);
  await stage.clock.advance(99);
  assert.deepEqual(stage.started, ["a"]);
  await stage.clock.advance(1);
  assert.deepEqual(stage.started, ["a", "a"]);
  await stage.finishLast("a");
  const [outcome] = await running;
  assert.equal(outcome?.status, "ok");
  assert.equal(outcome.attempts, 2);
  assert.equal(outcome.queuedMs, 0);
  assert.equal(outcome.runningMs, 100);
});

test("G7: what may have taken effect is tried again only by an idempotent tool", async () => {
  for (const idempotent of [false, true]) {
    const stage = new Stage();
    const tools = [stage.tool("touch", { idempotent, retry: true })];
    const running = stage.executor({ tools, random }).run([touch("a", { writes: ["x"] })]);
    await stage.fail("a", broken());
    await stage.clock.advance(100);
    assert.equal(stage.started.length, idempotent ? 2 : 1);
    if (idempotent) await stage.finishLast("a");
    assert.equal((await running)[0]?.status, idempotent ? "ok" : "failed");
  }
});

test("G7: a timeout of a tool that is not idempotent is never tried again, and may have taken effect (case 21)", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { retry: true, timeoutMs: 10 })];
  const running = stage.executor({ tools, random }).run([touch("a", { writes: ["x"], obeys: true })]);
  await stage.clock.advance(1_000);
  const error = errorOf((await running)[0]);
  assert.equal(error.code, "timeout");
  assert.equal(error.mayHaveTakenEffect, true);
  assert.deepEqual(stage.started, ["a"]);
});

test("G3: an idempotent tool that timed out is tried again once its attempt has stopped, not before", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { idempotent: true, retry: true, timeoutMs: 10 })];
  const running = stage.executor({ tools, random, graceMs: 50 }).run([touch("a", { writes: ["x"] })]);
  await stage.clock.advance(30);
  await stage.fail("a", new Error("stopped at last"));
  await stage.clock.advance(99);
  assert.equal(stage.started.length, 1);
  await stage.clock.advance(1);
  assert.equal(stage.started.length, 2);
  await stage.finishLast("a");
  assert.equal((await running)[0]?.attempts, 2);
});

test("G3: an attempt that is given up on is not followed by another: it may still run", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { idempotent: true, retry: true, timeoutMs: 10 })];
  const running = stage.executor({ tools, random, graceMs: 5 }).run([touch("deaf", { writes: ["x"] })]);
  await stage.clock.advance(1_000);
  assert.equal(errorOf((await running)[0]).code, "timeout");
  assert.equal(stage.started.length, 1);
  await stage.finish("deaf");
});

test("the slot is given back while a call waits to be tried again, its locks are kept (G3, G4)", async () => {
  const stage = new Stage();
  const executor = stage.executor({ retry: true, random, concurrency: 1 + 1 });
  const tools = [touch("a", { writes: ["x"] }), touch("behind", { reads: ["x"] })];
  const running = executor.run([...tools, touch("c"), touch("d")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["a", "c"]);
  await stage.fail("a", refused());
  assert.deepEqual(stage.started, ["a", "c", "d"]);
  await stage.finish("d");
  await stage.clock.advance(100);
  assert.deepEqual(stage.started, ["a", "c", "d", "a"]);
  await stage.finishLast("a");
  assert.deepEqual(stage.started.slice(4), ["behind"]);
  await stage.finish("behind");
  await stage.finish("c");
  assert.deepEqual(brief(await running), ["a done", "behind done", "c done", "d done"]);
});

test("a call is tried three times by default, and then fails with the words of its last attempt (G2)", async () => {
  const stage = new Stage();
  const running = stage.executor({ retry: true, random }).run([touch("a", { reads: ["x"] })]);
  for (let i = 1; i <= 3; i++) {
    await stage.failLast("a", toolError({ message: `refusal ${i}`, cause: { status: 429 } }));
    await stage.clock.advance(1_000);
  }
  const [outcome] = await running;
  assert.equal(outcome?.attempts, 3);
  assert.equal(errorOf(outcome).message, "refusal 3");
  assert.equal(errorOf(outcome).code, "rate-limited");
  assert.equal(errorOf(outcome).retryable, true);
});

test("without `retry` nothing is tried again, and a tool may say `false`", async () => {
  for (const options of [{}, { retry: true, tool: { retry: false } }]) {
    const stage = new Stage();
    const { tool, ...more } = options as { retry?: boolean; tool?: object };
    const executor = stage.executor({ tools: [stage.tool("touch", tool)], random, ...more });
    const running = executor.run([touch("a")]);
    await stage.fail("a", refused());
    assert.equal((await running)[0]?.attempts, 1);
  }
});

test("a 429 with `Retry-After` is tried again not before that, and only that call (case 85)", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { pools: ["api"] })];
  const executor = stage.executor({ tools, retry: true, random, pools: { api: { concurrency: 5 } } });
  const running = executor.run(["a", "b", "c", "d", "e"].map((as) => touch(as)));
  await stage.settle();
  const late = executor.run([touch("late")]);
  await stage.fail("c", refused(2_000));
  for (const as of ["a", "b", "d", "e"]) await stage.finish(as);
  await stage.clock.advance(1_999);
  assert.equal(stage.started.length, 5, "the whole pool is left alone");
  await stage.clock.advance(1);
  assert.deepEqual(stage.started.slice(5), ["late"]);
  assert.deepEqual(stage.waits("late"), [{ for: "rate", pool: "api", ms: 2_000 }]);
  await stage.clock.advance(200);
  assert.deepEqual(stage.started.slice(6), ["c"]);
  await stage.finishLast("c");
  await stage.finish("late");
  assert.deepEqual(
    (await running).map(({ attempts }) => attempts),
    [1, 1, 2, 1, 1],
  );
  await late;
});

test("a wait that would end after the call's deadline, or its batch's, is not begun", async () => {
  for (const where of ["call", "batch"] as const) {
    const stage = new Stage();
    const tools = [stage.tool("touch", where === "call" ? { deadlineMs: 1_500 } : {})];
    const executor = stage.executor({ tools, retry: true, random });
    const running = executor.run([touch("a")], where === "batch" ? { deadlineMs: 1_500 } : {});
    await stage.fail("a", refused(2_000));
    const error = errorOf((await running)[0]);
    assert.equal(error.code, "rate-limited");
    assert.equal(error.retryAfterMs, 2_000);
    assert.equal(stage.clock.now(), 0);
  }
});

test("G6: an abort ends a call that waits to be tried again at once, and says what is known", async () => {
  for (const writes of [["x"], []]) {
    const stage = new Stage();
    const tools = [stage.tool("touch", { idempotent: true, retry: true })];
    const controller = new AbortController();
    const running = stage
      .executor({ tools, random })
      .run([touch("a", { writes })], { signal: controller.signal });
    await stage.fail("a", broken());
    controller.abort();
    const [outcome] = await running;
    assert.equal(outcome?.status, "cancelled");
    assert.equal(errorOf(outcome).mayHaveTakenEffect, writes.length > 0);
    assert.match(errorOf(outcome).message, /it had failed once.*and was not tried again/);
    await stage.settle();
    assert.equal(stage.clock.pending, 0);
  }
});

test("G7: what an earlier attempt may have done is not forgotten because the last was refused", async () => {
  const stage = new Stage();
  const tools = [stage.tool("touch", { idempotent: true, retry: { attempts: 2 } })];
  const running = stage.executor({ tools, random }).run([touch("a", { writes: ["x"] })]);
  await stage.fail("a", broken());
  await stage.clock.advance(100);
  await stage.failLast("a", refused());
  assert.equal(errorOf((await running)[0]).mayHaveTakenEffect, true);
});

test("every attempt and every wait is in the trace", async () => {
  const stage = new Stage();
  const running = stage.executor({ retry: true, random }).run([touch("a")]);
  await stage.fail("a", refused());
  await stage.clock.advance(100);
  await stage.finishLast("a");
  await running;
  await stage.settle();
  const told = stage.events.map((event) => {
    if (event.type === "attempt.failed") return `failed ${event.attempt}, again in ${event.retryInMs}`;
    if (event.type === "attempt.started")
      return `${event.as} ${event.attempt} after ${event.waits.map((wait) => `${wait.for} ${wait.ms}`).join()}`;
    return event.type;
  });
  assert.deepEqual(told, [
    "batch.opened",
    "call.queued",
    "call.started",
    "failed 1, again in 100",
    "retry 2 after retry 100",
    "call.settled",
    "batch.closed",
  ]);
});

test("an outage of a back-end is not multiplied: retries are a tenth of the calls at most", async () => {
  const stage = new Stage();
  let attempts = 0;
  const down = stage.tool("down", {
    idempotent: true,
    execute: async () => {
      attempts++;
      throw toolError({ message: "unavailable", cause: { status: 503 } });
    },
  });
  const executor = stage.executor({ tools: [down], retry: true, random, maxCalls: Infinity });
  const runs: Promise<Outcome[]>[] = [];
  for (let i = 0; i < 100; i++) {
    runs.push(executor.run(Array.from({ length: 10 }, () => ({ name: "down" }))));
    await stage.clock.advance(50);
  }
  await stage.clock.runAll();
  await Promise.all(runs);
  assert.ok(attempts >= 1_000 && attempts <= 1_100, `${attempts} attempts for 1,000 calls`);
});

test("G2: a back-end whose retries are used up does not use up those of another that its calls also need", async () => {
  const stage = new Stage();
  const again = { idempotent: true, retry: { attempts: 2 } } as const;
  const tools = [
    stage.tool("both", { ...again, pools: ["well", "down"] }),
    stage.tool("touch", { ...again, pools: ["well"] }),
  ];
  const pools = { well: { concurrency: 9 }, down: { concurrency: 9 } };
  const executor = stage.executor({
    tools: [...tools, stage.tool("spend", { ...again, pools: ["down"] })],
    pools,
    random: () => 0,
  });
  const down = () => toolError({ message: "down", cause: { status: 503 } });
  const failTwice = async (name: string, as: string) => {
    const running = executor.run([{ name, input: { as } }]);
    await stage.fail(as, down());
    const tries = stage.started.filter((label) => label === as).length;
    if (tries > 1) await stage.failLast(as, down());
    await running;
    return tries;
  };
  for (let i = 0; i < 3; i++) assert.equal(await failTwice("spend", `spend ${i}`), 2);
  for (let i = 0; i < 3; i++) assert.equal(await failTwice("both", `both ${i}`), 1);
  assert.equal(await failTwice("touch", "well"), 2);
});
