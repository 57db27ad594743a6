import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, errorOf, schemaOf, Stage, touch } from "../support/stage.ts";

test("G2: one call of 27 that throws leaves 26 results and its own text (case 13)", async () => {
  const stage = new Stage();
  const labels = Array.from({ length: 27 }, (_, i) => String(i));
  const running = stage.executor({ concurrency: 27 }).run(labels.map((label) => touch(label)));
  await stage.settle();
  const cause = new Error("connection to db-7 refused");
  for (const label of labels) {
    if (label === "11") await stage.fail(label, cause);
    else await stage.finish(label);
  }
  const outcomes = await running;
  assert.deepEqual(
    brief(outcomes),
    labels.map((label) => (label === "11" ? "tool-error" : `${label} done`)),
  );
  const error = errorOf(outcomes[11]);
  assert.equal(error.message, "connection to db-7 refused");
  assert.equal(error.cause, cause);
});

test("G2: whatever is thrown, and however, fails that call alone (case 14)", async () => {
  const silent = "the tool failed without a message";
  const unshowable = Object.create(null) as Record<string, unknown>;
  unshowable["toJSON"] = () => {
    throw new Error("no");
  };
  const thrown: ReadonlyArray<readonly [unknown, string]> = [
    [new Error("plain"), "plain"],
    [new Error(""), "Error"],
    ["a string", "a string"],
    ["", silent],
    [undefined, silent],
    [null, silent],
    [42, "42"],
    [7n, "7"],
    [Symbol("s"), "Symbol(s)"],
    [{ message: "shaped like an error" }, "shaped like an error"],
    [{ code: 503 }, '{"code":503}'],
    [unshowable, "it failed with something that cannot be shown"],
  ];
  for (const how of ["throws", "rejects"] as const) {
    const stage = new Stage();
    const faulty = stage.tool("faulty", {
      execute: ({ i }) => {
        const [what] = thrown[i as number] as (typeof thrown)[number];
        if (how === "throws") throw what;
        return Promise.reject(what as Error);
      },
    });
    const running = stage
      .executor({ tools: [faulty, stage.tool("touch")], concurrency: Infinity })
      .run([touch("first"), ...thrown.map((_, i) => ({ name: "faulty", input: { i } })), touch("last")]);
    await stage.settle();
    await stage.finish("first");
    await stage.finish("last");
    const outcomes = await running;
    assert.equal(outcomes[0]?.output, "first done");
    assert.equal(outcomes.at(-1)?.output, "last done");
    for (const [i, [what, text]] of thrown.entries()) {
      const error = errorOf(outcomes[i + 1]);
      assert.deepEqual([error.code, error.message], ["tool-error", text], `${how} ${i}`);
      assert.equal(error.cause, what);
    }
  }
});

test("G2, G10: calls that fail in one tick leave no unhandled rejection (case 15)", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  const stage = new Stage();
  const running = stage.executor().run(["1", "2", "3"].map((label) => touch(label, { writes: [label] })));
  await stage.settle();
  for (const label of ["1", "2", "3"]) stage.visit(label).reject(new Error(`${label} failed`));
  await stage.settle();
  process.off("unhandledRejection", note);
  assert.deepEqual(
    (await running).map(({ error }) => error?.message),
    ["1 failed", "2 failed", "3 failed"],
  );
  assert.deepEqual(unhandled, []);
});

test("G2: fail-fast is a choice: one result, one error, and two calls that say they were not executed (case 16)", async () => {
  const stage = new Stage();
  const running = stage.executor({ concurrency: 2 }).run(
    ["1", "2", "3", "4"].map((label) => touch(label)),
    { onFailure: "cancel-siblings" },
  );
  await stage.settle();
  stage.visit("1").resolve("1 done");
  stage.visit("2").reject(new Error("2 failed"));
  await stage.settle();
  const outcomes = await running;
  assert.deepEqual(stage.started, ["1", "2"]);
  assert.deepEqual(brief(outcomes), ["1 done", "tool-error", "cancelled", "cancelled"]);
  for (const outcome of outcomes.slice(2)) assert.match(errorOf(outcome).message, /it was not executed$/);
});

test("G2: under fail-fast a running sibling is told why, and a queued one never starts (case 16)", async () => {
  const stage = new Stage();
  const running = stage
    .executor({ concurrency: 2, onFailure: "cancel-siblings" })
    .run([touch("runs", { obeys: true }), touch("fails"), touch("waits"), { name: "nobody" }]);
  await stage.settle();
  const outcomes = await running;
  // The unknown tool fails as soon as it comes, before any call can start.
  assert.deepEqual(brief(outcomes), ["cancelled", "cancelled", "cancelled", "unknown-tool"]);
  assert.deepEqual(stage.started, []);
  assert.equal(errorOf(outcomes[0]).message, "cancelled because call 4 (nobody) failed; it was not executed");

  const second = stage
    .executor({ concurrency: 2 })
    .run([touch("runs", { obeys: true }), touch("fails"), touch("waits")], { onFailure: "cancel-siblings" });
  await stage.settle();
  await stage.fail("fails");
  const after = await second;
  assert.deepEqual(brief(after), ["cancelled", "tool-error", "cancelled"]);
  assert.deepEqual(stage.started, ["runs", "fails"]);
  const { signal } = stage.visit("runs").context;
  assert.deepEqual([signal.aborted, (signal.reason as { by: string }).by], [true, "sibling-failed"]);
  assert.match(errorOf(after[2]).message, /^cancelled because call 2 \(touch\) failed; it was not executed$/);
});

test("G2: a failed call cancels nobody by default, in its batch or in another", async () => {
  const stage = new Stage();
  const executor = stage.executor();
  const one = executor.run([touch("a"), touch("b"), { name: "nobody" }]);
  const two = executor.run([touch("c")], { onFailure: "cancel-siblings" });
  await stage.settle();
  await stage.fail("a");
  await stage.finish("c");
  await stage.finish("b");
  assert.deepEqual(brief(await one), ["tool-error", "b done", "unknown-tool"]);
  assert.deepEqual(brief(await two), ["c done"]);
});

test("G2: a validator, an `effects` and a listener that throw touch no sibling (case 18)", async () => {
  const stage = new Stage();
  const bare = () => {
    throw Object.create(null) as Error;
  };
  const executor = stage.executor({
    tools: [
      stage.tool("touch"),
      stage.tool("unchecked", { input: schemaOf(bare) }),
      stage.tool("unchecked-later", { input: schemaOf(async () => bare()) }),
      stage.tool("boundless", { effects: bare }),
      stage.tool("unfit", { execute: () => 1, output: schemaOf(bare) }),
    ],
    onEvent: () => {
      throw new Error("the listener is broken");
    },
  });
  const names = ["unchecked", "unchecked-later", "boundless", "unfit"];
  const running = executor.run([touch("1"), ...names.map((name) => ({ name, input: {} })), touch("2")]);
  await stage.settle();
  await stage.finish("1");
  await stage.finish("2");
  assert.deepEqual(brief(await running), [
    "1 done",
    "invalid-input",
    "invalid-input",
    "invalid-effects",
    "invalid-output",
    "2 done",
  ]);
});
