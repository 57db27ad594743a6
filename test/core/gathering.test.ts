import assert from "node:assert/strict";
import { test } from "node:test";
import { createExecutor, defineTool, toolError, type GatherContext, type Tool } from "../../src/index.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { brief, errorOf, Stage } from "../support/stage.ts";

interface Visit {
  readonly ids: readonly string[];
  readonly context: GatherContext;
  resolve(results: readonly unknown[]): void;
  reject(reason: unknown): void;
}

/** A tool that gathers, and what it was called with. */
function gatherer(options: object = {}, maxSize = 10): { tool: Tool; visits: Visit[] } {
  const visits: Visit[] = [];
  const tool = defineTool({
    name: "get",
    description: "Gets",
    input: { type: "object" },
    effects: ({ id, write }) => (write === true ? { writes: [String(id)] } : { reads: [String(id)] }),
    gather: {
      maxSize,
      execute: (inputs, context) => {
        const end = deferred<readonly unknown[]>();
        visits.push({
          ids: inputs.map(({ id }) => String(id)),
          context,
          resolve: (results) => end.resolve(results),
          reject: (reason) => end.reject(reason),
        });
        return end.promise;
      },
    },
    ...options,
  }) as Tool;
  return { tool, visits };
}

const get = (id: string, more: object = {}) => ({ id, name: "get", input: { id, ...more } });

test("calls of one tool that wait at the same moment become one call of the back-end", async () => {
  const { tool, visits } = gatherer();
  const executor = createExecutor({ tools: [tool], clock: new VirtualClock() });
  const running = executor.run(["a", "b", "c"].map((id) => get(id)));
  assert.deepEqual(
    visits.map(({ ids }) => ids),
    [["a", "b", "c"]],
  );
  assert.equal(executor.stats.running, 1, "they take one slot");
  visits[0]?.resolve([1, 2, 3]);
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), [1, 2, 3]);
  assert.deepEqual(
    outcomes.map(({ attempts }) => attempts),
    [1, 1, 1],
  );
  assert.equal(executor.stats.running, 0);
});

test("an Error in place of a result fails that call alone (G2); what is thrown fails them all", async () => {
  const { tool, visits } = gatherer();
  const executor = createExecutor({ tools: [tool], clock: new VirtualClock() });
  const first = executor.run([get("a"), get("b")]);
  visits[0]?.resolve([new Error("no a"), "b"]);
  assert.deepEqual(
    (await first).map(({ error, output }) => error?.message ?? output),
    ["no a", "b"],
  );
  const second = executor.run([get("a"), get("b")]);
  visits[1]?.reject(new Error("down"));
  assert.deepEqual(
    (await second).map(({ error }) => error?.message),
    ["down", "down"],
  );
});

test("G1: a wrong number of results fails every call in words", async () => {
  for (const results of [[1], "none"]) {
    const { tool, visits } = gatherer();
    const running = createExecutor({ tools: [tool], clock: new VirtualClock() }).run([get("a"), get("b")]);
    visits[0]?.resolve(results as unknown[]);
    const came = Array.isArray(results) ? "1 results" : "no array";
    for (const outcome of await running)
      assert.equal(errorOf(outcome).message, `\`gather.execute\` was given 2 inputs, and returned ${came}`);
  }
});

test("no more than `maxSize` go together, and none waits for others to come", async () => {
  const { tool, visits } = gatherer({}, 2);
  const executor = createExecutor({ tools: [tool], clock: new VirtualClock() });
  const running = executor.run(["a", "b", "c"].map((id) => get(id)));
  assert.deepEqual(
    visits.map(({ ids }) => ids),
    [["a", "b"], ["c"]],
  );
  visits[0]?.resolve([1, 2]);
  visits[1]?.resolve([3]);
  assert.deepEqual(brief(await running), [1, 2, 3]);
});

test("G3: calls in conflict do not go together", async () => {
  const { tool, visits } = gatherer();
  const executor = createExecutor({ tools: [tool], clock: new VirtualClock() });
  const running = executor.run([get("a"), get("b", { write: true }), get("b"), get("c")]);
  assert.deepEqual(
    visits.map(({ ids }) => ids),
    [["a", "b", "c"]],
  );
  visits[0]?.resolve([1, 2, 4]);
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(visits[1]?.ids, ["b"]);
  visits[1]?.resolve([3]);
  assert.deepEqual(brief(await running), [1, 2, 3, 4]);
});

test("behind a full limit the calls of all conversations that wait go together", async () => {
  const stage = new Stage();
  const { tool, visits } = gatherer();
  const executor = stage.executor({ tools: [tool, stage.tool("touch")], concurrency: 1 + 1 });
  const busy = executor.run([{ name: "touch" }, { name: "touch" }]);
  const one = executor.run([get("a"), get("b")]);
  await stage.settle();
  assert.equal(visits.length, 0);
  await stage.finish("touch");
  assert.deepEqual(
    visits.map(({ ids }) => ids),
    [["a", "b"]],
  );
  visits[0]?.resolve(["A", "B"]);
  stage.finishAll();
  await Promise.all([busy, one]);
});

test("G6: one of them is stopped alone; the others go on, and the signal aborts when none is wanted", async () => {
  const stage = new Stage();
  const { tool, visits } = gatherer();
  const executor = stage.executor({ tools: [tool], graceMs: 10 });
  const controller = new AbortController();
  const running = executor.run([get("a"), get("b")], { signal: controller.signal });
  await stage.settle();
  const signal = visits[0]?.context.signal;
  assert.equal(signal?.aborted, false);
  controller.abort();
  assert.equal(signal?.aborted, true);
  await stage.clock.advance(10);
  assert.deepEqual(brief(await running), ["cancelled", "cancelled"]);
  assert.deepEqual([executor.stats.running, executor.stats.abandoned], [0, 2]);
  visits[0]?.resolve([1, 2]);
  await stage.settle();
  assert.equal(executor.stats.abandoned, 0);
  assert.equal(stage.clock.pending, 0);
});

test("each call has its own key for the back-end, and those that are refused are tried again", async () => {
  const stage = new Stage();
  const { tool, visits } = gatherer({ retry: true });
  const executor = stage.executor({ tools: [tool], random: () => 0.5 });
  const running = executor.run([get("a"), get("b"), get("c")]);
  await stage.settle();
  assert.deepEqual(visits[0]?.context.idempotencyKeys, ["get:a", "get:b", "get:c"]);
  assert.deepEqual(
    visits[0]?.context.calls.map(({ id }) => id),
    ["a", "b", "c"],
  );
  const refusal = () => toolError({ message: "busy", cause: { status: 429 } });
  visits[0]?.resolve([refusal(), 2, refusal()]);
  await stage.clock.advance(100);
  assert.deepEqual(
    visits.slice(1).map(({ ids }) => ids),
    [["a"], ["c"]],
  );
  visits[1]?.resolve([1]);
  visits[2]?.resolve([3]);
  assert.deepEqual(
    (await running).map(({ output, attempts }) => [output, attempts]),
    [
      [1, 2],
      [2, 1],
      [3, 2],
    ],
  );
});

test("a tool that gathers needs no `execute`, and cannot have one, nor a hedge", () => {
  const execute = () => [];
  const make = (more: object) => () =>
    defineTool({ name: "t", description: "t", input: { type: "object" }, effects: "read", ...more } as never);
  assert.throws(
    make({ gather: { maxSize: 2, execute }, execute }),
    /`t` has both `execute` and `gather`; it needs one/,
  );
  assert.throws(
    make({ gather: { maxSize: 0, execute } }),
    /`gather.maxSize` must be a positive integer, got 0/,
  );
  assert.throws(
    make({ gather: { maxSize: 2 } }),
    /`gather.execute` of `t` must be a function, got undefined/,
  );
  assert.throws(
    make({ gather: { maxSize: 2, execute }, idempotent: true, hedge: { afterMs: 1 } }),
    /`t` cannot have both `hedge` and `gather`/,
  );
});
