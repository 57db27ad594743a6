import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import type { BatchRunOptions, CallRequest, Executor } from "../../src/index.ts";
import { Stage, touch } from "../support/stage.ts";

/** What a tracer does: the current span is in the asynchronous context, and a new one nests under it. */
class Spans {
  readonly #current = new AsyncLocalStorage<string>();
  /** Each span under its parent. */
  readonly parents = new Map<string, string | undefined>();

  get current(): string | undefined {
    return this.#current.getStore();
  }

  run<Value>(name: string, inside: () => Value): Value {
    this.parents.set(name, this.current);
    return this.#current.run(name, inside);
  }
}

function traced() {
  const stage = new Stage();
  const spans = new Spans();
  const ends = stage.tool("touch");
  const tool = stage.tool("touch", {
    execute: (input, context) =>
      spans.run(input["as"] as string, async () => {
        const value = await ends.execute(input as never, context);
        spans.run(`end of ${String(input["as"])}`, () => {});
        return value;
      }),
  });
  const outer = stage.tool("outer", {
    execute: (input, context) =>
      spans.run(input["as"] as string, () => context.run(input["calls"] as CallRequest[])),
  });
  return { stage, spans, tools: [tool, outer] };
}

function turn(spans: Spans, name: string, start: () => ReturnType<Executor["run"]>) {
  return spans.run(name, start);
}

test("spans of calls are siblings under the turn, and what a tool opens nests under it (case 82)", async () => {
  const { stage, spans, tools } = traced();
  const executor = stage.executor({ tools });
  const running = turn(spans, "turn", () =>
    executor.run([touch("1"), touch("2"), { name: "nobody" }, touch("3")]),
  );
  await stage.settle();
  for (const label of ["2", "3", "1"]) await stage.finish(label);
  await running;
  assert.deepEqual(Object.fromEntries(spans.parents), {
    turn: undefined,
    1: "turn",
    2: "turn",
    3: "turn",
    "end of 1": "1",
    "end of 2": "2",
    "end of 3": "3",
  });
});

test("a call that is started by the end of another conversation's call stays under its own turn (case 82)", async () => {
  for (const limits of [{ concurrency: 1 }, { concurrency: 9 }]) {
    const { stage, spans, tools } = traced();
    const executor = stage.executor({ tools, ...limits });
    const writes = ["a"];
    const runs = [
      turn(spans, "mine", () => executor.run([touch("1", { writes })])),
      turn(spans, "theirs", () => executor.run([touch("2", { writes }), touch("3", { writes })])),
    ];
    await stage.settle();
    for (const label of ["1", "2", "3"]) await stage.finish(label);
    await Promise.all(runs);
    const parents = ["1", "2", "3"].map((label) => spans.parents.get(label));
    assert.deepEqual(parents, ["mine", "theirs", "theirs"]);
  }
});

test("a call that a timer, an abort or a grace sets going stays under its own turn (case 82)", async () => {
  const { stage, spans, tools } = traced();
  const executor = stage.executor({ tools, concurrency: 1, graceMs: 5, timeoutMs: 20 });
  const user = new AbortController();
  const options: BatchRunOptions = { signal: user.signal };
  const runs = [
    turn(spans, "1st", () => executor.run([touch("aborted")], options)),
    turn(spans, "2nd", () => executor.run([touch("deaf")])),
    turn(spans, "3rd", () => executor.run([touch("last")])),
  ];
  await stage.settle();
  spans.run("elsewhere", () => user.abort());
  await stage.clock.advance(5);
  await stage.clock.advance(25);
  await stage.finish("last");
  await Promise.all(runs);
  const parents = ["aborted", "deaf", "last"].map((label) => spans.parents.get(label));
  assert.deepEqual(parents, ["1st", "2nd", "3rd"]);
});

test("calls inside a call nest under it, those that wait for slots as well (case 82)", async () => {
  const { stage, spans, tools } = traced();
  const executor = stage.executor({ tools, concurrency: 1 });
  const running = turn(spans, "turn", () =>
    executor.run([
      { name: "outer", input: { as: "outer", calls: [touch("in 1"), touch("in 2")] } },
      touch("next"),
    ]),
  );
  await stage.settle();
  for (const label of ["in 1", "in 2", "next"]) await stage.finish(label);
  await running;
  const parents = ["outer", "in 1", "in 2", "next"].map((label) => spans.parents.get(label));
  assert.deepEqual(parents, ["turn", "outer", "outer", "turn"]);
});

test("calls of an open batch belong to where they are added or to where it was opened, never to a stranger", async () => {
  const { stage, spans, tools } = traced();
  const executor = stage.executor({ tools, concurrency: 1 });
  const other = turn(spans, "stranger", () => executor.run([touch("stranger's")]));
  const batch = spans.run("turn", () => executor.open());
  spans.run("turn", () => batch.add(touch("1")));
  const closing = spans.run("turn", () => batch.close());
  await stage.settle();
  for (const label of ["stranger's", "1"]) await stage.finish(label);
  await Promise.all([other, closing]);
  assert.equal(spans.parents.get("1"), "turn");
});
