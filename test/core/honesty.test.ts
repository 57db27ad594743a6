import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeOutcome, toolError, type CallError } from "../../src/index.ts";
import { errorOf, Stage, touch } from "../support/stage.ts";

test("G7: a write that timed out may have taken effect, says so, and is not run again (case 21)", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ timeoutMs: 10 })
    .run([touch("write", { writes: ["a"], obeys: true }), touch("read", { reads: ["b"], obeys: true })]);
  await stage.clock.runAll();
  const [write, read] = await running;
  assert.deepEqual(stage.started, ["write", "read"]);
  assert.deepEqual([errorOf(write).mayHaveTakenEffect, errorOf(write).retryable], [true, false]);
  assert.equal(
    errorOf(write).message,
    "touch took more than 10 ms; it was stopped while it ran and may have taken effect",
  );
  assert.deepEqual([errorOf(read).mayHaveTakenEffect, errorOf(read).retryable], [false, true]);
});

test("G7: a tool that throws may have written before, unless it writes nothing", async () => {
  const stage = new Stage();
  const tools = [
    stage.tool("touch"),
    stage.tool("look", { effects: "read" }),
    stage.tool("change", { effects: "write" }),
    stage.tool("think", { effects: "none" }),
  ];
  const calls = [
    touch("writes a", { writes: ["a"] }),
    touch("reads b", { reads: ["b"] }),
    ...["look", "think"].map((name) => ({ name, input: { as: name } })),
  ];
  const executor = stage.executor({ tools });
  const running = executor.run(calls);
  await stage.settle();
  await stage.fail("writes a");
  for (const label of ["reads b", "look", "think"]) await stage.fail(label);
  const changing = executor.run([{ name: "change", input: { as: "change" } }]);
  await stage.settle();
  await stage.fail("change");
  const claims = [...(await running), ...(await changing)].map(
    (outcome) => errorOf(outcome).mayHaveTakenEffect,
  );
  assert.deepEqual(claims, [true, false, false, false, true]);
});

describe("G7: a tool's error is believed in what it says of its request", () => {
  const limit = { message: "slow down", status: 429, headers: { "retry-after": "2" } };
  const said = async (thrown: unknown, effects: "read" | "write"): Promise<CallError> => {
    const stage = new Stage();
    const running = stage
      .executor({ tools: [stage.tool("act", { effects })] })
      .run([{ name: "act", input: { as: "it" } }]);
    await stage.settle();
    await stage.fail("it", thrown);
    return errorOf((await running)[0]);
  };
  const brief = ({ code, retryable, mayHaveTakenEffect }: CallError) => [code, retryable, mayHaveTakenEffect];

  test("a write that was refused for too many requests has not taken effect, and may be made again", async () => {
    const { message, retryAfterMs, cause, ...rest } = await said(limit, "write");
    assert.deepEqual(rest, { code: "rate-limited", retryable: true, mayHaveTakenEffect: false });
    assert.deepEqual([message, retryAfterMs], ["slow down", 2_000]);
    assert.equal(cause, limit);
  });

  test("a write that found no connection has not taken effect", async () => {
    const refused = new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
    const error = await said(refused, "write");
    assert.deepEqual(brief(error), ["tool-error", true, false]);
    assert.equal(error.message, "fetch failed");
    assert.equal("retryAfterMs" in error, false);
  });

  test("a write of which that is not known may have taken effect, and is not said to be retryable", async () => {
    const reset = new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    assert.deepEqual(brief(await said(reset, "write")), ["tool-error", false, true]);
    assert.deepEqual(brief(await said({ ...limit, status: 503 }, "write")), ["rate-limited", false, true]);
    assert.deepEqual(brief(await said({ ...limit, status: 400, headers: {} }, "write")), [
      "tool-error",
      false,
      true,
    ]);
  });

  test("a read is retryable whenever it might succeed", async () => {
    const reset = new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    assert.deepEqual(brief(await said(reset, "read")), ["tool-error", true, false]);
    assert.deepEqual(brief(await said({ ...limit, status: 503 }, "read")), ["rate-limited", true, false]);
    assert.deepEqual(brief(await said({ status: 404 }, "read")), ["tool-error", false, false]);
  });

  test("what the tool itself says comes first", async () => {
    const message = "the first order is in, the second was refused";
    const half = toolError({ message, nothingHappened: false, cause: limit });
    const error = await said(half, "write");
    assert.deepEqual(brief(error), ["rate-limited", false, true]);
    assert.equal(error.message, message);
    const clean = toolError({ message: "sold out", nothingHappened: true });
    assert.deepEqual(brief(await said(clean, "write")), ["tool-error", false, false]);
    const later = toolError({ message: "not yet", nothingHappened: true, retryAfterMs: 50 });
    assert.deepEqual(brief(await said(later, "write")), ["tool-error", true, false]);
  });

  test("the model reads the four fields that it always does", async () => {
    const error = await said(limit, "write");
    const call = { key: "1", id: "1", name: "act", input: {}, index: 0 };
    const facts = { call, attempts: 1, queuedMs: 0, runningMs: 0 };
    const { parts } = encodeOutcome({ ...facts, status: "failed", error });
    assert.deepEqual(parts, [
      {
        type: "text",
        text: '{"error":{"code":"rate-limited","message":"slow down","retryable":true,"mayHaveTakenEffect":false}}',
      },
    ]);
  });
});

test("G7: a call that never ran says so, and claims neither attempt nor effect", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const tools = [stage.tool("touch"), stage.tool("urgent", { deadlineMs: 5 })];
  const executor = stage.executor({ tools, maxCalls: 6, graceMs: 0 });
  const writes = ["a"];
  const running = executor.run(
    [
      touch("runs", { writes }),
      touch("waits", { writes }),
      { name: "touch", input: { writes }, truncated: true },
      { name: "touch", input: { writes: [1] } },
      { name: "urgent", input: { reads: writes } },
      touch("cancelled", { writes: ["a/b"] }),
      touch("beyond", { writes }),
    ],
    { signal: user.signal },
  );
  await stage.clock.advance(5);
  user.abort();
  await stage.clock.runAll();
  const outcomes = await running;
  for (const outcome of outcomes.slice(1)) {
    assert.match(errorOf(outcome).message, /not executed/);
    assert.deepEqual([outcome.attempts, outcome.runningMs], [0, 0]);
    assert.equal(errorOf(outcome).mayHaveTakenEffect, false);
  }
});

test("G7: a tool that returned what it should not may have taken effect", async () => {
  const stage = new Stage();
  const tool = stage.tool("count", {
    effects: "write",
    execute: () => ({ n: "one" }),
    output: { type: "object", properties: { n: { type: "number" } } },
  });
  const [outcome] = await stage.executor({ tools: [tool] }).run([{ name: "count" }]);
  const { code, mayHaveTakenEffect, retryable, message } = errorOf(outcome);
  assert.deepEqual([code, mayHaveTakenEffect, retryable], ["invalid-output", true, false]);
  assert.match(message, /^the tool returned what it should not: n: /);
  assert.equal(outcome?.attempts, 1);
});

test("G7: an open batch says whether it has written", async () => {
  const stage = new Stage();
  const batch = stage.executor().open({ eager: "all" });
  assert.equal(batch.hasWritten, false);
  batch.add(touch("read", { reads: ["a"] }));
  await stage.settle();
  assert.equal(batch.hasWritten, false);
  batch.add(touch("write", { writes: ["b"] }));
  await stage.settle();
  assert.equal(batch.hasWritten, true);
  const closing = batch.close();
  await stage.fail("write");
  await stage.finish("read");
  await closing;
  assert.equal(batch.hasWritten, true);
});

test("times are those of the clock: `queuedMs` to the start, `runningMs` from it", async () => {
  const stage = new Stage();
  const running = stage.executor({ concurrency: 1 }).run([touch("1"), touch("2"), { name: "nobody" }]);
  await stage.clock.advance(7);
  await stage.finish("1");
  await stage.clock.advance(4);
  await stage.finish("2");
  const times = (await running).map(({ queuedMs, runningMs }) => [queuedMs, runningMs]);
  assert.deepEqual(times, [
    [0, 7],
    [7, 4],
    [0, 0],
  ]);
});
