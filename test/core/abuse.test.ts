import assert from "node:assert/strict";
import { test } from "node:test";
import { toolError, type Batch, type Executor, type Outcome } from "../../src/index.ts";
import { brief, schemaOf, Stage, touch } from "../support/stage.ts";

const NOTHING_LEFT = { running: 0, abandoned: 0, batches: 0, pools: {} };

test("a tool may call back into the executor before its first await: run, open, shut down", async () => {
  const stage = new Stage();
  const inner: Promise<Outcome[]>[] = [];
  const back = stage.tool("back", {
    effects: "none",
    execute: ({ what }) => {
      if (what === "run") inner.push(executor.run([touch("by run", { writes: ["a"] }), { name: "nobody" }]));
      if (what === "open") {
        const batch = executor.open();
        batch.add(touch("by open", { writes: ["a"] }));
        inner.push(batch.close());
      }
      return what;
    },
  });
  const executor: Executor = stage.executor({ tools: [back, stage.tool("touch")], concurrency: 2 });
  const running = executor.run([
    { name: "back", input: { what: "run" } },
    touch("sibling", { writes: ["a"] }),
    { name: "back", input: { what: "open" } },
  ]);
  await stage.settle();
  for (const label of ["sibling", "by run", "by open"]) await stage.finish(label);
  assert.deepEqual(brief(await running), ["run", "sibling done", "open"]);
  assert.deepEqual((await Promise.all(inner)).map(brief), [
    ["by run done", "unknown-tool"],
    ["by open done"],
  ]);
  assert.deepEqual(executor.stats, NOTHING_LEFT);
});

test("G1: a tool may abort its own batch, shut its executor down, or add to its batch, before its first await", async () => {
  const gone = ["cancelled", "cancelled", "cancelled"];
  const acts: Readonly<
    Record<
      string,
      readonly [(on: { user: AbortController; executor: Executor; batch: Batch }) => unknown, unknown[]]
    >
  > = {
    abort: [({ user }) => user.abort(), gone],
    "shut down": [({ executor }) => executor.shutdown(), gone],
    discard: [({ batch }) => batch.discard().catch(() => {}), ["before done", "discard", "after done"]],
    add: [({ batch }) => batch.add(touch("added")), ["before done", "add", "after done"]],
  };
  for (const [act, [does, expected]] of Object.entries(acts)) {
    const stage = new Stage();
    const user = new AbortController();
    const wild = stage.tool("wild", {
      effects: "none",
      execute: () => {
        Promise.resolve(does({ user, executor, batch })).catch(() => {});
        return act;
      },
    });
    const executor: Executor = stage.executor({ tools: [wild, stage.tool("touch")], graceMs: 5 });
    const batch = executor.open({ signal: user.signal, eager: act === "add" ? "all" : "off" });
    for (const call of [touch("before", { obeys: true }), { name: "wild" }, touch("after")]) batch.add(call);
    const closing = batch.close();
    await stage.settle();
    if (expected !== gone) for (const label of ["after", "before"]) await stage.finish(label);
    if (act === "add") await stage.finish("added");
    await stage.clock.runAll();
    // What a tool adds while the turn is still being handed in stands behind its own call.
    const outcomes = (await closing).filter(({ output }) => output !== "added done");
    assert.deepEqual(brief(outcomes), expected, act);
    assert.deepEqual(executor.stats, NOTHING_LEFT, act);
  }
});

test("an abort listener of a tool may call back in: nothing is half done, and all is answered (G1)", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const inner: Promise<Outcome[]>[] = [];
  const wild = stage.tool("wild", {
    effects: "none",
    execute: (_, context) =>
      new Promise((_, reject) => {
        context.signal.addEventListener("abort", () => {
          inner.push(executor.run([touch("new")]), context.run([touch("inside")]));
          user.abort();
          batch.close().catch(() => {});
          reject(context.signal.reason);
        });
      }),
  });
  const executor: Executor = stage.executor({ tools: [wild, stage.tool("touch")], concurrency: 1 });
  const batch = executor.open({ signal: user.signal });
  for (const call of [{ name: "wild" }, touch("queued"), touch("held", { writes: ["a"] })]) batch.add(call);
  await stage.settle();
  user.abort();
  await stage.settle();
  await stage.finish("new");
  assert.deepEqual(brief(await batch.close()), ["cancelled", "cancelled", "cancelled"]);
  assert.deepEqual((await Promise.all(inner)).map(brief), [["new done"], ["cancelled"]]);
  assert.deepEqual(executor.stats, NOTHING_LEFT);
});

test("G1: thenables that throw, settle twice or never, and odd values, are outcomes like any other", async () => {
  const hostile = {
    // eslint-disable-next-line unicorn/no-thenable
    get then(): never {
      throw new Error("the getter failed");
    },
  };
  /* eslint-disable unicorn/no-thenable */
  const values: ReadonlyArray<readonly [() => unknown, unknown]> = [
    [() => hostile, "tool-error"],
    [
      () => ({
        then: () => {
          throw new Error("then failed");
        },
      }),
      "tool-error",
    ],
    [
      () => ({
        then: (resolve: (v: string) => void, reject: (e: Error) => void) => {
          resolve("first");
          reject(new Error("second"));
          resolve("third");
        },
      }),
      "first",
    ],
    [
      () => ({
        then: (resolve: (v: string) => void) => {
          resolve("kept");
          throw new Error("dropped");
        },
      }),
      "kept",
    ],
    [() => ({ then: 7 }), undefined],
    [() => ({ then: () => {} }), "timeout"],
    [
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("trap");
            },
          },
        ),
      "tool-error",
    ],
    [() => Promise.reject(Object.create(null) as Error), "tool-error"],
  ];
  /* eslint-enable unicorn/no-thenable */
  const stage = new Stage();
  const tool = stage.tool("odd", { effects: "none", execute: ({ i }) => values[i as number]?.[0]() });
  const running = stage
    .executor({ tools: [tool], timeoutMs: 10, graceMs: 5 })
    .run(values.map((_, i) => ({ name: "odd", input: { i } })));
  await stage.clock.runAll();
  const outcomes = await running;
  for (const [i, [, expected]] of values.entries()) {
    if (expected !== undefined) assert.equal(brief(outcomes)[i], expected, `value ${i}`);
    else assert.equal(outcomes[i]?.status, "ok");
  }
});

test("G1: a tool may return its context, its input or the outcome of another call", async () => {
  const stage = new Stage();
  const tool = stage.tool("odd", {
    effects: "none",
    execute: async (input, context) => {
      if (input["what"] === "context") return context;
      if (input["what"] === "input") return input;
      return context.run([{ name: "odd", input: { what: "input" } }]);
    },
  });
  const calls = ["context", "input", "outcomes"].map((what) => ({ name: "odd", input: { what } }));
  const outcomes = await stage.executor({ tools: [tool] }).run(calls);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["ok", "ok", "ok"],
  );
});

test("synchronous tools run like others: each in its turn, within the limits", async () => {
  const stage = new Stage();
  const log: unknown[] = [];
  const sync = stage.tool("sync", { execute: ({ n }) => log.push(n) });
  const outcomes = await stage
    .executor({ tools: [sync], concurrency: 2 })
    .run(Array.from({ length: 100 }, (_, n) => ({ name: "sync", input: { n, writes: [String(n % 7)] } })));
  assert.deepEqual(log.length, 100);
  for (let key = 0; key < 7; key++) {
    const mine = log.filter((n) => (n as number) % 7 === key);
    assert.deepEqual(
      mine,
      mine.toSorted((a, b) => (a as number) - (b as number)),
    );
  }
  assert.ok(outcomes.every(({ status }) => status === "ok"));
});

test("G1: inputs that are frozen, inherited or without a prototype do no harm", async () => {
  const stage = new Stage();
  const odd = [
    Object.freeze({ as: "frozen" }),
    Object.assign(Object.create(null) as object, { as: "bare" }),
    JSON.parse('{"as":"proto","__proto__":{"writes":["a"]}}') as unknown,
    { as: "keys", constructor: 1, toString: 2 },
  ];
  const running = stage.executor().run(odd.map((input) => ({ name: "touch", input })));
  await stage.settle();
  for (const label of ["frozen", "bare", "proto", "keys"]) await stage.finish(label);
  assert.deepEqual(brief(await running), ["frozen done", "bare done", "proto done", "keys done"]);
});

test("G1: a tool's effects, pools, schema or need for approval may stop the batch that they are asked for", async () => {
  const stops = (user: AbortController) => ({
    effects: () => (user.abort(), {}),
    pools: () => (user.abort(), []),
    needsApproval: () => (user.abort(), true),
    input: schemaOf((value) => (user.abort(), { value })),
  });
  for (const hook of ["effects", "pools", "needsApproval", "input"] as const) {
    const stage = new Stage();
    const user = new AbortController();
    const tool = stage.tool("touch", { [hook]: stops(user)[hook] });
    const executor = stage.executor({ tools: [tool], approve: () => "allow" });
    const outcomes = await executor.run([touch("a"), touch("b")], { signal: user.signal });
    assert.deepEqual(brief(outcomes), ["cancelled", "cancelled"], hook);
    assert.deepEqual(executor.stats, NOTHING_LEFT);
  }
});

test("G1: a `random` that throws fails no call", async () => {
  const stage = new Stage();
  const random = () => {
    throw new Error("no luck");
  };
  const tools = [stage.tool("touch", { idempotent: true, retry: true })];
  const running = stage.executor({ tools, random }).run([touch("a")]);
  await stage.fail("a", toolError({ message: "down", cause: { status: 503 } }));
  await stage.clock.advance(200);
  await stage.finishLast("a");
  assert.deepEqual(brief(await running), ["a done"]);
});
