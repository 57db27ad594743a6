/** Calls that refer to others: what they wait for, and what they keep from others meanwhile. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createExecutor, defineTool, planTool, type Footprint } from "../../src/index.ts";
import { fileResource } from "../../src/files.ts";
import { VirtualClock } from "../../src/testing.ts";
import { anything, errorOf, say, setUp, settle, show, shown } from "../support/referring-calls.ts";
import { brief, schemaOf, Stage, touch } from "../support/stage.ts";

describe("a call that refers to others", () => {
  test("starts when they are done, and not when all others are", async () => {
    const { executor, gate, started } = setUp();
    const hold = (name: string, value: unknown) => ({ name: "hold", input: { name, value } });
    const running = executor.run([hold("a", "b2"), hold("slow", 1), hold("$1", 2)]);
    await settle();
    assert.deepEqual(started, ["a", "slow"]);
    gate("a").resolve();
    await settle();
    assert.deepEqual(started, ["a", "slow", "b2"]);
    for (const name of ["slow", "b2"]) gate(name).resolve();
    assert.equal(
      (await running).every(({ status }) => status === "ok"),
      true,
    );
  });

  test("is skipped when one of them failed, and names it", async () => {
    const { executor, gate } = setUp();
    const running = executor.run([
      { name: "hold", input: { name: "a", fail: "no luck" } },
      show("$1.x"),
      show("$2"),
    ]);
    gate("a").resolve();
    const outcomes = await running;
    assert.equal(outcomes[1]?.status, "skipped");
    assert.match(errorOf(outcomes[1]).message, /depends on call 1 \(hold\), which did not succeed/);
    assert.match(errorOf(outcomes[2]).message, /depends on call 2 \(show\)/);
  });

  test("leaves no failed write when it is skipped: what it would have written is not known", async () => {
    const { executor, gate, started } = setUp("template");
    const hold = (input: object) => ({ name: "hold", input });
    const running = executor.run([
      hold({ name: "a", fail: "no luck" }),
      hold({ name: "b", writes: ["x/$1"] }),
      hold({ name: "c", writes: ["x/9"] }),
    ]);
    for (const name of ["a", "c"]) gate(name).resolve();
    const outcomes = await running;
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["failed", "skipped", "ok"],
    );
    assert.deepEqual(started, ["a", "c"]);
  });

  test("starts while the model still streams, once those are done", async () => {
    const { executor } = setUp();
    const batch = executor.open();
    batch.add(say({ a: 1 }));
    batch.add(show("$1.a"));
    await settle();
    batch.add(show("$2.of"));
    await settle();
    assert.equal(executor.stats.running, 0);
    const outcomes = await batch.close();
    assert.deepEqual(outcomes.slice(1).map(shown), [1, 1]);
    assert.deepEqual(
      outcomes.map(({ queuedMs }) => queuedMs),
      [0, 0, 0],
    );
  });

  test("tells what it waited for", async () => {
    const clock = new VirtualClock();
    const waits: unknown[] = [];
    const executor = createExecutor({
      references: true,
      clock,
      tools: [
        defineTool({
          name: "sleep",
          description: "sleeps",
          input: anything,
          effects: "none",
          execute: ({ ms }) => clock.sleep(ms as number).then(() => ms),
        }),
      ],
      onEvent: (event) => event.type === "call.started" && waits.push(event.waits),
    });
    const running = executor.run([10, "$1"].map((ms) => ({ name: "sleep", input: { ms } })));
    await clock.runAll();
    await running;
    assert.deepEqual(waits, [[], [{ for: "call", call: "b1.1", ms: 10 }]]);
  });
});

describe("what a call touches whose input is not whole", () => {
  /** Which of the calls have started before any is done. */
  async function startedAtOnce(
    ...inputs: { name: string; reads?: string[]; writes?: string[]; value?: unknown }[]
  ) {
    const { executor, gate, started } = setUp("template");
    const running = executor.run(inputs.map((input) => ({ name: "hold", input })));
    await settle();
    const first = [...started];
    for (const { name } of inputs) gate(name).resolve();
    const outcomes = await running;
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      inputs.map(() => "ok"),
      JSON.stringify(outcomes),
    );
    return first;
  }

  test("G3: is all that it may be, so that no later call overtakes it", async () => {
    const first = await startedAtOnce(
      { name: "a", value: "7" },
      { name: "b", writes: ["customer/$1/address"] },
      { name: "c", reads: ["customer/7"] },
      { name: "d", reads: ["order/7"] },
    );
    assert.deepEqual(first, ["a", "d"]);
  });

  test("G3: of a path that may be absolute is every file", async () => {
    const clock = new VirtualClock();
    const started: string[] = [];
    const executor = createExecutor({
      references: true,
      clock,
      tools: ["read", "write"].map((name) =>
        defineTool({
          name,
          description: name,
          input: anything,
          effects: ({ path }) =>
            ({ [`${name}s`]: [fileResource(path as string, { cwd: "/home" })] }) as Footprint,
          execute: async ({ path }) => {
            started.push(`${name} ${path as string}`);
            await clock.sleep(5);
            return "/etc/hosts";
          },
        }),
      ),
    });
    const running = executor.run(
      [
        ["read", "a"],
        ["write", "$1"],
        ["read", "/etc/hosts"],
      ].map(([name, path]) => ({ name: name as string, input: { path } })),
    );
    await clock.runAll();
    assert.ok((await running).every(({ status }) => status === "ok"));
    assert.deepEqual(started, ["read a", "write /etc/hosts", "read /etc/hosts"]);
  });

  test("G3: is everything where it cannot be told", async () => {
    const first = await startedAtOnce(
      { name: "a", value: ["x"] },
      { name: "b", writes: "$1" as never },
      { name: "c", reads: ["y"] },
    );
    assert.deepEqual(first, ["a"]);
  });

  test("is told by what the tool's check makes of the input, and by what a value may be", async () => {
    const effects: readonly (readonly [
      value: unknown,
      (input: { of: never; tenant: string }) => Footprint,
    ])[] = [
      [{ id: 1 }, ({ of }) => ({ writes: [`customer/${(of as { id: string }).id}`] })],
      [4, ({ of }) => ({ writes: [`row/${of - 1}`] })],
      ["abcd", ({ of }) => ({ writes: [`shard/${String(of).slice(0, 2)}`] })],
      [["a", "b"], ({ of }) => ({ writes: [...(of as string[])].map((id) => ["customer", id]) })],
      [1, ({ of, tenant }) => ({ writes: [`${tenant}/${String(of)}`] })],
    ];
    for (const [value, of] of effects) {
      const validate = (input: object) => ({ value: { tenant: "main", ...input } });
      const executor = createExecutor({
        references: true,
        tools: [
          defineTool({
            name: "act",
            description: "acts",
            input: { "~standard": { version: 1, vendor: "test", validate } } as never,
            inputJsonSchema: anything,
            effects: of as never,
            execute: () => value,
          }),
        ],
      });
      const call = (input: object) => ({ name: "act", input });
      const [, second] = await executor.run([call({ of: value }), call({ of: "$1" })]);
      assert.equal(second?.status, "ok", second?.error?.message);
    }
  });

  test("G3: that leads elsewhere than could be told fails the call, which never runs", async () => {
    const { executor, started } = setUp("template");
    const [, second] = await executor.run([
      say("../b"),
      { name: "hold", input: { name: "x", writes: ["a/$1/c"] } },
    ]);
    assert.equal(errorOf(second).code, "invalid-effects");
    assert.match(errorOf(second).message, /it writes b\/c, which could not be told before/);
    assert.deepEqual(started, []);
  });

  test("is known of one whose outcome is: a write behind a failed one is skipped", async () => {
    const { executor, gate } = setUp();
    for (const name of ["w", "again"]) gate(name).resolve();
    const calls = [
      say("x"),
      { name: "hold", input: { name: "w", writes: ["$1"], fail: "no luck" } },
      { name: "hold", input: { name: "again", writes: ["x"] } },
    ];
    const [found, failed] = await executor.run(calls);
    const known = [{ ...calls[0]!, outcome: found! }, { ...calls[1]!, outcome: failed! }, calls[2]!];
    assert.equal(errorOf((await executor.run(known))[2]).code, "dependency-failed");
  });

  test("G5: is narrowed as soon as it is known", async () => {
    const { executor, gate, started } = setUp();
    const hold = (input: object) => ({ name: "hold", input });
    const running = executor.run([
      hold({ name: "a", value: "x" }),
      hold({ name: "b", writes: ["$1"] }),
      hold({ name: "c", writes: ["y"] }),
      hold({ name: "d", writes: ["x"] }),
    ]);
    await settle();
    assert.deepEqual(started, ["a"]);
    gate("a").resolve();
    await settle();
    assert.deepEqual(started, ["a", "b", "c"]);
    for (const name of ["b", "c", "d"]) gate(name).resolve();
    assert.equal(
      (await running).every(({ status }) => status === "ok"),
      true,
    );
  });
});

test("G4: a call whose input is made whole counts against the pools of its tool", async () => {
  const stage = new Stage();
  const pooled = stage.tool("pooled", { effects: "none", pools: ["p"] });
  const executor = stage.executor({
    tools: [stage.tool("touch"), pooled],
    pools: { p: { concurrency: 1 } },
    references: true,
  });
  const of = (as: string) => ({ name: "pooled", input: { as, value: "$1" } });
  const running = executor.run([touch("first"), of("second"), of("third")]);
  await stage.settle();
  await stage.finish("first");
  assert.deepEqual(stage.started, ["first", "second"]);
  await stage.finish("second");
  await stage.finish("third");
  await running;
});

test("the time for the check of an input that was made whole is over with the check", async () => {
  const stage = new Stage();
  const input = schemaOf(async (value) => {
    await stage.clock.sleep(5);
    return { value };
  });
  const checked = stage.tool("checked", { input, effects: "none", timeoutMs: 10 });
  const executor = stage.executor({ tools: [stage.tool("touch"), checked], references: true });
  const running = executor.run([touch("first"), { name: "checked", input: { as: "checked", value: "$1" } }]);
  await stage.settle();
  await stage.finish("first");
  await stage.clock.advance(5);
  assert.deepEqual(stage.waits("checked"), [{ for: "validation", ms: 5 }]);
  await stage.clock.advance(9);
  await stage.finish("checked");
  assert.deepEqual(brief(await running), ["first done", "checked done"]);
});

test("what refers to a failed call is skipped whatever its tool says; what a plan has come after it, runs if it says so", async () => {
  const stage = new Stage();
  const tools = [planTool(), stage.tool("touch"), stage.tool("anyway", { onDependencyFailure: "run" })];
  const executor = stage.executor({ tools });
  const calls = [
    { id: "first", tool: "touch", input: { as: "first" } },
    { id: "refers", tool: "anyway", input: { as: "refers", of: "$first" } },
    { id: "after", tool: "anyway", input: { as: "after" }, after: ["first"] },
    { id: "both", tool: "anyway", input: { as: "both", of: "$other" }, after: ["first"] },
    { id: "other", tool: "touch", input: { as: "other" } },
  ];
  const running = executor.run([{ name: "plan", input: { calls } }]);
  await stage.settle();
  await stage.fail("first");
  assert.deepEqual(stage.started, ["first", "other", "after"]);
  await stage.finish("other");
  for (const label of ["after", "both"]) await stage.finish(label);
  const [outcome] = await running;
  assert.ok(outcome?.status === "ok");
  assert.deepEqual(
    (outcome.output as { status: string }[]).map(({ status }) => status),
    ["failed", "skipped", "ok", "ok", "ok"],
  );
});
