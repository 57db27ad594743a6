import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { CallRequest, Outcome, ToolContext } from "../../src/index.ts";
import { brief, errorOf, Stage, touch, type Part } from "../support/stage.ts";

interface Outer extends Part {
  readonly calls: readonly CallRequest[];
  /** Does not wait for the calls inside. */
  readonly forgets?: true;
}

/** A stage with `outer`, which runs the calls in its input, and answers with their outcomes in short. */
function nested(options: { concurrency?: number; deaf?: boolean; graceMs?: number } = {}) {
  const stage = new Stage();
  const inside: Outcome[][] = [];
  const contexts: ToolContext[] = [];
  const outer = stage.tool("outer", {
    execute: async (input, context) => {
      contexts.push(context);
      const { calls, forgets } = input as unknown as Outer;
      const running = context.run(calls).then((outcomes) => void inside.push(outcomes));
      if (forgets === true) {
        running.catch(() => {});
        await setImmediate();
        return "forgot";
      }
      await running;
      return brief(inside.at(-1) as Outcome[]);
    },
  });
  const { concurrency = 10, graceMs = 1_000 } = options;
  const executor = stage.executor({ tools: [outer, stage.tool("touch")], concurrency, graceMs });
  return { stage, executor, inside, contexts };
}

function around(calls: readonly CallRequest[], part: Omit<Outer, "calls"> = {}): CallRequest {
  return { name: "outer", input: { as: "outer", ...part, calls } };
}

test("G4: calls inside a call run on its slot: no deadlock at limit 1, however deep (case 29)", async () => {
  const { stage, executor } = nested({ concurrency: 1 });
  const running = executor.run([
    around([around([touch("deep 1"), touch("deep 2")]), touch("beside")]),
    touch("after"),
  ]);
  await stage.settle();
  for (const label of ["deep 1", "deep 2", "beside", "after"]) {
    assert.equal(stage.started.at(-1), label);
    await stage.finish(label);
  }
  assert.deepEqual(brief(await running), [[["deep 1 done", "deep 2 done"], "beside done"], "after done"]);
});

test("G4: what the lent slot cannot hold takes slots of the executor, and no more than there are", async () => {
  const { stage, executor } = nested({ concurrency: 3 });
  const runs = [
    executor.run([around(["1", "2", "3", "4"].map((label) => touch(label)))]),
    executor.run([touch("other")]),
  ];
  await stage.settle();
  assert.equal(stage.started.length, 3);
  for (let i = 0; i < stage.started.length; i++) {
    assert.ok(stage.started.length - i <= 3);
    await stage.finish(stage.started[i] as string);
  }
  assert.equal(stage.started.length, 5);
  await Promise.all(runs);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("G4: the slots of a tool and of a pool are lent too (case 29)", async () => {
  const stage = new Stage();
  const again = stage.tool("again", {
    effects: "none",
    concurrency: 1,
    pools: ["db"],
    execute: async ({ depth }, context) => {
      if (depth === 0) return "bottom";
      const [outcome] = await context.run([{ name: "again", input: { depth: (depth as number) - 1 } }]);
      return outcome?.output;
    },
  });
  const executor = stage.executor({ tools: [again], pools: { db: { concurrency: 1 } } });
  const running = executor.run([0, 3, 5].map((depth) => ({ name: "again", input: { depth } })));
  await stage.settle();
  assert.deepEqual(brief(await running), ["bottom", "bottom", "bottom"]);
});

test("G3: a call lends its locks: calls inside touch what it writes, calls outside wait for both", async () => {
  const { stage, executor } = nested();
  const running = executor.run([
    around(
      [
        touch("in 1", { writes: ["a/b"] }),
        touch("in 2", { reads: ["a/b"] }),
        touch("in 3", { writes: ["a/c"] }),
      ],
      {
        writes: ["a"],
      },
    ),
    touch("outside", { reads: ["a/b"] }),
  ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["in 1", "in 3"]);
  await stage.finish("in 1");
  assert.deepEqual(stage.started, ["in 1", "in 3", "in 2"]);
  await stage.finish("in 2");
  await stage.finish("in 3");
  assert.deepEqual(stage.started, ["in 1", "in 3", "in 2", "outside"]);
  await stage.finish("outside");
  assert.deepEqual(brief(await running), [["in 1 done", "in 2 done", "in 3 done"], "outside done"]);
});

test("a call inside that touches more than its call declares fails, and never runs", async () => {
  const { stage, executor, inside } = nested();
  const running = executor.run([
    around(
      [
        touch("covered", { reads: ["r/x", "w"], writes: ["w/y"] }),
        touch("writes a read", { writes: ["r"] }),
        touch("reads beyond", { reads: ["other"] }),
        touch("writes above", { writes: [""] }),
        { name: "nobody" },
      ],
      { reads: ["r"], writes: ["w"] },
    ),
  ]);
  await stage.settle();
  await stage.finish("covered");
  await running;
  assert.deepEqual(stage.started, ["covered"]);
  const [outcomes] = inside;
  assert.deepEqual(brief(outcomes ?? []), [
    "covered done",
    "invalid-effects",
    "invalid-effects",
    "invalid-effects",
    "unknown-tool",
  ]);
  assert.equal(
    errorOf(outcomes?.[1]).message,
    "not executed: it writes r, which the effects of `outer`, inside which it runs, do not cover",
  );
  assert.match(errorOf(outcomes?.[2]).message, /it reads other, /);
  assert.match(errorOf(outcomes?.[3]).message, /it writes \(everything\), /);
});

test("G1: calls inside are answered by the same rules: in order, failures as values", async () => {
  const { stage, executor } = nested();
  const running = executor.run([
    around([touch("fails"), { name: "touch", inputText: "{" }, touch("ok")]),
    touch("sibling"),
  ]);
  await stage.settle();
  await stage.fail("fails");
  for (const label of ["ok", "sibling"]) await stage.finish(label);
  assert.deepEqual(brief(await running), [["tool-error", "invalid-json", "ok done"], "sibling done"]);
});

test("calls inside never outlive their call: those it does not wait for are cancelled and awaited", async () => {
  const { stage, executor, inside } = nested({ concurrency: 2, graceMs: 10 });
  const running = executor.run([
    around(
      ["1", "2", "3"].map((label) => touch(label, { obeys: true })),
      { forgets: true },
    ),
  ]);
  await stage.settle();
  assert.deepEqual(brief(await running), ["forgot"]);
  assert.deepEqual(inside.map(brief), [["cancelled", "cancelled", "cancelled"]]);
  assert.deepEqual(stage.heard("call.settled").at(-1), "outer");
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("G3: a call ends only when a deaf call inside it has really stopped", async () => {
  const { stage, executor } = nested({ graceMs: 10 });
  const running = executor.run([
    around([touch("deaf", { writes: ["a"] })], { writes: ["a"], forgets: true }),
    touch("next", { reads: ["a"] }),
  ]);
  await stage.clock.advance(50);
  assert.deepEqual(stage.started, ["deaf"]);
  await stage.finish("deaf");
  assert.deepEqual(stage.started, ["deaf", "next"]);
  await stage.finish("next");
  assert.deepEqual(brief(await running), ["forgot", "next done"]);
});

test("G6: an abort reaches the calls inside at once, queued ones settle, and the cause is the same", async () => {
  const { stage, executor, inside } = nested({ concurrency: 1 });
  const user = new AbortController();
  const running = executor.run([around([touch("runs", { obeys: true }), touch("waits")])], {
    signal: user.signal,
  });
  await stage.settle();
  user.abort("enough");
  await stage.settle();
  assert.deepEqual(brief(await running), ["cancelled"]);
  const [outcomes] = inside;
  assert.deepEqual(
    outcomes?.map((outcome) => [outcome.attempts, (errorOf(outcome).cause as { by: string }).by]),
    [
      [1, "user"],
      [0, "user"],
    ],
  );
});

test("a call that was told to stop can start nothing more inside it", async () => {
  const stage = new Stage();
  const user = new AbortController();
  let inside: Outcome[] = [];
  const outer = stage.tool("outer", {
    effects: "none",
    execute: async (_, context) => {
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve, { once: true }));
      inside = await context.run([touch("too late")]);
    },
  });
  const running = stage
    .executor({ tools: [outer, stage.tool("touch")] })
    .run([{ name: "outer" }], { signal: user.signal });
  await stage.settle();
  user.abort();
  await stage.settle();
  await running;
  assert.deepEqual(brief(inside), ["cancelled"]);
  assert.deepEqual(stage.started, []);
});

test("a call that has ended can run nothing: `run` rejects", async () => {
  const { stage, executor, contexts } = nested();
  await executor.run([around([])]);
  await assert.rejects((contexts[0] as ToolContext).run([touch("late")]), {
    name: "TuttiError",
    code: "batch-closed",
  });
  assert.deepEqual(stage.started, []);
});

test("G10: `run` that is given no calls rejects, and leaves no batch behind", async () => {
  const stage = new Stage();
  const wrong = [undefined, null, 5, "touch", [null], [touch("1"), 7]] as unknown as CallRequest[][];
  const seen: unknown[] = [];
  const outer = stage.tool("outer", {
    effects: "none",
    execute: async (_, context) => {
      for (const calls of wrong) await context.run(calls).catch((error: unknown) => seen.push(error));
    },
  });
  const executor = stage.executor({ tools: [outer, stage.tool("touch")] });
  await executor.run([{ name: "outer" }]);
  assert.deepEqual(
    seen.map((error) => (error as Error).name),
    wrong.map(() => "TypeError"),
  );
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("G4: a call whose `run` was refused lends nothing: it runs", async () => {
  const stage = new Stage();
  const outer = stage.tool("outer", {
    effects: "none",
    pools: ["p"],
    execute: async (_, context) => {
      await assert.rejects(context.run(undefined as never));
      return stage.enter({ as: "outer" }, context);
    },
  });
  const other = stage.tool("other", {
    effects: "none",
    execute: (_, context) => context.run([{ name: "in-p", input: { as: "inner" } }]),
  });
  const inP = stage.tool("in-p", { effects: "none", pools: ["p"] });
  const executor = stage.executor({ tools: [outer, other, inP], pools: { p: { concurrency: 1 } } });
  const running = executor.run([{ name: "outer" }, { name: "other" }]);
  await stage.settle();
  assert.deepEqual(stage.started, ["outer"]);
  await stage.finish("outer");
  assert.deepEqual(stage.started, ["outer", "inner"]);
  await stage.finish("inner");
  await running;
});

test("G6: an abort that a call inside makes as it starts reaches it and those beside it", async () => {
  const stage = new Stage();
  const user = new AbortController();
  const outer = stage.tool("outer", {
    effects: "none",
    execute: async (_, context) => {
      await Promise.resolve();
      return context.run([{ name: "aborts" }, { name: "touch", input: { as: "beside", obeys: true } }]);
    },
  });
  const aborts = stage.tool("aborts", {
    effects: "none",
    execute: (_, context) => {
      const end = stage.enter({ as: "aborts", obeys: true }, context);
      user.abort();
      return end;
    },
  });
  const executor = stage.executor({ tools: [outer, aborts, stage.tool("touch")] });
  const running = executor.run([{ name: "outer" }], { signal: user.signal });
  await stage.settle();
  assert.deepEqual(brief(await running), ["cancelled"]);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("events of calls inside tell the call around them, and reach the batch's own listener", async () => {
  const { stage, executor } = nested();
  const own: string[] = [];
  const running = executor.run([around([touch("in")])], {
    onEvent: (event) => own.push(event.type === "batch.opened" ? `opened in ${event.parent}` : event.type),
  });
  await stage.settle();
  await stage.finish("in");
  await running;
  await stage.settle();
  assert.deepEqual(own, [
    "opened in undefined",
    "call.queued",
    "call.started",
    "opened in b1.1",
    "call.queued",
    "call.started",
    "call.settled",
    "batch.closed",
    "call.settled",
    "batch.closed",
  ]);
});
